import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryStore } from '../../../src/ledger/memoryStore.ts';
import { anyRefusal, dayMs, hourMs, noon, refusal } from './refusals.ts';
import { sqliteStore, stores } from './stores.ts';

for (const [where, newStore] of stores) {
  describe(`refusals ${where}`, () => {
    it('come back newest first, with exactly the fields that were known', () => {
      const store = newStore();
      const full = refusal({
        at: noon + 1,
        limit: 1000,
        remaining: 0,
        windowSeconds: 300,
        resetsAt: noon + 300_000,
        billedTo: 'acme',
        model: 'org/model',
        program: 'python train.py',
        headers: { ratelimit: '"api";r=0;t=42' },
      });
      store.recordRefusals([refusal({ at: noon + 2, cause: 'capacity' }), full, refusal()]);
      assert.deepEqual(store.lastRefusals(2), [refusal({ at: noon + 2, cause: 'capacity' }), full]);
      assert.deepEqual(store.lastRefusals(0), []);
    });

    it('of a time come back newest first, both ends included, and no more than asked for', () => {
      const store = newStore();
      const [first, second, third] = [0, 1, 2].map(offset => refusal({ at: noon + offset }));
      assert.ok(first && second && third);
      store.recordRefusals([first, second, third]);
      assert.deepEqual(store.refusalsBetween(noon, noon + 1, 9), [second, first]);
      assert.deepEqual(store.refusalsBetween(noon, noon + 2, 1), [third]);
    });

    it('are forgotten up to a time, with what they counted for', () => {
      const store = newStore();
      const later = refusal({ at: noon + 2, cause: 'credits' });
      store.recordRefusals([refusal({ at: noon - hourMs }), refusal(), refusal({ at: noon + 1 }), later]);
      store.forgetRefusals(noon + 1);
      assert.deepEqual(store.lastRefusals(9), [later]);
      assert.deepEqual(store.refusalCountsByHour(0), new Map([[noon, 1]]));
      assert.deepEqual(store.refusalCountsByCause(0), new Map([['credits', 1]]));
      store.forgetRefusals(noon + 2);
      store.recordRefusals([refusal()]);
      assert.deepEqual(store.lastRefusals(9), [refusal()]);
      assert.deepEqual(store.refusalCountsByHour(0), new Map([[noon, 1]]));
    });

    it('seen by two sources within 2 s are one, completed by what the second knows', () => {
      const store = newStore();
      store.recordRefusals([refusal({ source: 'terminal' })]);
      store.recordRefusals([
        refusal({ at: noon + 2_000, source: 'gateway', limit: 1000, message: 'other words' }),
      ]);
      assert.deepEqual(store.lastRefusals(9), [refusal({ source: 'terminal', limit: 1000 })]);
      assert.deepEqual([...store.refusalCountsByCause(0)], [['rate', 1]]);
    });

    it('seen by two sources more than 2 s apart, or that differ in anything, are two', () => {
      for (const different of [
        { at: noon + 2_001 },
        { status: 402 },
        { cause: 'tokens' },
        { by: 'together' },
        { scope: 'pages' },
        { billedTo: 'other' },
        { model: 'org/other' },
      ] as const) {
        const store = newStore();
        store.recordRefusals([refusal({ source: 'terminal', billedTo: 'acme', model: 'org/model' })]);
        store.recordRefusals([refusal({ ...different, source: 'gateway' })]);
        assert.equal(store.lastRefusals(9).length, 2, JSON.stringify(different));
      }
    });

    it('are one when one source knows less, and the row then has what each knew', () => {
      const terse = refusal({ source: 'terminal', cause: 'unknown', by: 'unknown', program: 'python a.py' });
      const { scope: _, ...unnamed } = { ...terse, message: 'HTTP/2 429' };
      const told = refusal({ at: noon + 50, cause: 'tokens', by: 'groq', billedTo: 'acme', model: 'm' });
      const whole = { ...told, at: noon, source: 'terminal', program: 'python a.py' } as const;
      for (const [first, second, row] of [
        [unnamed, told, whole],
        [told, { ...unnamed, at: noon + 60 }, { ...told, program: 'python a.py' }],
      ] as const) {
        const store = newStore();
        store.recordRefusals([first]);
        store.recordRefusals([second]);
        assert.deepEqual(store.lastRefusals(9), [row]);
        assert.deepEqual([...store.refusalCountsByCause(0)], [['tokens', 1]]);
      }
    });

    it('of one source are as many as were recorded, and each is matched by another source once', () => {
      const store = newStore();
      store.recordRefusals([refusal(), refusal()]);
      assert.equal(store.lastRefusals(9).length, 2);
      store.recordRefusals([1, 2, 3].map(() => refusal({ source: 'terminal' })));
      assert.deepEqual(
        store.lastRefusals(9).map(({ source }) => source),
        ['terminal', 'gateway', 'gateway'],
      );
      assert.deepEqual([...store.refusalCountsByHour(0)], [[noon, 3]]);
    });

    it('are counted from the hour on that `since` falls into', () => {
      const store = newStore();
      store.recordRefusals([
        refusal({ at: noon - 1 }),
        refusal(),
        refusal({ at: noon + 1, cause: 'credits' }),
        refusal({ at: noon + hourMs }),
      ]);
      assert.deepEqual(
        [...store.refusalCountsByHour(noon + 59 * 60_000)],
        [
          [noon, 2],
          [noon + hourMs, 1],
        ],
      );
      assert.deepEqual(
        store.refusalCountsByCause(noon),
        new Map([
          ['rate', 2],
          ['credits', 1],
        ]),
      );
    });

    it('are rolled up to what a scan counts, whatever the order and the batches', () => {
      fc.assert(
        fc.property(fc.array(fc.array(anyRefusal, { maxLength: 12 }), { maxLength: 6 }), batches => {
          const store = newStore();
          for (const batch of batches) store.recordRefusals(batch);
          const rows = store.lastRefusals(1_000);
          for (const since of [0, noon - dayMs, noon - 5_000, noon]) {
            const hour = Math.floor(since / hourMs) * hourMs;
            const byCause = new Map<string, number>();
            const byHour = new Map<number, number>();
            for (const { at, cause } of rows.filter(row => row.at >= hour)) {
              byCause.set(cause, (byCause.get(cause) ?? 0) + 1);
              const of = Math.floor(at / hourMs) * hourMs;
              byHour.set(of, (byHour.get(of) ?? 0) + 1);
            }
            assert.deepEqual(store.refusalCountsByCause(since), byCause);
            assert.deepEqual(store.refusalCountsByHour(since), byHour);
          }
        }),
      );
    });
  });
}

describe('memory and SQLite', () => {
  it('keep the same refusals', () => {
    fc.assert(
      fc.property(fc.array(anyRefusal, { maxLength: 40 }), refusals => {
        const memory = new MemoryStore();
        const sqlite = sqliteStore();
        for (const one of refusals) {
          memory.recordRefusals([one]);
          sqlite.recordRefusals([one]);
        }
        assert.deepEqual(memory.lastRefusals(100), sqlite.lastRefusals(100));
        sqlite.close();
      }),
    );
  });
});
