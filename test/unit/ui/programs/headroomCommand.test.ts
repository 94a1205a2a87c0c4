import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configuredProviderUrls, configuredServers } from '../../../../src/cli/connections.ts';
import { huggingFaceServers } from '../../../../src/hub/servers.ts';
import { commandFolder, commandVariables } from '../../../../src/ui/programs/headroomCommand.ts';

const launcher = path.resolve(import.meta.dirname, '../../../../src/cli/bin/headroom');

describe('commandFolder', () => {
  const lines: string[] = [];
  let root: string;
  let packaged: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    root = fs.mkdtempSync(path.join(os.tmpdir(), "headroom it's "));
    packaged = path.join(root, 'with spaces', 'dist', 'bin');
    fs.mkdirSync(packaged, { recursive: true });
    fs.writeFileSync(
      path.join(packaged, '../cli.cjs'),
      'console.log(JSON.stringify([process.execPath, process.env.ELECTRON_RUN_AS_NODE, ...process.argv.slice(2)])); process.exitCode = 3;',
    );
    lines.length = 0;
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  function install(mode: number): void {
    fs.writeFileSync(path.join(packaged, 'headroom'), fs.readFileSync(launcher), { mode });
  }
  const storage = () => path.join(root, 'storage');
  const folder = (from = packaged) => commandFolder(from, storage(), line => lines.push(line));

  /** Runs a line in a shell that has the folder `found` on its path. */
  function type(line: string, found: string | undefined, environment: Record<string, string> = {}) {
    assert.ok(found);
    const env = { PATH: `${found}:/usr/bin:/bin`, ...environment };
    return spawnSync('/bin/sh', ['-c', line], { env, encoding: 'utf8' });
  }

  it('is the package’s folder; the command runs on VS Code’s Node with its arguments as typed', () => {
    install(0o755);
    assert.equal(folder(), packaged);
    const line = `headroom bill 'org:a b' '' '"*'; echo "$? [$ELECTRON_RUN_AS_NODE]"`;
    const { stdout, stderr } = type(line, packaged, { HEADROOM_NODE: process.execPath });
    const [said = '', after] = stdout.trim().split('\n');
    assert.deepEqual(JSON.parse(said), [process.execPath, '1', 'bill', 'org:a b', '', '"*'], stderr);
    assert.equal(after, '3 []');
    assert.ok(!fs.existsSync(storage()));
  });

  it('is a folder with a script when the package’s launcher is not executable', () => {
    install(0o644);
    const found = folder();
    assert.equal(found, path.join(storage(), 'bin'));
    assert.equal(folder(), found);
    assert.deepEqual(fs.readdirSync(found), ['headroom']);
    assert.equal(fs.statSync(path.join(found, 'headroom')).mode & 0o777, 0o700);
    const { stdout, stderr } = type("headroom bill 'a b'", found, { HEADROOM_NODE: process.execPath });
    assert.deepEqual(JSON.parse(stdout || '[]').slice(2), ['bill', 'a b'], stderr);
  });

  it('has a command that uses Node from PATH when VS Code’s is gone', () => {
    install(0o755);
    const gone = path.join(root, 'gone');
    const PATH = `${packaged}:${path.dirname(process.execPath)}:/usr/bin:/bin`;
    const { stdout, stderr } = type('headroom', packaged, { HEADROOM_NODE: gone, PATH });
    assert.deepEqual(JSON.parse(stdout || '[]').slice(0, 2), [process.execPath, null], stderr);
  });

  it('has a command that runs no other code and no program that variables of the terminal name', () => {
    install(0o755);
    const evil = path.join(root, 'evil');
    fs.mkdirSync(evil);
    for (const name of ['dirname', 'node', 'cd', 'pwd', 'unset', 'env']) {
      fs.writeFileSync(path.join(evil, name), '#!/bin/sh\necho evil\n', { mode: 0o755 });
    }
    const script = path.join(evil, 'evil.cjs');
    fs.writeFileSync(script, 'console.log("evil");');
    const { stdout, stderr } = type('headroom status', packaged, {
      PATH: `${packaged}:${evil}:/usr/bin:/bin`,
      HEADROOM_NODE: process.execPath,
      NODE_OPTIONS: `--require ${JSON.stringify(script)}`,
      NODE_DEBUG: 'module',
      CDPATH: evil,
    });
    assert.deepEqual(JSON.parse(stdout), [process.execPath, '1', 'status'], stderr);
    assert.equal(stderr, '');
  });

  it('has a command that a shell can run from its own folder', () => {
    install(0o755);
    const { stdout, stderr } = type('cd "$FOLDER" && sh headroom status', packaged, {
      FOLDER: packaged,
      HEADROOM_NODE: process.execPath,
    });
    assert.deepEqual(JSON.parse(stdout || '[]').slice(2), ['status'], stderr);
  });

  it('is undefined and logged when the script can’t be written, or PATH can’t contain the folder', () => {
    install(0o644);
    fs.writeFileSync(storage(), 'a file');
    assert.equal(folder(), undefined);
    const odd = path.join(root, 'a:b');
    fs.cpSync(packaged, odd, { recursive: true });
    fs.chmodSync(path.join(odd, 'headroom'), 0o755);
    assert.equal(folder(odd), undefined);
    assert.deepEqual(
      lines.map(line => line.startsWith('terminals have no command headroom: ')),
      [true, true],
    );
  });
});

describe('commandVariables', () => {
  it('pass the servers of the user’s settings to the command', () => {
    const servers = {
      hubUrl: 'https://hub.test',
      routerUrl: 'https://router.test',
      endpointsUrl: 'https://endpoints.test',
    };
    const providerUrls = { groq: 'https://groq.test' };
    const variables = commandVariables('/the/node', { servers, providerUrls });
    assert.equal(variables.HEADROOM_NODE, '/the/node');
    assert.deepEqual(configuredServers(variables, undefined), servers);
    assert.deepEqual(configuredProviderUrls(variables, undefined), providerUrls);
  });

  it('name Hugging Face’s without settings: a workspace’s terminal variables would decide missing ones', () => {
    const variables = commandVariables('/the/node', { servers: { hubUrl: ' ' }, providerUrls: undefined });
    assert.deepEqual(variables, {
      HEADROOM_NODE: '/the/node',
      HEADROOM_HUB_URL: 'https://huggingface.co',
      HEADROOM_ROUTER_URL: 'https://router.huggingface.co',
      HEADROOM_ENDPOINTS_URL: 'https://api.endpoints.huggingface.cloud',
      HEADROOM_PROVIDER_URLS: '{}',
    });
    assert.deepEqual(configuredServers(variables, []), huggingFaceServers);
    assert.deepEqual(configuredProviderUrls(variables, []), {});
  });
});
