import assert from 'node:assert/strict';
import type { HeldRequests } from '../../../../src/gateway/options.ts';
import { HeldWatch } from '../../../../src/ui/gateway/heldWatch.ts';
import { calmHeld, nextCalmAt, shownHeld, waitingOf } from '../../../../src/view/account/heldRequests.ts';
import { fixedNow, held, secondMs } from '../../view/builders.ts';

const at = (limit: string, change: Partial<HeldRequests> = {}): HeldRequests => {
  const { since: _, ...told } = held({ limit });
  return { ...told, ...change };
};

describe('who waits in the gateway', () => {
  let now: number;
  let watch: HeldWatch;
  let told: number;
  beforeEach(() => {
    now = fixedNow;
    told = 0;
    watch = new HeldWatch(() => now);
    watch.onDidChange(() => {
      told += 1;
    });
  });
  const since = () => watch.current.map(({ limit, since }) => [limit, since - fixedNow]);

  it('is known since when somebody waits there without a break', () => {
    watch.tell([at('a')]);
    now += 400;
    watch.tell([at('b'), at('a', { waiting: 3 })]);
    assert.deepEqual(since(), [
      ['a', 0],
      ['b', 400],
    ]);
    assert.equal(watch.current[0]?.waiting, 3);
    watch.tell([at('b')]);
    now += 400;
    watch.tell([at('b'), at('a')]);
    assert.deepEqual(since(), [
      ['b', 400],
      ['a', 800],
    ]);
  });

  it('stays in its order, although the gateway serves the limits in turns', () => {
    watch.tell([at('a'), at('b')]);
    watch.tell([at('b'), at('a')]);
    assert.deepEqual(
      watch.current.map(({ limit }) => limit),
      ['a', 'b'],
    );
  });

  it('is nobody once the gateway is gone, which is told once', () => {
    watch.tell([at('a')]);
    watch.clear();
    watch.clear();
    assert.deepEqual([watch.current, told], [[], 2]);
  });

  it('has not waited since a time that is still to come, when the clock was set back', () => {
    watch.tell([at('a')]);
    now -= 60 * secondMs;
    watch.tell([at('a')]);
    assert.deepEqual(since(), [['a', -60 * secondMs]]);
  });

  it('is told to nobody any more after the window has closed', () => {
    watch.dispose();
    watch.tell([at('a')]);
    assert.equal(told, 0);
  });
});

describe('who waits, for faces', () => {
  it('is whoever has waited for a second: what is held for a moment makes nothing jump', () => {
    const brief = held({ since: fixedNow - 999 });
    const lasting = held({ since: fixedNow - 1_000 });
    assert.deepEqual(shownHeld([brief, lasting], fixedNow), [lasting]);
    assert.deepEqual(shownHeld(undefined, fixedNow), []);
  });

  it('is counted together, up to the first who can go', () => {
    const other = held({ waiting: 3, until: fixedNow + 9 * secondMs });
    assert.deepEqual(waitingOf([held(), other], fixedNow), { waiting: 15, until: fixedNow + 9 * secondMs });
    assert.deepEqual(
      waitingOf([held(), held({ until: undefined })], fixedNow)?.until,
      fixedNow + 38 * secondMs,
    );
    assert.deepEqual(
      waitingOf([held({ until: fixedNow })], fixedNow),
      { waiting: 12 },
      'a time that has come is none',
    );
    assert.equal(waitingOf([], fixedNow), undefined);
  });

  describe('in a hover', () => {
    const before = { held: [held()], at: fixedNow };

    it('stays as it was for ten seconds while only counts change', () => {
      const fewer = [held({ waiting: 11 })];
      assert.equal(calmHeld(before, fewer, fixedNow + 9_999), before);
      assert.equal(nextCalmAt(before, fewer), fixedNow + 10_000);
      assert.deepEqual(calmHeld(before, fewer, fixedNow + 10_000), { held: fewer, at: fixedNow + 10_000 });
      assert.equal(nextCalmAt(before, before.held), undefined);
    });

    it('changes at once when another limit holds requests, or none does', () => {
      const both = [held(), held({ limit: 'groq' })];
      assert.deepEqual(calmHeld(before, both, fixedNow + 1).held, both);
      assert.deepEqual(calmHeld(before, [], fixedNow + 1).held, []);
      assert.deepEqual(calmHeld(undefined, both, fixedNow).held, both);
    });
  });
});
