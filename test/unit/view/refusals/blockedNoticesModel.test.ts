import assert from 'node:assert/strict';
import type { Payer } from '../../../../src/billing/profile.ts';
import { newBlockedNotices } from '../../../../src/view/refusals/blockedNoticesModel.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  hourMs,
  hubRefusal,
  minuteMs,
  refusal,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount();
const spent = ada.withCredits({ usedNanoUsd: usd(2), includedNanoUsd: usd(2) });

function aLedger() {
  const preferences = new Map<string, string>();
  return {
    preferences,
    getPreference: (key: string) => preferences.get(key),
    setPreference: (key: string, value: string | undefined) => {
      if (value === undefined) preferences.delete(key);
      else preferences.set(key, value);
    },
  };
}

/** A window: takes refusals, oldest last, and returns its notices. */
function aWindow(reported = aLedger(), account = spent) {
  return (refusals: Parameters<typeof ada.withRefusals>, now = fixedNow, payer?: Payer) => {
    return newBlockedNotices(viewInput(account.withRefusals(...refusals), { payer, now }), reported);
  };
}

const full = (resetInMs: number, change = {}) => hubRefusal(resetInMs, { source: 'terminal', ...change });
const noCredits = (change = {}) => creditsRefusal({ source: 'gateway', ...change });

describe('a notice about blocked work', () => {
  it('is told once when the usage that is read then corrects the cause, and again when it comes back', () => {
    const held = ada
      .withCredits({ usedNanoUsd: usd(0.0924), includedNanoUsd: usd(0.1) })
      .with({ heldNanoUsd: usd(0.09) });
    for (const [first, second] of [
      ['credits', 'unsettled'],
      ['unsettled', 'credits'],
    ] as const) {
      const look = aWindow(aLedger(), held);
      const seen = noCredits({ cause: first, at: fixedNow - secondMs });
      assert.equal(look([seen]).length, 1);
      const corrected = { ...seen, cause: second };
      assert.deepEqual(look([corrected]), []);
      assert.equal(
        look([noCredits({ cause: second, at: fixedNow + minuteMs }), corrected], fixedNow + minuteMs).length,
        1,
      );
    }
  });

  it('names the program, the limit and its end', () => {
    const [notice, ...others] = aWindow()([full(4 * minuteMs, { program: 'python /home/ada/train.py' })]);
    assert.deepEqual(others, []);
    assert.match(
      notice?.message ?? '',
      /^train\.py is refused\. The Hub’s api window is full: .* It opens again at 14:14:00\.$/,
    );
    assert.equal(notice?.action, undefined, 'waiting is the best remedy: no plan is advertised');
  });

  it('is shown for a program that stands still for half a minute, whatever the cause', () => {
    for (const cause of ['rate', 'tokens', 'concurrency', 'capacity', 'quota', 'unknown'] as const) {
      const waiting = full(30 * secondMs, { at: fixedNow, cause, program: 'hf download a/b' });
      const [notice, ...others] = aWindow()([waiting]);
      assert.match(
        notice?.message ?? cause,
        /^hf download a\/b is refused\. .* It opens again at 14:10:30\./,
      );
      assert.deepEqual(others, []);
    }
  });

  it('has the best remedy as its button', () => {
    const label = (...refusals: Parameters<typeof ada.withRefusals>) => aWindow()(refusals)[0]?.action?.label;
    assert.equal(label(noCredits()), 'Open billing page');
    assert.equal(label(full(minuteMs, { scope: 'anonymous' })), 'Use a token');
    assert.equal(
      label(noCredits({ cause: 'quota', scope: 'Inference Endpoints', at: fixedNow })),
      'Ask for more…',
    );
  });

  it('is shown once for an episode that goes on', () => {
    const report = aWindow();
    const episode = (count: number, lastAt: number) =>
      full(hourMs, { at: fixedNow - 5 * minuteMs, count, lastAt });
    assert.equal(report([episode(40, fixedNow)]).length, 1);
    const later = fixedNow + minuteMs;
    assert.deepEqual(report([episode(80, later)], later), []);
  });

  it('is shown for an episode without an end from five refusals in a minute on', () => {
    const undated = (count: number, lastsMs: number) =>
      refusal({
        at: fixedNow - lastsMs,
        lastAt: fixedNow,
        count,
        resetsAt: undefined,
        cause: 'concurrency',
        source: 'gateway',
      });
    assert.equal(aWindow()([undated(5, 30 * secondMs)]).length, 1);
    assert.equal(aWindow()([undated(4, 30 * secondMs)]).length, 0);
    assert.equal(aWindow()([undated(40, 20 * minuteMs)]).length, 0, 'two a minute');
  });

  it('is not shown for a refusal that is short, over or old', () => {
    const report = aWindow();
    assert.deepEqual(report([full(29 * secondMs, { at: fixedNow })]), []);
    assert.deepEqual(report([full(-secondMs)]), []);
    assert.deepEqual(report([full(hourMs, { at: fixedNow - 3 * minuteMs })]), []);
  });

  it('is not shown for Headroom’s own calls or an unknown cause without a time', () => {
    assert.deepEqual(aWindow()([hubRefusal(4 * minuteMs), creditsRefusal()]), []);
    assert.deepEqual(aWindow()([full(hourMs, { cause: 'unknown', resetsAt: undefined })]), []);
    assert.deepEqual(aWindow()([full(hourMs, { cause: 'tokens', status: 413 })]), []);
  });

  it('without a reset needs repeated refusals', () => {
    const undated = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        refusal({ at: fixedNow - index * secondMs, resetsAt: undefined }),
      );
    assert.equal(aWindow()(undated(4)).length, 0);
    assert.equal(aWindow()(undated(5)).length, 1);
  });

  it('is not shown while a stand-in pays', () => {
    const payer: Payer = {
      chosen: { kind: 'personal' },
      standIn: { profile: { kind: 'organization', name: 'acme' }, reason: 'credits', since: fixedNow },
    };
    assert.deepEqual(aWindow()([noCredits()], fixedNow, payer), []);
    const switched: Payer = { chosen: { kind: 'organization', name: 'acme' } };
    assert.deepEqual(aWindow()([noCredits({ billedTo: 'personal' })], fixedNow, switched), []);
    assert.equal(aWindow()([noCredits({ billedTo: 'org:acme' })], fixedNow, switched).length, 1);
  });

  it('is shown once for each episode, by one window', () => {
    const ledger = aLedger();
    const report = aWindow(ledger);
    const first = full(4 * minuteMs);
    assert.equal(report([first]).length, 1);
    assert.equal(report([first]).length, 0);
    assert.equal(aWindow(ledger)([full(4 * minuteMs, { at: fixedNow }), first]).length, 0);
    const later = fixedNow + 10 * minuteMs;
    const again = full(14 * minuteMs, { at: later });
    assert.equal(report([again, first], later).length, 0, 'a quarter of an hour belongs together');
  });

  it('is shown again in a new episode, and for each limit', () => {
    const report = aWindow();
    const first = full(4 * minuteMs);
    assert.equal(report([first]).length, 1);
    assert.equal(report([full(4 * minuteMs, { scope: 'pages' }), first]).length, 1);
    const later = fixedNow + hourMs;
    assert.equal(report([full(hourMs + 4 * minuteMs, { at: later }), first], later).length, 1);
  });

  it('is not repeated when a storm pushes its start out of the list', () => {
    const report = aWindow();
    assert.equal(report([full(4 * minuteMs)]).length, 1);
    assert.equal(report([full(4 * minuteMs, { at: fixedNow + minuteMs })], fixedNow + minuteMs).length, 0);
  });

  it('for credits is one episode until the month ends or money is back', () => {
    const ledger = aLedger();
    const first = noCredits();
    assert.equal(aWindow(ledger)([first]).length, 1);
    const later = fixedNow + hourMs;
    const again = noCredits({ at: later - secondMs });
    assert.equal(aWindow(ledger)([again, first], later).length, 0);
    const paid = ada.withCredits({ usedNanoUsd: usd(2), includedNanoUsd: usd(20) });
    assert.equal(aWindow(ledger, paid)([first]).length, 0);
    assert.equal(ledger.preferences.size, 0);
    assert.equal(aWindow(ledger)([again, first], later).length, 1);
  });
});
