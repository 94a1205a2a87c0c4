import assert from 'node:assert/strict';
import { monthStart } from '../../../../src/limits/account/credits.ts';
import { newAlerts, snooze } from '../../../../src/view/alerts/newAlerts.ts';
import {
  aSnapshot,
  dayMs,
  evenSpend,
  fixedNow,
  hardware,
  hourMs,
  type InputChange,
  minuteMs,
  part,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';
import { aLedger, aWindowsMemory } from './aMemory.ts';

const ada = aSnapshot().signedIn().withAccount({ organizations: [] });
const december = Date.UTC(2025, 11, 1);

/** Credits of $2.00, read 40 s before `now`. */
function used(amount: number, now = fixedNow, ageMs = 40 * secondMs, included = 2): SnapshotBuilder {
  const value = { usedNanoUsd: usd(amount), includedNanoUsd: usd(included), byProvider: [], otherSpend: {} };
  return ada.with({ credits: { value, asOf: now - ageMs } });
}

function gpu(remainingSeconds: number, resetsAt: number | null | undefined, now = fixedNow): SnapshotBuilder {
  return ada.with({ zeroGpu: { value: { totalSeconds: 2_400, remainingSeconds, resetsAt }, asOf: now } });
}

function l4(count: number, now = fixedNow, max = 2): SnapshotBuilder {
  return ada.with({ hardware: { ada: { value: [hardware({ used: count, max })], asOf: now } } });
}

/** A window of VS Code: takes what it sees, and returns what it tells. */
function aWindow(ledger = aLedger()) {
  const memory = aWindowsMemory(ledger);
  const see = (snapshot: SnapshotBuilder, change: InputChange & { isQuiet?: boolean } = {}) => {
    const { isQuiet, ...rest } = change;
    ledger.now = rest.now ?? fixedNow;
    return newAlerts(viewInput(snapshot, rest), memory, isQuiet).map(({ state, news }) =>
      news === 'back' ? (state.backSentence ?? '') : state.sentence,
    );
  };
  return Object.assign(see, {
    snooze: (id: string, snapshot: SnapshotBuilder) => snooze(id, viewInput(snapshot), memory),
  });
}

describe('a limit', () => {
  it('is told when a live reading crosses a threshold, once', () => {
    const see = aWindow();
    assert.deepEqual(see(used(1.5)), []);
    assert.deepEqual(see(used(1.7)), ['$0.30 of $2.00 of your included credits are left until Dec 1.']);
    assert.deepEqual(see(used(1.75)), []);
    assert.deepEqual(see(used(2)), [
      'The included credits of November are used up ($2.00). Requests go on when you buy credits.',
    ]);
    assert.deepEqual(see(used(2)), []);
  });

  it('that crosses a higher threshold marks the lower ones as told', () => {
    const see = aWindow();
    see(used(1.5));
    assert.equal(see(used(2)).length, 1);
    assert.deepEqual(see(used(1.7)), []);
    assert.deepEqual(see(used(2)), [], 'also when it settles backwards and comes again');
  });

  it('is no news in the state that a window finds at its start', () => {
    assert.deepEqual(aWindow()(used(1.9)), []);
    const see = aWindow();
    assert.deepEqual(see(used(1.9)), []);
    assert.equal(see(used(2)).length, 1, 'what comes then is');
  });

  it('is not told from a stale reading', () => {
    const see = aWindow();
    see(used(1.5));
    assert.deepEqual(see(used(1.9, fixedNow, 2 * hourMs)), []);
    assert.equal(see(used(1.9)).length, 1);
  });

  it('stays as it was while an answer lacks it', () => {
    const see = aWindow();
    see(used(1.5));
    assert.equal(see(used(1.7)).length, 1);
    assert.deepEqual(see(ada), []);
    assert.deepEqual(
      see(ada.with({ credits: part({ usedNanoUsd: 0, byProvider: [], otherSpend: {} }) })),
      [],
    );
    assert.deepEqual(see(used(1.7)), []);
  });

  it('is told again after its reset', () => {
    const see = aWindow();
    see(used(1.5));
    assert.equal(see(used(1.7)).length, 1);
    const later = december + 12 * dayMs;
    assert.deepEqual(see(used(1.7, later), { now: later }), [
      '$0.30 of $2.00 of your included credits are left until Jan 1.',
    ]);
  });

  it('is not told of the old month while that is settled', () => {
    const see = aWindow();
    see(used(1.5));
    const atReset = december + 60 * secondMs;
    assert.deepEqual(see(used(1.9, atReset), { now: atReset }), []);
    const later = december + hourMs;
    assert.deepEqual(see(used(0.01, later), { now: later }), []);
  });

  it('whose reset moves by seconds or hours is the same', () => {
    const see = aWindow();
    const reset = fixedNow + 3 * hourMs;
    see(gpu(2_000, reset));
    assert.equal(see(gpu(300, reset)).length, 1);
    for (const moved of [30 * secondMs, 4 * minuteMs, 2 * hourMs]) {
      assert.deepEqual(see(gpu(300, reset + moved)), []);
    }
    assert.deepEqual(see(gpu(300, undefined)), [], 'the live stream has none');
    const later = reset + hourMs;
    assert.deepEqual(see(gpu(300, reset + 2 * hourMs, later), { now: later }), [], 'the moved one counts');
  });

  it('is told again when it has grown and is reached anew', () => {
    const see = aWindow();
    see(used(0.05, fixedNow, 0, 0.1));
    assert.equal(see(used(0.1, fixedNow, 0, 0.1)).length, 1);
    assert.deepEqual(see(used(0.1)), [], 'PRO has $2.00');
    assert.equal(see(used(2)).length, 1);
    assert.deepEqual(see(used(2, fixedNow, 0, 0.1)), []);
  });

  it('is told by one of several windows, and by none after a restart', () => {
    const ledger = aLedger();
    const windows = [aWindow(ledger), aWindow(ledger), aWindow(ledger)];
    for (const see of windows) see(used(1.5));
    assert.equal(windows.flatMap(see => see(used(1.7))).length, 1);
    const late = aWindow(ledger);
    assert.deepEqual(late(used(1.7)), []);
    assert.deepEqual(
      [...windows, late].flatMap(see => see(used(1.8))),
      [],
    );
  });

  it('is told by one of two windows that look before either has written', () => {
    const ledger = aLedger();
    const [one, other] = [aWindow(ledger), aWindow(ledger)];
    for (const see of [one, other]) see(used(1.5));
    ledger.setPreference = () => undefined;
    assert.equal([...one(used(1.7)), ...other(used(1.7))].length, 1);
  });

  it('of another account is another one', () => {
    const see = aWindow();
    see(used(1.5));
    const source = { kind: 'secret-storage', name: 'bob' } as const;
    const bob = used(1.9).with({ session: { id: 'session-2', label: 'bob', source } });
    assert.deepEqual(see(bob), []);
  });

  it('is told of after the debugging, if it is still true', () => {
    const see = aWindow();
    see(used(1.5));
    assert.deepEqual(see(used(1.7), { isQuiet: true }), []);
    assert.equal(see(used(1.8)).length, 1);
    assert.deepEqual(see(used(2), { isQuiet: true }), []);
    assert.deepEqual(see(used(1.9)), []);
  });

  it('that is snoozed is silent until its reset, in all windows', () => {
    const ledger = aLedger();
    const see = aWindow(ledger);
    see(used(1.5));
    see(used(1.7));
    see.snooze('credits:personal', used(1.7));
    assert.deepEqual(see(used(2)), []);
    const other = aWindow(ledger);
    other(used(1.7));
    assert.deepEqual(other(used(2)), []);
    const later = december + hourMs;
    assert.deepEqual(see(used(0, later), { now: later }), []);
    assert.equal(see(used(1.7, later), { now: later }).length, 1);
  });

  it('that is muted is never told, whatever its words', () => {
    const see = aWindow();
    const mutedLimits = ['credits:personal'];
    see(used(1.5));
    assert.deepEqual(see(used(1.7), { mutedLimits }), []);
    assert.deepEqual(see(used(2), { mutedLimits }), []);
  });
});

describe('credits and ZeroGPU time that are back', () => {
  it('are told by a live reading after the reset', () => {
    const see = aWindow();
    see(used(1.9));
    see(used(2));
    const later = december + hourMs;
    assert.deepEqual(see(used(2), { now: later }), [], 'the month is over, but nothing was read');
    assert.deepEqual(see(used(0.01, later), { now: later }), ['Your credits are back: $1.99 left.']);
    assert.deepEqual(see(used(0.01, later), { now: later }), []);
  });

  it('are told once, by one window', () => {
    const ledger = aLedger();
    const windows = [aWindow(ledger), aWindow(ledger)];
    for (const see of windows) see(used(2));
    const later = december + hourMs;
    const told = windows.flatMap(see => see(used(0.01, later), { now: later }));
    assert.equal(told.length, 1);
    ledger.claimed.clear();
    assert.deepEqual(
      windows.flatMap(see => see(used(0.02, later), { now: later })),
      [],
    );
  });

  it('are no news where they were not gone', () => {
    const see = aWindow();
    see(used(1.9));
    const later = december + hourMs;
    assert.deepEqual(see(used(0.01, later), { now: later }), []);
  });

  it('are not told by the clock alone', () => {
    const reset = fixedNow + hourMs;
    const see = aWindow();
    see(gpu(0, reset));
    const later = reset + 10 * minuteMs;
    assert.deepEqual(see(gpu(0, reset), { now: later }), []);
    assert.deepEqual(see(gpu(2_400, null, later), { now: later }), [
      'Your ZeroGPU time is full again: 40 min.',
    ]);
    assert.deepEqual(see(gpu(2_400, null, later), { now: later }), []);
  });
});

describe('a hardware quota', () => {
  it('is told when it is full, at most once a day', () => {
    const see = aWindow();
    see(l4(1));
    const full = 'All 2 × L4 that ada may use in us-east-1 are in use: another replica can’t start.';
    assert.deepEqual(see(l4(2)), [full]);
    assert.deepEqual(see(l4(1)), []);
    assert.deepEqual(see(l4(2)), []);
    const later = fixedNow + 25 * hourMs;
    assert.deepEqual(see(l4(1, later), { now: later }), []);
    assert.deepEqual(see(l4(2, later), { now: later }), [full]);
  });

  it('is told again when a larger one is full', () => {
    const see = aWindow();
    see(l4(2));
    see(l4(2, fixedNow, 4));
    assert.equal(see(l4(4, fixedNow, 4)).length, 1);
  });
});

describe('the forecast', () => {
  it('is told once it is sure that the credits are gone before the reset, below the first threshold', () => {
    const see = aWindow();
    const spend = evenSpend(usd(1.5));
    see(used(1.3));
    assert.deepEqual(see(used(1.5).with({ spend })), [
      '$0.50 of $2.00 of your included credits are left until Dec 1. At this pace they are gone about Sat, Nov 29.',
    ]);
    assert.deepEqual(see(used(1.5).with({ spend })), []);
    assert.equal(see(used(1.7)).length, 1);
    assert.deepEqual(see(used(1.5).with({ spend })), []);
  });

  it('is not told while they may also last', () => {
    const see = aWindow();
    see(used(1.3));
    const start = monthStart(fixedNow);
    const bursts = evenSpend(usd(1.5)).map(({ at }) => {
      const days = Math.floor((at - start) / dayMs);
      return { at, usedNanoUsd: usd(1.5 * (days >= 18 ? 1 : 0.1)) };
    });
    assert.deepEqual(see(used(1.5).with({ spend: bursts })), []);
  });
});
