import assert from 'node:assert/strict';
import { luck } from './events.ts';
import { FixedWindow, SilentConcurrency, TokensPerMinute } from './servers.ts';
import { type Outcome, type Program, simulate, start } from './simulation.ts';

const wayMs = [10, 100] as const;
const seeds = [1, 2, 3, 4, 5];

function assertGood(outcome: Outcome, work: number, leastMs: number, mostRefused = 0.002): void {
  assert.equal(outcome.seenByCallers, 0);
  assert.equal(outcome.reachedServer - outcome.refusedAtServer, work);
  const summary = `${outcome.refusedAtServer} of ${work} refused, ${outcome.totalMs / leastMs} of the least time`;
  assert.ok(outcome.refusedAtServer <= work * mostRefused, summary);
  assert.ok(outcome.totalMs <= leastMs * 1.05, summary);
}

function programs(names: readonly string[], requests: number, concurrency: number): Program[] {
  return names.map(name => ({ name, requests, concurrency }));
}

for (const seed of seeds) {
  describe(`pacer: a burst, random seed ${seed}`, () => {
    it("fills Hugging Face's windows with hardly a refusal", () => {
      for (const sinceResetMs of [0, 123_456, 299_000]) {
        const outcome = simulate({
          server: new FixedWindow(1000, 300, start - sinceResetMs),
          programs: programs(['a'], 3000, 64),
          wayMs,
          serviceMs: 50,
          seed,
        });
        // not all of a window can be used in its last second
        const windows = sinceResetMs > 290_000 ? 3 : 2;
        assertGood(outcome, 3000, windows * 300_000 - sinceResetMs);
      }
    });

    it('meets few refusals when the window was spent before', () => {
      const server = new FixedWindow(1000, 300, start - 100_000);
      for (let used = 0; used < 1000; used += 1) server.receive(start);
      const outcome = simulate({ server, programs: programs(['a'], 3000, 64), wayMs, serviceMs: 50, seed });
      assertGood(outcome, 3000, 800_000);
    });

    it('fills a window of a few seconds', () => {
      const server = new FixedWindow(1000, 6, start);
      const world = {
        server,
        programs: programs(['a'], 3000, 64),
        wayMs: [1, 5],
        serviceMs: 5,
        seed,
      } as const;
      assertGood(simulate(world), 3000, 12_000);
    });

    it('keeps within tokens per minute, whatever the estimates', () => {
      for (const fillsSlowly of [false, true]) {
        for (const estimate of [300, 600, 3000]) {
          let sum = 0;
          const random = luck(seed);
          const tokens = () => {
            const used = Math.round(200 + random() * 800);
            sum += used;
            return used;
          };
          const outcome = simulate({
            server: new TokensPerMinute(60_000, start, fillsSlowly),
            // in the last half window, whole requests that leave it unfilled lose no time
            programs: [{ name: 'a', requests: 1450, concurrency: 64, tokens, estimate }],
            wayMs,
            serviceMs: 2000,
            seed,
          });
          const leastMs = fillsSlowly ? sum - 60_000 : Math.floor(sum / 60_000) * 60_000;
          assertGood(outcome, 1450, leastMs);
        }
      }
    });

    it('finds the concurrency limit without a header', () => {
      for (const cause of ['concurrency', 'unknown'] as const) {
        for (const limit of [4, 16, 40]) {
          const outcome = simulate({
            server: new SilentConcurrency(limit, cause),
            programs: programs(['a'], 3000, 64),
            wayMs: [5, 30],
            serviceMs: 500,
            seed,
          });
          assertGood(outcome, 3000, (3000 / limit) * (500 + 2 * 11.25));
          assert.ok(outcome.mostInFlight < limit * 1.3 + 1);
        }
      }
    });

    it('shares one token between gateways, with and without a shared ledger', () => {
      for (const [sharedEveryMs, count] of [
        [undefined, 2],
        [1000, 2],
        [1000, 4],
      ] as const) {
        const outcome = simulate({
          server: new FixedWindow(1000, 300, start),
          gateways: count,
          ...(sharedEveryMs !== undefined && { sharedEveryMs }),
          programs: Array.from({ length: count }, (_, gateway) => ({
            name: `program ${gateway}`,
            requests: 3000 / count,
            concurrency: 64,
            gateway,
          })),
          wayMs,
          serviceMs: 50,
          seed,
        });
        assertGood(outcome, 3000, 600_000, 0.005);
      }
    });

    it('serves four programs fairly', () => {
      const outcome = simulate({
        server: new FixedWindow(1000, 300, start),
        programs: programs(['a', 'b', 'c', 'd'], 750, 16),
        wayMs,
        serviceMs: 50,
        seed,
      });
      assertGood(outcome, 3000, 600_000, 0.005);
      const waits = [...outcome.tookMs.values()].map(mean);
      assert.ok(Math.max(...waits) <= 1.2 * mean(waits), waits.join(' '));
      const ends = [...outcome.endedAtMs.values()];
      assert.ok(Math.max(...ends) <= 1.2 * mean(ends));
    });

    it('does not delay a program with few requests for one with many', () => {
      const outcome = simulate({
        server: new SilentConcurrency(8, 'concurrency'),
        programs: [...programs(['large'], 2000, 100), ...programs(['small'], 200, 8)],
        wayMs: [5, 30],
        serviceMs: 500,
        seed,
      });
      // half of the 8 places are its own: 8 requests share 4
      assert.ok(mean(outcome.tookMs.get('small') ?? []) <= 1.2 * 2 * 522.5);
    });
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
