import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { later } from '../../src/ui/commands.ts';
import { CoreHandle } from '../../src/ui/core/coreHandle.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { signedInContext } from './context.ts';
import { eventually } from './editor.ts';
import { useServers } from './servers.ts';

/** A debugger of the tests' extension. */
const type = 'headroom-test';
const setting = 'headroom.notices.mutedLimits';

describe('limits that are told, in a real extension host', function () {
  this.timeout(60_000);
  const parts: vscode.Disposable[] = [];
  const { showWarningMessage } = vscode.window;
  let emulator: Emulator;
  let folder: string;
  let core: CoreHandle;
  let told: { text: string; buttons: string[] }[];
  /** The button that is pressed. */
  let press: string | undefined;
  const muted = () => vscode.workspace.getConfiguration().get<string[]>(setting);
  const mute = (ids: string[] | undefined) =>
    vscode.workspace.getConfiguration().update(setting, ids, vscode.ConfigurationTarget.Global);

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro', patch: { users: { ada: { canPay: false } } } });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-alerts-'));
    await useServers(emulator);
    Object.assign(vscode.window, {
      async showWarningMessage(text: string, _options: object, ...buttons: string[]) {
        told.push({ text, buttons });
        return buttons.find(label => label === press);
      },
    });
    told = [];
    const log = vscode.window.createOutputChannel('Headroom alerts', { log: true });
    core = new CoreHandle(later, signedInContext({ token: tokens.ada, storage: folder }), log);
    await core.get();
    parts.push((await later()).startNotices(core, log), core, log);
    await spend(1.5);
  });
  after(async () => {
    for (const part of parts) part.dispose();
    Object.assign(vscode.window, { showWarningMessage });
    await mute(undefined);
    await useServers();
    await emulator.close();
    fs.rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    told = [];
    press = undefined;
  });

  /** Other programs have spent so much. */
  async function spend(usd: number): Promise<void> {
    emulator.world.patch({ users: { ada: { credits: { usedNanoUsd: usd * 1e9 } } } });
    const { service } = await core.get();
    await service.refresh();
  }

  it('wait while a program is debugged, and are told once afterwards', async () => {
    const session = new Idle();
    parts.push(
      vscode.debug.registerDebugAdapterDescriptorFactory(type, {
        createDebugAdapterDescriptor: () => new vscode.DebugAdapterInlineImplementation(session),
      }),
    );
    await vscode.debug.startDebugging(undefined, { type, request: 'launch', name: 'Train' });
    await eventually(
      () => 'a debug session',
      () => vscode.debug.activeDebugSession,
    );
    await spend(1.7);
    assert.equal(told.length, 0);
    await vscode.debug.stopDebugging();
    await eventually(
      () => 'a notice after the session',
      () => told.length > 0,
    );
    await spend(1.71);
    assert.equal(told.length, 1);
    assert.match(
      told[0]?.text ?? '',
      /^\$0\.30 of \$2\.00 of your included credits are left until \w+ \d+\./,
    );
    assert.match(told[0]?.buttons.join() ?? '', /^Switch…,Not until \w+ \d+,Don’t show again$/);
  });

  it('are muted by their ids, in a setting that takes them back', async () => {
    press = 'Don’t show again';
    await spend(2);
    await eventually(
      () => `the setting has ${muted()?.join()}`,
      () => muted()?.includes('credits:personal'),
    );
    assert.match(told[0]?.text ?? '', /^The included credits of \w+ are used up \(\$2\.00\)\./);
    assert.deepEqual(told[0]?.buttons, ['Open billing page', 'Switch…', 'Don’t show again']);
  });
});

/** A debug adapter whose program runs until it is stopped. */
class Idle implements vscode.DebugAdapter {
  readonly #messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#messages.event;
  #sequence = 0;

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const { seq, command } = message as { seq: number; command: string };
    this.#send({ type: 'response', request_seq: seq, command, success: true, body: {} });
    if (command === 'initialize') this.#send({ type: 'event', event: 'initialized' });
    if (command === 'terminate' || command === 'disconnect')
      this.#send({ type: 'event', event: 'terminated' });
  }

  dispose(): void {
    this.#messages.dispose();
  }

  #send(message: object): void {
    this.#sequence += 1;
    this.#messages.fire({ seq: this.#sequence, ...message } as vscode.DebugProtocolMessage);
  }
}
