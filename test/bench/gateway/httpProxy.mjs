// http-proxy as in its README, with a keep-alive agent. Usage: httpProxy.mjs UPSTREAM   Prints its port.
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.cwd(), 'package.json'));
const proxy = require('http-proxy').createProxyServer({
  target: process.argv[2],
  agent: new http.Agent({ keepAlive: true }),
});
proxy.on('error', (error, _request, response) => {
  console.error(`http-proxy: ${error.message}`);
  response.destroy();
});
const server = http.createServer((request, response) => proxy.web(request, response));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
