import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const main = path.resolve(import.meta.dirname, '../emulator/main.mjs');

describe('emulator, main.mjs', () => {
  it('--json: prints one line with the URLs, serves, and exits with 0 on SIGTERM', async () => {
    const child = spawn(process.execPath, [main, '--json', '--scenario', 'free'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      const lines: string[] = [];
      const reader = createInterface(child.stdout).on('line', line => lines.push(line));
      await once(reader, 'line');
      const urls = JSON.parse(lines[0] ?? '');
      assert.deepEqual(Object.keys(urls), [
        'hubUrl',
        'routerUrl',
        'endpointsUrl',
        'adminUrl',
        'token',
        'partnersUrl',
        'providerUrls',
        'cdnUrl',
      ]);
      assert.equal(urls.providerUrls.groq, `${urls.partnersUrl}/groq`);
      assert.equal(urls.token, 'hf_emulator_free_bob');
      const response = await fetch(`${urls.hubUrl}/api/whoami-v2`, {
        headers: { authorization: `Bearer ${urls.token}` },
      });
      assert.equal(response.status, 200);
      assert.equal(lines.length, 1);
    } finally {
      child.kill('SIGTERM');
    }
    assert.deepEqual(await exited, [0, null]);
  }).timeout(20_000);
});
