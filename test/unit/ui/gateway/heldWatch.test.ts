import assert from 'node:assert/strict';
import type { HeldRequests } from '../../../../src/gateway/options.ts';
import { HeldWatch } from '../../../../src/ui/gateway/heldWatch.ts';
import { calmHeld, type Held, heldTotal, shownHeld } from '../../../../src/view/account/heldRequests.ts';
import { fixedNow, held, secondMs } from '../../view/builders.ts';

const at = (limit: string, change: Partial<HeldRequests> = {}): HeldRequests => {
  const { since: _, ...reported } = held({ limit });
  return { ...reported, ...change };
};

describe('HeldWatch', () => {
  let now: number;
  let watch: HeldWatch;
  let changes: number;
  beforeEach(() => {
    now = fixedNow;
    changes = 0;
    watch = new HeldWatch(() => now);
    watch.onDidChange(() => {
      changes += 1;
    });
  });
  const since = () => watch.current.map(({ limit, since }) => [limit, since - fixedNow]);

  it('has the time since which a limit holds requests without a break', () => {
    watch.report([at('a')]);
    now += 400;
    watch.report([at('b'), at('a', { waiting: 3 })]);
    assert.deepEqual(since(), [
      ['a', 0],
      ['b', 400],
    ]);
    assert.equal(watch.current[0]?.waiting, 3);
    watch.report([at('b')]);
    now += 400;
    watch.report([at('b'), at('a')]);
    assert.deepEqual(since(), [
      ['b', 400],
      ['a', 800],
    ]);
  });

  it('keeps the limits’ order when the gateway reports them in another', () => {
    watch.report([at('a'), at('b')]);
    watch.report([at('b'), at('a')]);
    assert.deepEqual(
      watch.current.map(({ limit }) => limit),
      ['a', 'b'],
    );
  });

  it('is empty once the gateway has ended, and notifies once', () => {
    watch.report([at('a')]);
    watch.report([]);
    watch.report([]);
    assert.deepEqual([watch.current, changes], [[], 2]);
  });

  it('has no `since` in the future after the clock was set back', () => {
    watch.report([at('a')]);
    now -= 60 * secondMs;
    watch.report([at('a')]);
    assert.deepEqual(since(), [['a', -60 * secondMs]]);
  });

  it('notifies no listener after dispose', () => {
    watch.dispose();
    watch.report([at('a')]);
    assert.equal(changes, 0);
  });
});

describe('held requests for view models', () => {
  it('show after a second, so that short waits make no view jump', () => {
    const brief = held({ since: fixedNow - 999 });
    const lasting = held({ since: fixedNow - 1_000 });
    assert.deepEqual(shownHeld([brief, lasting], fixedNow), [lasting]);
  });

  it('are counted together, until the first can go', () => {
    const other = held({ waiting: 3, until: fixedNow + 9 * secondMs });
    assert.deepEqual(heldTotal([held(), other], fixedNow), { waiting: 15, until: fixedNow + 9 * secondMs });
    assert.deepEqual(
      heldTotal([held(), held({ until: undefined })], fixedNow)?.until,
      fixedNow + 38 * secondMs,
    );
    assert.deepEqual(
      heldTotal([held({ until: fixedNow })], fixedNow),
      { waiting: 12 },
      'a time in the past is left out',
    );
    assert.equal(heldTotal([], fixedNow), undefined);
  });

  describe('in a hover', () => {
    const first = [held()];
    const next = (changed: readonly Held[], at: number) => {
      const calm = calmHeld();
      calm(first, fixedNow);
      return calm(changed, at);
    };

    it('keep their counts for the rest of ten seconds', () => {
      const fewer = [held({ waiting: 11 })];
      assert.equal(next(fewer, fixedNow + 9_999), first);
      assert.equal(next(fewer, fixedNow + 10_000), fewer);
    });

    it('change at once when another limit holds requests, or none does', () => {
      const both = [held(), held({ limit: 'groq' })];
      assert.equal(next(both, fixedNow + 1), both);
      assert.deepEqual(next([], fixedNow + 1), []);
    });
  });
});
