import assert from 'node:assert/strict';
import childProcess, { type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeBudget } from '../../src/billing/budget.ts';
import type { ToGateway } from '../../src/gateway/processMessages.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { later } from '../../src/ui/commands.ts';
import { CoreHandle } from '../../src/ui/core/coreHandle.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { signedInContext } from './context.ts';
import { eventually } from './editor.ts';
import { useServers } from './servers.ts';

describe('terminals and gateway, in a real extension host', function () {
  this.timeout(60_000);
  const parts: vscode.Disposable[] = [];
  const { fork } = childProcess;
  let emulator: Emulator;
  let folder: string;
  let core: CoreHandle;
  /** Calls of the EnvironmentVariableCollection, such as `replace HF_BILL_TO acme`. */
  let writes: string[];
  /** Number of times that the variables were composed, equal ones included. */
  let composed: number;
  /** Messages to the gateway process. */
  let sent: ToGateway[];
  /** Number of times that the configuration was composed, equal ones included. */
  let pushed: number;
  const kinds = () => sent.map(({ kind }) => kind);

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-payer-'));
    await useServers(emulator);
    await useFamily(true);
    Object.assign(childProcess, { fork: recordingFork });
    writes = [];
    sent = [];
    const context = signedInContext({
      token: tokens.ada,
      storage: folder,
      extensionPath: import.meta.dirname,
      onWrite: call => void writes.push(call),
    });
    Object.assign(context.workspaceState, {
      get(key: string, fallback: unknown) {
        if (key === 'workspaceId') composed += 1;
        return fallback;
      },
    });
    const log = vscode.window.createOutputChannel('Headroom payer', { log: true });
    core = new CoreHandle(later, context, log);
    const programs = await (await later()).startPrograms(context, core, log);
    const push = programs.gateway.push.bind(programs.gateway);
    Object.assign(programs.gateway, {
      push() {
        pushed += 1;
        return push();
      },
    });
    parts.push(programs, core, log);
    await core.get();
    await eventually(
      () => `the gateway runs: ${kinds().join()} ${writes.join()}`,
      () => kinds().includes('balance') && writes.some(call => call.startsWith('replace HF_ENDPOINT')),
    );
  });
  after(async () => {
    for (const part of parts) part.dispose();
    Object.assign(childProcess, { fork });
    await useFamily(false);
    await useServers();
    await emulator.close();
    fs.rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    writes = [];
    composed = 0;
    sent = [];
    pushed = 0;
  });

  function recordingFork(...args: Parameters<typeof fork>): ChildProcess {
    const child = fork(...args);
    const send = child.send.bind(child) as (message: ToGateway, done: () => void) => boolean;
    return Object.assign(child, {
      send(message: ToGateway, done: () => void) {
        sent.push(message);
        return send(message, done);
      },
    });
  }

  async function useFamily(chosen: boolean): Promise<void> {
    const configuration = vscode.workspace.getConfiguration('headroom.environment');
    await configuration.update('huggingface', chosen || undefined, vscode.ConfigurationTarget.Global);
  }

  it('a poll with new numbers writes no variable and sends no configuration, only the balance', async () => {
    const { service } = await core.get();
    const usedBefore = core.snapshot?.credits.value?.usedNanoUsd;
    emulator.world.patch({ users: { ada: { credits: { usedNanoUsd: 1_700_000_000 } } } });
    await service.refresh();
    assert.notEqual(core.snapshot?.credits.value?.usedNanoUsd, usedBefore);
    assert.ok(kinds().includes('balance'));
    assert.deepEqual([kinds().filter(kind => kind !== 'balance'), writes], [[], []]);
    assert.deepEqual([composed, pushed], [0, 0]);
  });

  it('a budget that another process sets reaches the gateway, which goes on, and writes no variable', async () => {
    const scope = { payer: 'personal' };
    const other = openLedger({ directory: folder, now: Date.now });
    writeBudget(other, scope, { pauseAtNanoUsd: 5_000_000_000 }, Date.now());
    const configured = () => sent.findLast(message => message.kind === 'configure');
    const budgets = await eventually(
      () => `the budget is sent: ${kinds().join()}`,
      () => configured()?.config.budgets,
    );
    assert.deepEqual(budgets, [{ ...scope, pauseAtNanoUsd: 5_000_000_000 }]);
    assert.equal(core.viewInput()?.budgets?.[0]?.pauseAtNanoUsd, 5_000_000_000);
    writeBudget(other, scope, {}, Date.now());
    await eventually(
      () => 'the budget is removed',
      () => configured()?.config.budgets?.length === 0,
    );
    other.close();
    assert.deepEqual([kinds().includes('start'), writes, composed], [false, [], 0]);
  });

  it('a switch writes the variables and sends the configuration at once', async () => {
    const { payerWatch } = await core.get();
    payerWatch.choose({ kind: 'organization', name: 'acme' }, 'here');
    assert.deepEqual(writes, ['replace HF_BILL_TO acme']);
    assert.ok(composed > 0 && pushed > 0);
    await new Promise(setImmediate);
    const [configure, ...others] = sent;
    // balances follow each configuration: another token's are forgotten
    assert.ok(configure?.kind === 'configure', kinds().join());
    assert.ok(
      others.every(({ kind }) => kind === 'balance'),
      kinds().join(),
    );
    assert.deepEqual(configure.config.profile, { kind: 'organization', name: 'acme' });
  });
});
