import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { failure, json, listen, type TestServer, tapped } from './hubServer.ts';
import { selfSigned } from './selfSigned.ts';

const hubHttp = fileURLToPath(new URL('../../src/hub/http.ts', import.meta.url));

describe('hub HTTP over TLS', () => {
  let server: TestServer;
  before(async () => {
    server = await listen(json(200, { ok: true }), createServer(selfSigned));
  });
  after(() => server.close());

  it('rejects an untrusted certificate before it sends the token', async () => {
    const http = tapped();
    const error = await failure(http.getJson(server.url, { token: 'hf_abcdefghijkl' }), 'tls');
    assert.match(error.details.code ?? '', /SELF_SIGNED/);
    assert.equal(server.requests.length, 0);
    await http.close();
  });

  it('accepts an untrusted certificate when http.proxyStrictSSL is off', async () => {
    const http = tapped({ strictSSL: false });
    assert.deepEqual(await http.getJson(server.url), { ok: true });
    await http.close();
  });

  it('trusts the certificates of NODE_EXTRA_CA_CERTS', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'headroom-ca-'));
    try {
      const pem = join(dir, 'ca.pem');
      await writeFile(pem, selfSigned.cert);
      const script = `
        import { createHttp } from ${JSON.stringify(hubHttp)};
        const http = createHttp({ userAgent: 'headroom/test', now: Date.now });
        console.log(JSON.stringify(await http.getJson(${JSON.stringify(server.url)})));
        await http.close();`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '--eval', script],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: pem } },
      );
      assert.equal(stdout.trim(), '{"ok":true}');
    } finally {
      await rm(dir, { recursive: true });
    }
  }).timeout(20_000);
});
