import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };
import { activate } from '../../src/extension.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { eventually, type SeenByEditor, watchEditor } from './editor.ts';
import { useServers } from './servers.ts';
import { watchTimers } from './timers.ts';

describe('deactivation, in a real extension host', () => {
  let emulator: Emulator;
  let seen: SeenByEditor;
  let folder: string;
  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    await useServers(emulator);
    seen = watchEditor();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-disposal-'));
  });
  after(async () => {
    seen.restore();
    await emulator.close();
    fs.rmSync(folder, { recursive: true });
  });

  it('leaves no timer, no command and no failure behind, in the middle of its work', async () => {
    const timers = watchTimers();
    const failures: unknown[] = [];
    const failed = (reason: unknown) => failures.push(reason);
    process.on('unhandledRejection', failed);
    emulator.world.faults.push({
      kind: 'delay',
      delayMs: 60_000,
      path: '/api/settings/billing',
      server: 'hub',
    });
    const context = contextWith(tokens.ada, folder);
    const { createOutputChannel } = vscode.window;
    // VS Code would give the extension itself, later in this host, the log that was closed here
    Object.assign(vscode.window, {
      createOutputChannel: (name: string, options: { log: true }) =>
        createOutputChannel(`${name} 1`, options),
    });
    try {
      activate(context as unknown as vscode.ExtensionContext);
      await eventually(
        () =>
          `the first calls are under way: ${JSON.stringify(emulator.requests().map(r => r.path))} ${seen.statusBarItem?.text} ${timers.pending().join()}`,
        () => emulator.requests().some(({ path: asked }) => asked.startsWith('/api/settings/billing')),
      );
      assert.notDeepEqual(timers.pending(), []);
      for (const disposable of context.subscriptions.reverse()) disposable.dispose();
      await eventually(
        () => `timers end: ${timers.pending().join('\n\n')}`,
        () => timers.pending().length === 0,
      );
      const registered = await vscode.commands.getCommands(true);
      assert.deepEqual(
        registered.filter(id => manifest.contributes.commands.some(({ command }) => command === id)),
        [],
      );
      assert.deepEqual(failures, []);
    } finally {
      timers.restore();
      Object.assign(vscode.window, { createOutputChannel });
      process.off('unhandledRejection', failed);
      await useServers();
    }
  });
});

/** What VS Code hands to `activate`, signed in already. Only the secrets are not VS Code's own. */
function contextWith(token: string, folder: string) {
  return {
    subscriptions: [] as vscode.Disposable[],
    globalStorageUri: vscode.Uri.file(folder),
    extension: { packageJSON: manifest },
    extensionUri: vscode.Uri.file(folder),
    workspaceState: { get: (_key: string, fallback: unknown) => fallback, update: async () => {} },
    environmentVariableCollection: { replace: () => {}, delete: () => {} },
    secrets: {
      keys: async () => ['headroom.token.ada'],
      get: async () => token,
      store: async () => {},
      delete: async () => {},
      onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    },
  };
}
