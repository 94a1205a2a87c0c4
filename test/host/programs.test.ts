import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { workspaceId } from '../../src/ui/core/workspaceId.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { eventually, pick, type SeenByEditor, watchEditor } from './editor.ts';
import { useServers } from './servers.ts';

const families = ['openai', 'anthropic', 'huggingface'] as const;
const watched = /^(OPENAI|ANTHROPIC|HF|HEADROOM(?!_TEST))_/;

describe('programs, in a real extension host', function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let seen: SeenByEditor;
  let folder: string;
  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    await useServers(emulator);
    seen = watchEditor();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-programs-'));
    await vscode.extensions.getExtension('headroom.headroom')?.activate();
  });
  after(async () => {
    await useFamilies([]);
    seen.restore();
    await useServers();
    await emulator.close();
    fs.rmSync(folder, { recursive: true });
  });

  async function useFamilies(chosen: readonly string[]): Promise<void> {
    const configuration = vscode.workspace.getConfiguration('headroom.environment');
    for (const family of families) {
      const value = chosen.includes(family) || undefined;
      await configuration.update(family, value, vscode.ConfigurationTarget.Global);
    }
  }

  /** `terminal.integrated.env.…` of a repository's `.vscode/settings.json`. */
  async function useWorkspaceVariables(value: Record<string, string | null> | undefined): Promise<void> {
    const system = { darwin: 'osx', win32: 'windows' }[process.platform as string] ?? 'linux';
    const configuration = vscode.workspace.getConfiguration('terminal.integrated.env');
    await configuration.update(system, value, vscode.ConfigurationTarget.Workspace);
  }

  let files = 0;
  const dump = () => {
    files += 1;
    const file = path.join(folder, `environment-${files}.json`);
    // written aside, then renamed: no reader sees half of it
    const script = `const fs = require('fs'); fs.writeFileSync(${JSON.stringify(`${file}.part`)}, JSON.stringify(process.env)); fs.renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(file)});`;
    return { file, script };
  };
  async function read(file: string): Promise<Record<string, string>> {
    await eventually(
      () => `a program writes ${file}`,
      () => fs.existsSync(file),
    );
    const all = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>;
    return Object.fromEntries(Object.entries(all).filter(([name]) => watched.test(name)));
  }
  /** Variables of a program in a new terminal. */
  async function inTerminal(): Promise<Record<string, string>> {
    const { file, script } = dump();
    const terminal = vscode.window.createTerminal({ shellPath: process.execPath, shellArgs: ['-e', script] });
    try {
      return await read(file);
    } finally {
      terminal.dispose();
    }
  }
  async function inTask(): Promise<Record<string, string>> {
    const { file, script } = dump();
    const execution = new vscode.ProcessExecution(process.execPath, ['-e', script]);
    const scope = vscode.TaskScope.Workspace;
    const run = await vscode.tasks.executeTask(
      new vscode.Task({ type: 'process' }, scope, 'environment', 'test', execution),
    );
    try {
      return await read(file);
    } finally {
      run.terminate();
    }
  }
  async function until(
    probe: (environment: Record<string, string>) => boolean,
  ): Promise<Record<string, string>> {
    let last: Record<string, string> = {};
    for (let tries = 0; tries < 20; tries++) {
      last = await inTerminal();
      if (probe(last)) return last;
      await new Promise(resolve => setTimeout(resolve, 250));
    }
    throw new Error(`not in the terminals: ${Object.keys(last)}`);
  }

  it('get no variables until the user chooses a family', async () => {
    assert.deepEqual(Object.keys(await inTerminal()), []);
  });

  it('get the variables of the chosen families in terminals and tasks, and reach the gateway with them', async () => {
    await useFamilies(['openai', 'huggingface']);
    const environment = await until(found => found.OPENAI_BASE_URL !== undefined);
    const { OPENAI_BASE_URL = '', OPENAI_API_KEY = '', ...rest } = environment;
    const url = /^(http:\/\/127\.0\.0\.1:\d+)\/v1$/.exec(OPENAI_BASE_URL)?.[1];
    assert.match(OPENAI_API_KEY, /^hf_headroom_[\w-]{32}$/);
    assert.match(rest.HF_ENDPOINT ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(rest.HF_ENDPOINT, url);
    const models = await fetch(`${rest.HF_ENDPOINT}/api/models?limit=1`);
    assert.equal(models.status, 200);
    await models.arrayBuffer();
    const nothing = { get: () => undefined, update: async () => {} };
    assert.equal(rest.HEADROOM_WORKSPACE, workspaceId(vscode.workspace, nothing));
    assert.ok(fs.existsSync(rest.HEADROOM_STATE ?? ''));
    assert.equal(rest.ANTHROPIC_BASE_URL, undefined);
    assert.equal(rest.HEADROOM_NODE, process.execPath);
    assert.deepEqual(await inTask(), environment);
    const errorWith = async (key: string) => {
      const response = await fetch(`${OPENAI_BASE_URL}/models`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const { error } = (await response.json()) as { error?: { code?: string } };
      return error?.code;
    };
    assert.equal(await errorWith('wrong'), 'key_invalid');
    // any other error, or none, depends on who is signed in
    assert.notEqual(await errorWith(OPENAI_API_KEY), 'key_invalid');
    await useFamilies(['openai', 'anthropic', 'huggingface']);
    const more = await until(found => found.ANTHROPIC_BASE_URL !== undefined);
    assert.equal(more.ANTHROPIC_BASE_URL, url);
    assert.equal(more.ANTHROPIC_AUTH_TOKEN, OPENAI_API_KEY);
  });

  it('get Headroom’s values whatever the workspace’s terminal settings say', async () => {
    const before = await inTerminal();
    await useWorkspaceVariables(Object.fromEntries(Object.keys(before).map(name => [name, 'evil'])));
    try {
      assert.deepEqual(await inTerminal(), before);
      await useWorkspaceVariables(Object.fromEntries(Object.keys(before).map(name => [name, null])));
      assert.deepEqual(await inTerminal(), before);
    } finally {
      await useWorkspaceVariables(undefined);
    }
  });

  it('find a restarted gateway at its old address, with the same key', async () => {
    const before = await inTerminal();
    await pick(['Restart'], () => vscode.commands.executeCommand('headroom.restartGateway'));
    assert.deepEqual(await until(found => found.OPENAI_BASE_URL !== undefined), before);
  });

  it('need the new key after it is renewed, at the old address', async () => {
    const before = await inTerminal();
    await pick(['Renew'], () => vscode.commands.executeCommand('headroom.restartGateway'));
    const after = await until(
      found => found.OPENAI_API_KEY !== undefined && found.OPENAI_API_KEY !== before.OPENAI_API_KEY,
    );
    assert.equal(after.OPENAI_BASE_URL, before.OPENAI_BASE_URL);
    const response = await fetch(`${after.OPENAI_BASE_URL}/models`, {
      headers: { authorization: `Bearer ${before.OPENAI_API_KEY}` },
    });
    assert.equal(response.status, 401);
  });

  it('are refused while the configuration can’t be read, rather than billed to another payer', async () => {
    const { OPENAI_BASE_URL } = await inTerminal();
    const hub = vscode.workspace.getConfiguration('headroom');
    await hub.update('hubUrl', 'not a url', vscode.ConfigurationTarget.Global);
    await eventually(
      () => `a notification says that the gateway is stopped: ${seen.notifications.join(' | ')}`,
      () => seen.notifications.some(text => text.startsWith('Headroom’s gateway is stopped')),
    );
    await assert.rejects(fetch(`${OPENAI_BASE_URL}/models`));
    await until(found => Object.keys(found).length === 0);
    await useServers(emulator);
    assert.equal(
      (await until(found => found.OPENAI_BASE_URL !== undefined)).OPENAI_BASE_URL,
      OPENAI_BASE_URL,
    );
  });

  it('in notebooks get no variables, which a notification says once', async () => {
    const said = () =>
      seen.notifications.filter(text => text.startsWith('Notebooks don’t use Headroom')).length;
    // the Jupyter extension, which reads them, is not installed
    const reader = vscode.workspace.registerNotebookSerializer('jupyter-notebook', {
      deserializeNotebook: () => ({ cells: [] }),
      serializeNotebook: () => new Uint8Array(),
    });
    const open = () => vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData([]));
    await open();
    await eventually(
      () => 'a notification about notebooks',
      () => said() === 1,
    );
    await open();
    await new Promise(resolve => setTimeout(resolve, 200));
    assert.equal(said(), 1);
    reader.dispose();
  });

  it('get no variables once the setting is off', async () => {
    await useFamilies([]);
    assert.deepEqual(await until(found => Object.keys(found).length === 0), {});
  });

  it('get all variables in a terminal with Headroom, without the setting', async () => {
    const { createTerminal } = vscode.window;
    const { file, script } = dump();
    const opened: vscode.TerminalOptions[] = [];
    Object.assign(vscode.window, {
      createTerminal: (options: vscode.TerminalOptions) => {
        opened.push(options);
        return createTerminal({ ...options, shellPath: process.execPath, shellArgs: ['-e', script] });
      },
    });
    try {
      await useWorkspaceVariables({
        HEADROOM_HUB_URL: 'https://evil.example',
        HEADROOM_STATE: null,
        PATH: '/evil',
        VSCODE_ENV_APPEND: 'HEADROOM_HUB_URL=.evil.example',
      });
      await vscode.commands.executeCommand('headroom.newTerminal');
      const environment = await read(file);
      assert.equal(environment.HEADROOM_HUB_URL, emulator.hubUrl);
      assert.equal(environment.HEADROOM_ENDPOINTS_URL, emulator.endpointsUrl);
      assert.equal(opened[0]?.name, 'Headroom');
      assert.equal(opened[0]?.isTransient, true);
      assert.match(opened[0]?.env?.PATH ?? '', /^\S*\/dist\/bin:\//);
      // again after the shell's start files
      assert.match(opened[0]?.env?.VSCODE_ENV_REPLACE ?? '', /(^|:)OPENAI_API_KEY=hf_headroom_/);
      assert.match(opened[0]?.env?.VSCODE_ENV_PREPEND ?? '', /^PATH=\S*\/dist\/bin\\x3a$/);
      assert.equal(opened[0]?.env?.VSCODE_ENV_APPEND, '');
      assert.deepEqual(Object.keys(environment).sort(), [
        'ANTHROPIC_AUTH_TOKEN',
        'ANTHROPIC_BASE_URL',
        'HEADROOM_ENDPOINTS_URL',
        'HEADROOM_HUB_URL',
        'HEADROOM_NODE',
        'HEADROOM_PROVIDER_URLS',
        'HEADROOM_ROUTER_URL',
        'HEADROOM_STATE',
        'HEADROOM_WORKSPACE',
        'HF_ENDPOINT',
        'OPENAI_API_KEY',
        'OPENAI_BASE_URL',
      ]);
    } finally {
      await useWorkspaceVariables(undefined);
      Object.assign(vscode.window, { createTerminal });
      for (const terminal of vscode.window.terminals) terminal.dispose();
    }
    assert.deepEqual(await inTerminal(), {});
  });

  it('get a notebook cell, with a warning not to commit it', async () => {
    await vscode.commands.executeCommand('headroom.copyNotebookCell');
    const [first, second = ''] = (await vscode.env.clipboard.readText()).split('\n');
    assert.equal(first, 'import os');
    assert.match(
      second,
      /^os\.environ\.update\(\{"OPENAI_BASE_URL": "http:\/\/127\.0\.0\.1:\d+\/v1", .*\}\)$/,
    );
    assert.match(seen.notifications.at(-1) ?? '', /key of the gateway.*do not commit it/);
  });

  it('get a notebook cell that bypasses a proxy for the gateway', async () => {
    const { http_proxy, NO_PROXY } = process.env;
    Object.assign(process.env, { http_proxy: 'http://127.0.0.1:9', NO_PROXY: '.acme' });
    try {
      await vscode.commands.executeCommand('headroom.copyNotebookCell');
      const cell = await vscode.env.clipboard.readText();
      assert.match(cell, /"NO_PROXY": "\.acme,127\.0\.0\.1,localhost", "no_proxy": "\.acme,/);
    } finally {
      for (const [name, value] of Object.entries({ http_proxy, NO_PROXY })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
