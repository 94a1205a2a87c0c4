import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import type { Refusal } from '../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../src/limits/requests/requestTally.ts';

/**
 * Rows, bytes and time after 100,000 distinct names of each kind that a caller can vary, each kind in a ledger of
 * its own; and a ledger of an older version with a million rows of sums, brought within the bounds.
 * Run: node test/bench/growth.ts (Node 24).
 */
const distinct = 100_000;
const batch = 250;
const hourMs = 3_600_000;
const now = Math.floor(Date.now() / hourMs) * hourMs;

const kinds: Readonly<Record<string, (ledger: Ledger, index: number) => void>> = {
  models: (ledger, index) =>
    ledger.recordTallies(each(index, at => tally({ model: `acme/${at}`, provider: `provider-${at}` }))),
  'own tokens': (ledger, index) =>
    ledger.recordTallies(each(index, at => tally({ billedTo: `own-token+org:${at}`, model: `acme/${at}` }))),
  payers: (ledger, index) => ledger.recordTallies(each(index, at => tally({ billedTo: `org:${at}` }))),
  refusals: (ledger, index) =>
    ledger.recordRefusals(each(index, at => refusal({ model: `acme/${at}`, scope: `acme/${at}` }))),
  'refusals of any provider': (ledger, index) =>
    ledger.recordRefusals(each(index, at => refusal({ by: `provider-${at}`, billedTo: `key:${at}` }))),
  'refusals alike': (ledger, index) => ledger.recordRefusals(each(index, () => refusal({}))),
  workspaces: (ledger, index) => {
    for (const at of each(index, one => one)) {
      const workspace = `workspace-${at}`;
      ledger.setPreference(`billing.profile/${workspace}`, 'org:acme');
      ledger.setPreference(`notice/blocked/${workspace}`, `${now} ${now}`);
      ledger.recordSwitch({ at: now, workspace, from: 'personal', to: 'org:acme', reason: 'chosen' });
    }
  },
  accounts: (ledger, index) => {
    for (const at of each(index, one => one)) {
      ledger.writePart(`account-${at}`, 'v1/usage', { value: '{"usedNanoUsd":1}', asOf: now + at });
      ledger.recordBalance(`account-${at}`, now + at, 1);
      ledger.acquireLease(`poll/account-${at}`, 'bench', now, 30_000);
    }
  },
};

function each<T>(from: number, make: (index: number) => T): T[] {
  return Array.from({ length: batch }, (_, offset) => make(from + offset));
}

function tally(different: Partial<RequestTally>): RequestTally {
  return {
    at: now,
    status: 200,
    billedTo: 'personal',
    promptTokens: 500,
    completionTokens: 90,
    costNanoUsd: 120_000,
    durationMs: 850.25,
    ...different,
  };
}

function refusal(different: Partial<Refusal>): Refusal {
  return {
    at: now,
    status: 429,
    cause: 'rate',
    by: 'huggingface',
    source: 'gateway',
    message: 'We had to rate limit you',
    ...different,
  };
}

const tables = [
  'request_tallies',
  'request_hours',
  'workspace_quarters',
  'refusals',
  'preferences',
  'billing_switches',
  'parts',
  'balances',
  'leases',
];

/** Of the tables that have any. */
function rowsIn(directory: string): string {
  const database = new DatabaseSync(join(directory, 'ledger.db'), { readOnly: true });
  const counts = tables.map(table => [
    table,
    database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n,
  ]);
  database.close();
  return counts
    .filter(([, count]) => Number(count) > 1)
    .map(([table, count]) => `${table}=${count}`)
    .join(' ');
}

function bytesIn(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

function inFolder(run: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'headroom-growth-'));
  try {
    run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function seconds(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function grow(name: string, write: (ledger: Ledger, index: number) => void): void {
  inFolder(directory => {
    const ledger = openLedger({ directory, now: () => now });
    const took = seconds(() => {
      for (let index = 0; index < distinct; index += batch) write(ledger, index);
    });
    const bytes = bytesIn(directory);
    ledger.close();
    const perName = ((took / distinct) * 1e6).toFixed(0);
    console.log(
      `growth ${name}: ${took.toFixed(1)} s, ${perName} µs each, ${(bytes / 1e6).toFixed(1)} MB, ${rowsIn(directory)}`,
    );
  });
}

/** A million sums of one hour, and 20,000 of a year before it, as an older version wrote them. */
function fillAsOlder(directory: string): void {
  openLedger({ directory, now: () => now }).close();
  const database = new DatabaseSync(join(directory, 'ledger.db'));
  database.exec('PRAGMA auto_vacuum = NONE; VACUUM; BEGIN');
  const insert = database.prepare(
    `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
       completion_tokens, cost_nano_usd, uncosted) VALUES (?, ?, 'groq', ?, 1, 0, 10, 5, 7, 0)`,
  );
  for (let index = 0; index < 20_000; index++)
    insert.run(now - (index % 8_000) * hourMs, 'personal', `m${index % 3}`);
  for (let index = 0; index < 1_000_000; index++) insert.run(now - 5 * hourMs, 'own-token', `acme/${index}`);
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

function shrinkOlder(): void {
  inFolder(directory => {
    fillAsOlder(directory);
    const before = bytesIn(directory);
    let clock = now;
    let ledger: Ledger | undefined;
    const opening = seconds(() => {
      ledger = openLedger({ directory, now: () => clock });
      ledger.setPreference('any', 'write');
    });
    const sum = () => ledger?.tallyTotals(0).reduce((all, { costNanoUsd }) => all + costNanoUsd, 0);
    const cost = sum();
    const steps: number[] = [];
    for (let step = 0; step < 1_500; step++) {
      clock += 2_000;
      const took = seconds(() => ledger?.setPreference('any', 'write')) * 1e3;
      if (took > 0.5) steps.push(took);
    }
    const kept = sum() === cost;
    const bytes = bytesIn(directory);
    ledger?.close();
    const sorted = steps.toSorted((one, other) => one - other);
    const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(
      `growth older ledger: opened and swept once in ${(opening * 1e3).toFixed(0)} ms; ${steps.length} steps of ${median.toFixed(1)} ms, ` +
        `the slowest ${slowest.toFixed(0)} ms; ${(before / 1e6).toFixed(0)} -> ${(bytes / 1e6).toFixed(1)} MB, ` +
        `sums ${kept ? 'kept' : 'LOST'}, ${rowsIn(directory)}`,
    );
  });
}

for (const [name, write] of Object.entries(kinds)) grow(name, write);
shrinkOlder();
