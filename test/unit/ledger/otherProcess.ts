import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StoredPart } from '../../../src/ledger/accountTable.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import type { BillingSwitch } from '../../../src/limits/account/billingSwitch.ts';
import type { LearnedLimit } from '../../../src/limits/pacing/learnedLimits.ts';
import type { Refusal } from '../../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../../src/limits/requests/requestTally.ts';

/** A second process with the same ledger, which can also lock, damage and fill things. */
export interface OtherProcess {
  run(task: Task): Promise<unknown>;
  readonly pid: number;
  end(): Promise<void>;
}

export type Task =
  | { do: 'open'; directory: string; now: number }
  | { do: 'record'; refusals: Refusal[] }
  | { do: 'recordOneByOne'; refusals: Refusal[] }
  | { do: 'recordTallies'; tallies: RequestTally[] }
  | { do: 'recordTalliesOneByOne'; tallies: RequestTally[] }
  | { do: 'recordSwitch'; billingSwitch: BillingSwitch }
  | { do: 'shareLimits'; learned: LearnedLimit[] }
  | { do: 'sharedLimits'; since: number }
  | { do: 'count' }
  | { do: 'writePart'; account: string; part: string; stored: StoredPart }
  | { do: 'partLength'; account: string; part: string }
  | { do: 'acquireLease'; name: string; holder: string; now: number; ttlMs: number }
  | { do: 'health' }
  | { do: 'advance'; ms: number }
  | { do: 'close' }
  | { do: 'lock'; path: string }
  | { do: 'lockWrites'; path: string }
  | { do: 'unlock' }
  | { do: 'overwrite'; path: string; from: number; bytes: number }
  | { do: 'fillDisk'; path: string }
  | { do: 'remove'; path: string };

/** `wrap` is a command that runs another one, such as one that first limits the size of files. */
export async function startOtherProcess(
  options: { nodeArguments?: string[]; wrap?: string[] } = {},
): Promise<OtherProcess> {
  const command = [...(options.wrap ?? []), process.execPath, ...(options.nodeArguments ?? [])];
  const [file = '', ...rest] = [...command, import.meta.filename, 'other-process'];
  const child: ChildProcess = spawn(file, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  // A test that times out in here must not keep the test run alive.
  child.unref();
  child.channel?.unref();
  await once(child, 'message');
  return {
    pid: child.pid ?? 0,
    run: async task => {
      child.send(task);
      const [reply] = (await once(child, 'message')) as [{ result?: unknown; error?: string }];
      if (reply.error) throw new Error(reply.error);
      return reply.result;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

function worker(): (task: Task) => unknown {
  let now = 0;
  let ledger: ReturnType<typeof openLedger> | undefined;
  let locked: DatabaseSync | undefined;
  const opened = () => {
    if (!ledger) throw new Error('open first');
    return ledger;
  };
  return task => {
    switch (task.do) {
      case 'open':
        now = task.now;
        ledger = openLedger({ directory: task.directory, now: () => now });
        return ledger.health;
      case 'record':
        return opened().recordRefusals(task.refusals);
      case 'recordOneByOne':
        for (const refusal of task.refusals) opened().recordRefusals([refusal]);
        return opened().health;
      case 'recordTallies':
        return opened().recordTallies(task.tallies);
      case 'recordTalliesOneByOne':
        for (const tally of task.tallies) opened().recordTallies([tally]);
        return opened().health;
      case 'recordSwitch':
        return opened().recordSwitch(task.billingSwitch);
      case 'shareLimits':
        return opened().shareLimits(task.learned);
      case 'sharedLimits':
        return opened().sharedLimits(task.since);
      case 'count':
        return opened().lastRefusals(1_000_000).length;
      case 'writePart':
        return opened().writePart(task.account, task.part, task.stored);
      case 'partLength':
        return opened().readPart(task.account, task.part)?.value?.length;
      case 'acquireLease':
        return opened().acquireLease(task.name, task.holder, task.now, task.ttlMs);
      case 'health':
        opened().dataVersion();
        return opened().health;
      case 'advance':
        now += task.ms;
        return now;
      case 'close':
        return opened().close();
      case 'lock':
        locked = new DatabaseSync(task.path);
        locked.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version');
        return;
      case 'lockWrites':
        locked = new DatabaseSync(task.path);
        locked.exec('BEGIN IMMEDIATE');
        return;
      case 'unlock':
        locked?.exec('ROLLBACK');
        return locked?.close();
      case 'overwrite':
        return overwrite(task.path, task.from, task.bytes);
      case 'fillDisk':
        return fillDisk(task.path);
      case 'remove':
        return rmSync(task.path);
    }
  };
}

function overwrite(path: string, from: number, bytes: number): void {
  const file = openSync(path, 'r+');
  // Not zeros: SQLite takes an empty page for an empty database.
  const noise = Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 167 + 91) % 256));
  writeSync(file, noise, 0, bytes, from);
  closeSync(file);
}

function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4_096, 'x');
  try {
    for (;;) writeSync(file, block);
  } catch {
    closeSync(file);
  }
}

if (process.argv[2] === 'other-process') {
  const run = worker();
  process.on('message', (task: Task) => {
    try {
      process.send?.({ result: run(task) });
    } catch (error) {
      process.send?.({ error: String(error) });
    }
  });
  process.send?.('ready');
}
