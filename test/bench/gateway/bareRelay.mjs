// What node:http and undici cost alone: a relay without features. Usage: bareRelay.mjs UPSTREAM   Prints its port.
import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Pool } from 'undici';

const upstream = new Pool(process.argv[2], { connections: null });
const keptBack = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

const server = http.createServer(async (request, response) => {
  const body = await buffer(request);
  upstream.dispatch(
    { method: request.method, path: request.url, headers: withoutHops(request.rawHeaders), body },
    {
      onRequestStart() {},
      onResponseStart: ({ rawHeaders }, status) => response.writeHead(status, withoutHops(rawHeaders)),
      onResponseData: (_controller, chunk) => response.write(chunk),
      onResponseEnd: () => response.end(),
      onResponseError: (_controller, error) => response.destroy(error),
    },
  );
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

function withoutHops(raw) {
  const kept = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = String(raw[index]);
    if (!keptBack.has(name.toLowerCase())) kept.push(name, String(raw[index + 1]));
  }
  return kept;
}
