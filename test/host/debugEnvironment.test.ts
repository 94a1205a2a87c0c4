import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { registerDebugEnvironment } from '../../src/ui/programs/debugEnvironment.ts';

describe('debug sessions', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-debug-'));
  after(() => fs.rmSync(folder, { recursive: true }));

  async function resolve(
    configuration: Partial<vscode.DebugConfiguration>,
    variables: Record<string, string> = { OPENAI_BASE_URL: 'http://gateway/v1', OPENAI_API_KEY: 'key' },
    environment: Record<string, string> = {},
  ): Promise<vscode.DebugConfiguration> {
    const { registerDebugConfigurationProvider } = vscode.debug;
    let provider: vscode.DebugConfigurationProvider | undefined;
    let type = '';
    Object.assign(vscode.debug, {
      registerDebugConfigurationProvider: (
        ...args: Parameters<typeof registerDebugConfigurationProvider>
      ) => {
        [type, provider] = args;
        return registerDebugConfigurationProvider(...args);
      },
    });
    const registration = registerDebugEnvironment(async () => variables, environment);
    Object.assign(vscode.debug, { registerDebugConfigurationProvider });
    assert.equal(type, '*');
    const full = { type: 'python', name: 'test', request: 'launch', ...configuration };
    const resolved = await provider?.resolveDebugConfigurationWithSubstitutedVariables?.(undefined, full);
    registration.dispose();
    assert.ok(resolved);
    return resolved;
  }

  it('get the variables, except families of which the launch configuration sets one', async () => {
    const { env } = await resolve({ env: { OPENAI_API_KEY: 'mine', OTHER: '1' } });
    assert.deepEqual(env, { OPENAI_API_KEY: 'mine', OTHER: '1' });
    const elsewhere = await resolve({ env: { OPENAI_BASE_URL: 'https://elsewhere.test/v1' } });
    assert.deepEqual(elsewhere.env, { OPENAI_BASE_URL: 'https://elsewhere.test/v1' });
    const plain = await resolve({});
    assert.deepEqual(plain.env, { OPENAI_BASE_URL: 'http://gateway/v1', OPENAI_API_KEY: 'key' });
  });

  it('keep the variables of the launch configuration’s envFile', async () => {
    const envFile = path.join(folder, '.env');
    fs.writeFileSync(envFile, '# mine\nOPENAI_API_KEY=sk-mine\n');
    assert.deepEqual((await resolve({ envFile })).env, {});
    assert.ok((await resolve({ envFile: path.join(folder, 'none') })).env.OPENAI_API_KEY);
  });

  it('bypass a proxy for the gateway, wherever it is set, and keep the exceptions that are set', async () => {
    const ours = { OPENAI_BASE_URL: 'http://gateway/v1', OPENAI_API_KEY: 'key' };
    const both = (list: string) => ({ NO_PROXY: list, no_proxy: list });
    const here = '127.0.0.1,localhost';
    const http_proxy = 'http://proxy.acme:8080';
    const machine = { http_proxy, NO_PROXY: 'a' };
    assert.deepEqual((await resolve({}, ours, machine)).env, { ...ours, ...both(`a,${here}`) });
    const configured = await resolve({ env: { NO_PROXY: 'b', no_proxy: 'b' } }, ours, machine);
    assert.deepEqual(configured.env, { ...ours, ...both(`b,${here}`) });
    assert.deepEqual((await resolve({ env: { http_proxy } }, ours)).env, {
      ...ours,
      http_proxy,
      ...both(here),
    });
    assert.deepEqual((await resolve({ env: { http_proxy: null } }, ours, { http_proxy })).env, {
      ...ours,
      http_proxy: null,
    });
    const envFile = path.join(folder, 'proxy.env');
    fs.writeFileSync(envFile, `export HTTPS_PROXY="${http_proxy}"\r\nNO_PROXY='c, d' \n`);
    assert.deepEqual((await resolve({ envFile }, ours)).env, { ...ours, ...both(`c, d,${here}`) });
    // a program that does not use the gateway needs no exceptions
    const own = { OPENAI_API_KEY: 'mine' };
    assert.deepEqual((await resolve({ env: own }, ours, machine)).env, own);
  });

  it('stay as they are when they attach, or without the setting', async () => {
    assert.equal((await resolve({ request: 'attach' })).env, undefined);
    assert.equal((await resolve({}, {})).env, undefined);
  });
});
