import assert from 'node:assert/strict';
import { newNotices, noticesFor, type ReportedNotices } from '../../../../src/view/signIn/noticesModel.ts';
import { aSnapshot, fixedNow, minuteMs, type SnapshotBuilder } from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();
const expired = ada.withProblem('credits', 'invalid-token');
const diskFull = 'The disk is full.';

/** What all windows share. */
function aLedger(): ReportedNotices['everywhere'] {
  const preferences = new Map<string, string>();
  return {
    getPreference: key => preferences.get(key),
    setPreference: (key, value) => {
      if (value === undefined) preferences.delete(key);
      else preferences.set(key, value);
    },
  };
}

/** A window that is given snapshots and says how many notices each made it tell. */
function aWindow(everywhere = aLedger()): (snapshot: SnapshotBuilder) => number {
  const reported = { here: new Set<string>(), everywhere };
  return snapshot => newNotices(snapshot.build(), reported, fixedNow).length;
}

describe('noticesFor', () => {
  it('tells of a token that is rejected, and where to sign in again', () => {
    const [notice, ...others] = noticesFor(expired.build());
    assert.deepEqual(others, []);
    assert.match(notice?.message ?? '', /rejects the token of ada/);
    assert.equal(notice?.action.command, 'headroom.signIn');
  });

  it('promises values that stay only where there are some', () => {
    const message = (snapshot: SnapshotBuilder) => noticesFor(snapshot.build())[0]?.message ?? '';
    assert.match(message(expired), /Nothing was lost; the last values stay visible\.$/);
    const first = aSnapshot().signedIn().withProblem('account', 'invalid-token');
    assert.match(message(first), /Nothing was lost\.$/);
  });

  it('tells of a ledger that forgets, and where the details are', () => {
    const [notice] = noticesFor(ada.with({ ledgerProblem: diskFull }).build());
    assert.match(notice?.message ?? '', /The disk is full\./);
    assert.equal(notice?.action.command, 'headroom.showLog');
  });

  it('tells of nothing else', () => {
    assert.deepEqual(noticesFor(ada.offline().build()), []);
    assert.deepEqual(noticesFor(aSnapshot().withProblem('account', 'invalid-token').build()), []);
  });
});

describe('a rejected token', () => {
  it('is told once, whichever part fails first and whenever the other follows', () => {
    const tell = aWindow();
    assert.equal(tell(expired), 1);
    assert.equal(tell(expired.withProblem('account', 'invalid-token', { since: fixedNow + minuteMs })), 0);
  });

  it('is not told again after the network was lost', () => {
    const tell = aWindow();
    assert.equal(tell(expired), 1);
    assert.equal(tell(ada.offline()), 0);
    assert.equal(tell(ada.withProblem('credits', 'invalid-token', { since: fixedNow + minuteMs })), 0);
  });

  it('is told again when the token had been accepted in between', () => {
    const tell = aWindow();
    assert.equal(tell(expired), 1);
    assert.equal(tell(ada), 0);
    assert.equal(tell(expired), 1);
  });

  it('counts as accepted when only the permission for billing is missing', () => {
    const tell = aWindow();
    assert.equal(tell(expired), 1);
    assert.equal(tell(ada.withProblem('credits', 'missing-permission')), 0);
    assert.equal(tell(expired), 1);
  });

  it('is told by one window of all, also by the ones that open later', () => {
    const ledger = aLedger();
    assert.equal(aWindow(ledger)(expired), 1);
    assert.equal(aWindow(ledger)(expired), 0);
  });

  it('is told for each session', () => {
    const tell = aWindow();
    assert.equal(tell(expired), 1);
    const { session } = expired.build();
    assert.ok(session);
    assert.equal(tell(expired.with({ session: { ...session, id: 'session-2' } })), 1);
  });
});

describe('a ledger that keeps nothing on disk', () => {
  const broken = ada.with({ ledgerProblem: diskFull });

  it('is told once in each window, whatever its reason turns into', () => {
    const ledger = aLedger();
    const tell = aWindow(ledger);
    assert.equal(tell(broken), 1);
    assert.equal(tell(ada.with({ ledgerProblem: 'The file is locked.' })), 0);
    assert.equal(aWindow(ledger)(broken), 1);
  });

  it('is told again when it had been well in between', () => {
    const tell = aWindow();
    assert.equal(tell(broken), 1);
    assert.equal(tell(ada), 0);
    assert.equal(tell(broken), 1);
  });
});
