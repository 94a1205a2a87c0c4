import assert from 'node:assert/strict';
import { chunk, headOf, json, sound, uploadRig } from './uploadRig.ts';

describe("gateway: trailers of a client's request", () => {
  const rig = uploadRig();

  for (const [type, framing] of [
    [json, 'content-length: 2'],
    [sound, 'transfer-encoding: chunked'],
  ] as const) {
    it(`are dropped, and the body arrives (${type})`, async () => {
      const client = await rig.begin([type, 'Trailer: X-Checksum', 'TE: trailers']);
      client.write(`${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`);
      await client.until('\r\n\r\n{}');
      assert.doesNotMatch(rig.headers().join('\n'), /^(?:trailer|te):/im);
      assert.ok(rig.headers().includes(framing), rig.headers().join('\n'));
      assert.equal(rig.body(), type === json ? '{}' : `${chunk('{}')}0\r\n\r\n`);
    });

    it(`leave both connections usable (${type})`, async () => {
      const client = await rig.client();
      for (let count = 0; count < 3; count++) {
        client.forget();
        client.write(
          `${headOf(rig.gateway, [type, 'Trailer: X-Checksum'])}${chunk('{}')}0\r\nX-Checksum: abc\r\n\r\n`,
        );
        await client.until('\r\n\r\n{}');
      }
      assert.equal(rig.upstream.connections.length, 1);
    });

    it(`are refused when they name a length or an encoding (${type})`, async () => {
      for (const name of ['Content-Length', 'Transfer-Encoding']) {
        const client = await rig.begin([type, `Trailer: ${name}`]);
        client.write(`${chunk('{}')}0\r\n${name}: 7\r\n\r\n`);
        assert.match((await client.ended()).toString(), /^HTTP\/1\.1 400 /);
        assert.equal(rig.upstream.requests.length, 0);
      }
    });
  }
});
