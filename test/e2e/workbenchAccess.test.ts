import assert from 'node:assert/strict';
import http from 'node:http';
import { type Host, startHost } from '../vscode/host.mjs';

describe('workbench served by npm start:', () => {
  let host: Host;
  before(async () => {
    host = await startHost({ env: { HF_TOKEN: 'hf_emulator_pro_ada' } });
  });
  after(() => host?.stop());

  for (const path of ['/', '/mint-key', '/vscode-remote-resource?path=/proc/self/environ', '/proxy/1/']) {
    it(`${path.split('?')[0]} gets a 403 without the cookie, or with a wrong one`, async () => {
      assert.equal(await status({ path }), 403);
      assert.equal(await status({ path, headers: { cookie: `headroom-host-${host.port}=guessed` } }), 403);
    });
  }

  it('another Host gets a 403, also with the secret of the address', async () => {
    const { pathname, search } = new URL(host.url());
    assert.equal(
      await status({ path: pathname + search, headers: { host: `evil.example:${host.port}` } }),
      403,
    );
    assert.equal(await status({ path: pathname + search }), 302);
  });

  it('a WebSocket without the cookie is not opened', async () => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    await assert.rejects(status({ path: '/stable', headers }), /socket hang up|ECONNRESET/);
  });

  function status(request: { path: string; headers?: Record<string, string> }): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: host.port, ...request };
      http
        .get(options, response => {
          response.resume();
          resolve(response.statusCode);
        })
        .on('error', reject);
    });
  }
});
