import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };
import { activate } from '../../src/extension.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { signedInContext } from './context.ts';
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

  it('ends all timers and commands during a poll, without an unhandled rejection', async () => {
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
    const context = signedInContext({ token: tokens.ada, storage: folder });
    const { createOutputChannel } = vscode.window;
    // VS Code would give the extension itself, which a later suite activates, the channel closed here
    Object.assign(vscode.window, {
      createOutputChannel: (name: string, options: { log: true }) =>
        createOutputChannel(`${name} 1`, options),
    });
    try {
      activate(context);
      await eventually(
        () =>
          `the first requests are under way: ${JSON.stringify(emulator.requests().map(r => r.path))} ${seen.statusBarItem?.text} ${timers.pending().join()}`,
        () => emulator.requests().some(({ path: asked }) => asked.startsWith('/api/settings/billing')),
      );
      assert.notDeepEqual(timers.pending(), []);
      for (const disposable of [...context.subscriptions].reverse()) disposable.dispose();
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
