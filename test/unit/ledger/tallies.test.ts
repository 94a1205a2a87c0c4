import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryStore } from '../../../src/ledger/memoryStore.ts';
import { talliesInMemory, talliesKept } from '../../../src/ledger/retention.ts';
import type { Store } from '../../../src/ledger/store.ts';
import { hoursOf } from '../../../src/ledger/tallyRollup.ts';
import { isRefused, isUncosted, type RequestTally } from '../../../src/limits/requests/requestTally.ts';
import { hourMs, noon } from './refusals.ts';
import { sqliteStore, stores } from './stores.ts';
import { anyTally, billingSwitch, sorted, tally, tallyHour, total } from './tallies.ts';

function record(store: Store, tallies: readonly RequestTally[]): void {
  store.writeTallies(tallies, hoursOf(tallies));
}

for (const [where, newStore] of stores) {
  describe(`request tallies ${where}`, () => {
    it('come back the last recorded first, with exactly the fields that were known', () => {
      const store = newStore();
      const bare: RequestTally = { at: noon - 9, status: 0, billedTo: 'own-token', durationMs: 0.5 };
      record(store, [tally(), tally({ at: noon + 1, costNanoUsd: 0 })]);
      record(store, [bare]);
      assert.deepEqual(store.lastTallies(2), [bare, tally({ at: noon + 1, costNanoUsd: 0 })]);
      assert.deepEqual(store.lastTallies(0), []);
      assert.equal(store.lastTallies(9).length, 3);
    });

    it('are told apart by payer, provider and model, of which the last two may be unknown', () => {
      const store = newStore();
      const different = [
        {},
        { billedTo: 'org:acme' },
        { provider: 'groq' },
        { model: 'org/other' },
        { model: undefined },
        { provider: undefined },
        { provider: undefined, model: undefined },
      ];
      record(
        store,
        [...different, ...different].map(fields => known(tally(fields))),
      );
      const twice = { requests: 2, promptTokens: 1000, completionTokens: 180, costNanoUsd: 240_000 };
      assert.deepEqual(
        sorted(store.tallyTotals(0)),
        sorted(different.map(fields => known(total({ ...twice, ...fields })))),
      );
    });

    it('count refusals, and as of unknown cost only what may have cost something', () => {
      const store = newStore();
      const unknown = { promptTokens: undefined, completionTokens: undefined, costNanoUsd: undefined };
      record(store, [
        ...[402, 429].map(status => tally({ ...unknown, status })),
        ...[400, 404, 500, 503].map(status => tally({ ...unknown, status })),
        ...[0, 200].map(status => tally({ ...unknown, status })),
        tally({ costNanoUsd: 0 }),
      ]);
      assert.deepEqual(store.tallyTotals(0), [
        total({ requests: 9, refused: 2, uncosted: 2, costNanoUsd: 0 }),
      ]);
    });

    it('are counted from the hour on that `since` falls into', () => {
      const store = newStore();
      record(store, [
        tally({ at: noon - 1, costNanoUsd: 1 }),
        tally({ costNanoUsd: 20 }),
        tally({ at: noon + hourMs, costNanoUsd: 300 }),
      ]);
      const costs = [noon - 1, noon + 59 * 60_000, noon + hourMs, noon + 2 * hourMs].map(since =>
        store.tallyTotals(since).map(({ costNanoUsd }) => costNanoUsd),
      );
      assert.deepEqual(costs, [[321], [320], [300], []]);
    });

    it('may come apart from their hours', () => {
      const store = newStore();
      store.writeTallies([tally()], [tallyHour({ requests: 7 })]);
      store.writeTallies([], [tallyHour({ hour: noon - hourMs, requests: 1 })]);
      assert.deepEqual(store.lastTallies(9), [tally()]);
      assert.equal(store.tallyTotals(noon)[0]?.requests, 7);
      assert.equal(store.tallyTotals(0)[0]?.requests, 8);
    });

    it('of absurd amounts can still be read', () => {
      const store = newStore();
      const absurd = { promptTokens: 2 ** 53, completionTokens: 1e300, costNanoUsd: 2 ** 53 };
      record(store, [tally(absurd), tally(absurd)]);
      record(store, [tally(absurd)]);
      assert.deepEqual(store.lastTallies(1), [tally(absurd)]);
      assert.equal(store.tallyTotals(0)[0]?.costNanoUsd, 3 * 2 ** 53);
    });

    it('are rolled up to what a scan counts, whatever the order and the batches', () => {
      fc.assert(
        fc.property(fc.array(fc.array(anyTally, { maxLength: 12 }), { maxLength: 6 }), batches => {
          const store = newStore();
          for (const batch of batches) record(store, batch);
          const rows = store.lastTallies(1_000);
          assert.deepEqual(rows, batches.flat().reverse());
          for (const since of [0, noon - 2 * hourMs, noon]) {
            const hour = Math.floor(since / hourMs) * hourMs;
            const counted = rows.filter(({ at }) => at >= hour);
            const groups = Map.groupBy(counted, one =>
              JSON.stringify([one.billedTo, one.provider, one.model]),
            );
            assert.deepEqual(sorted(store.tallyTotals(since)), sorted([...groups.values()].map(scanned)));
          }
        }),
      );
    });
  });

  describe(`billing switches ${where}`, () => {
    it('come back the last recorded first, of all workspaces', () => {
      const store = newStore();
      const everywhere = { at: noon - 5, from: 'org:acme', to: 'key:groq', reason: 'credits' } as const;
      store.recordSwitch(billingSwitch());
      store.recordSwitch(everywhere);
      assert.deepEqual(store.lastSwitches(9), [everywhere, billingSwitch()]);
      assert.deepEqual(store.lastSwitches(1), [everywhere]);
      assert.deepEqual(store.lastSwitches(0), []);
    });
  });
}

describe('request tallies', () => {
  it('are bounded in SQLite, and their totals are not', () => {
    const store = sqliteStore();
    const batch = Array.from({ length: 10_000 }, () => tally());
    const kept = () => store.lastTallies(1_000_000).length;
    for (let written = 0; written <= talliesKept; written += batch.length) {
      record(store, batch);
      assert.ok(kept() <= talliesKept);
    }
    record(store, [tally({ status: 429 })]);
    assert.ok(kept() <= talliesKept);
    assert.ok(kept() >= 0.95 * talliesKept);
    assert.equal(store.lastTallies(1)[0]?.status, 429);
    assert.equal(store.tallyTotals(0)[0]?.requests, talliesKept + batch.length + 1);
    store.close();
  });

  it('are bounded in SQLite in small batches as well', () => {
    const store = sqliteStore();
    record(
      store,
      Array.from({ length: talliesKept }, () => tally()),
    );
    for (let written = 1; written <= 300; written++) {
      record(
        store,
        Array.from({ length: 7 }, () => tally()),
      );
      if (written % 50 !== 0) continue;
      const kept = store.lastTallies(1_000_000).length;
      assert.ok(kept <= talliesKept && kept >= 0.95 * talliesKept, `${kept} after ${written}`);
    }
    store.close();
  });

  it('are bounded in memory, and their totals are not', () => {
    const store = new MemoryStore();
    for (let index = 0; index < talliesInMemory + 5; index++) record(store, [tally({ at: noon + index })]);
    assert.equal(store.lastTallies(1_000_000).length, talliesInMemory);
    assert.equal(store.lastTallies(1)[0]?.at, noon + talliesInMemory + 4);
    assert.equal(store.tallyTotals(0)[0]?.requests, talliesInMemory + 5);
  });

  it('that fail half-way leave nothing behind in SQLite', () => {
    const store = sqliteStore();
    const broken = tally({ billedTo: null as unknown as string });
    assert.throws(() => record(store, [tally(), broken]), /NOT NULL/);
    assert.throws(() =>
      store.atOnce(() => {
        store.recordSwitch(billingSwitch());
        record(store, [tally(), broken]);
      }),
    );
    record(store, []);
    assert.deepEqual([store.lastTallies(9), store.tallyTotals(0), store.lastSwitches(9)], [[], [], []]);
    store.close();
  });
});

/** Without the keys that are undefined. */
function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function scanned(rows: readonly RequestTally[]) {
  const { billedTo = '', provider, model } = rows[0] ?? {};
  const sum = (amount: (row: RequestTally) => number | undefined) =>
    rows.reduce((all, row) => all + (amount(row) ?? 0), 0);
  return known({
    billedTo,
    provider,
    model,
    requests: rows.length,
    refused: rows.filter(isRefused).length,
    promptTokens: sum(row => row.promptTokens),
    completionTokens: sum(row => row.completionTokens),
    costNanoUsd: sum(row => row.costNanoUsd),
    uncosted: rows.filter(isUncosted).length,
  });
}
