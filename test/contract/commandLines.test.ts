import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const programs = {
  start: 'test/start.mjs',
  run: 'test/run.mjs',
  emulator: 'test/emulator/main.mjs',
} as const;

function call(program: keyof typeof programs, ...args: string[]) {
  const { HF_TOKEN: _token, ...env } = process.env;
  return spawnSync(process.execPath, [programs[program], ...args], { cwd: root, env, encoding: 'utf8' });
}

describe('npm start, npm test and the emulator', () => {
  for (const program of ['start', 'run', 'emulator'] as const) {
    it(`${program} --help prints what there is`, () => {
      const { status, stdout } = call(program, '--help');
      assert.equal(status, 0);
      assert.match(stdout, /^(npm|node) /);
    });

    it(`${program} tells an unknown flag in one line, and exits with 2`, () => {
      const { status, stderr } = call(program, '--nothing');
      assert.equal(status, 2);
      assert.match(stderr, /^Unknown option '--nothing'[^\n]*\n$/);
    });
  }

  for (const [program, args] of [
    ['start', ['--scenario', 'nothing']],
    ['start', ['--port', '65536']],
    ['start', ['--port', 'http']],
    ['run', ['nothing']],
    ['emulator', ['--scenario', 'nothing']],
    ['emulator', ['--hub-port', '-1']],
  ] as const) {
    it(`${program} ${args.join(' ')} is told in one line, with 2`, () => {
      const { status, stderr } = call(program, ...args);
      assert.equal(status, 2);
      assert.match(stderr, /^[^\n]+\n$/);
    });
  }

  it('a taken port is told in one line, with 2', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    for (const [program, flag] of [
      ['start', '--port'],
      ['emulator', '--router-port'],
    ] as const) {
      const { status, stderr } = call(program, flag, port);
      assert.equal(status, 2);
      assert.match(stderr, /^[^\n]*taken by another program[^\n]*\n$/);
    }
    server.close();
  });
});
