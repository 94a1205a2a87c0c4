import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { keptBackFields } from '../../src/gateway/relay/responseFields.ts';
import { requestHead, sendRaw } from './rawClient.ts';
import { type RawUpstream, rawUpstream } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/gateway.md'), 'utf8');
/** The table of headers. */
const rows = [
  ...page.matchAll(/^\| (responses|requests) \| (.+?) \| (dropped|kept|rewritten) \| .+ \|$/gm),
].map(([, of = '', names = '', fate = '']) => ({
  of,
  fate,
  names: [...names.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
}));

describe("docs/gateway.md's table of headers", () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let line: string;
  before(async () => {
    upstream = await rawUpstream(({ socket }) =>
      socket.write(`HTTP/1.1 200 OK\r\n${line}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${line}\r\n\r\n`),
    );
    gateway = await gatewayTo(upstream.url, { config: { pacing: 'observe' } });
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it('is read whole', () => {
    assert.ok(rows.length >= 22, `${rows.length} rows`);
  });

  it('names every response header that ends at the gateway', () => {
    const named = rows
      .filter(({ of, fate }) => of === 'responses' && fate === 'dropped')
      .flatMap(({ names }) => names);
    const lower = new Set(named.map(name => name.toLowerCase()));
    // framing, which each connection has its own of
    assert.deepEqual(
      keptBackFields.filter(name => !lower.has(name)),
      ['transfer-encoding'],
    );
  });

  for (const { of, fate, names } of rows) {
    for (const name of names) {
      it(`${of}, ${name}: ${fate}`, async () => {
        const value = fate === 'rewritten' ? `<${upstream.url}/api/models>` : 'a, b';
        line =
          of === 'responses'
            ? `${name}: ${name === 'Location' ? `${upstream.url}/api/models` : value}`
            : 'x-a: b';
        const url = of === 'responses' ? '/hub/api/models' : '/v1/models';
        const extra = of === 'requests' ? [`${name}: ${value}`] : [];
        const text = await sendRaw(
          gateway.port,
          requestHead(gateway, `GET ${url}`, [...extra, 'Connection: close']),
        );
        const seen = of === 'requests' ? (upstream.requests.at(-1)?.head ?? '') : text;
        assert.match(text, /^HTTP\/1\.1 200 /);
        const found = seen
          .split('\r\n')
          .filter(each => each.toLowerCase().startsWith(`${name.toLowerCase()}: `));
        const others = found.filter(each => !/^connection: (?:close|keep-alive)$/i.test(each));
        if (fate === 'dropped') assert.deepEqual(others, []);
        else if (fate === 'kept') assert.equal(others[0], `${name}: ${value}`);
        else assert.match(others[0] ?? '', new RegExp(`${gateway.url}/hub/api/models`));
      });
    }
  }

  it('has no exception for a header that holds a key of a gateway', async () => {
    line = 'x-a: b';
    await sendRaw(
      gateway.port,
      requestHead(gateway, 'GET /v1/models', [
        `Api-Key: ${gateway.key}`,
        `X-Any: Bearer ${gateway.key}`,
        'Connection: close',
      ]),
    );
    assert.doesNotMatch(upstream.requests.at(-1)?.head ?? '', /hf_headroom_/);
  });
});
