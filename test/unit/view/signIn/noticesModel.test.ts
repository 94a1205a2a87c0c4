import assert from 'node:assert/strict';
import { newNotices, noticesFor, type ReportedNotices } from '../../../../src/view/signIn/noticesModel.ts';
import { aSnapshot, fixedNow, minuteMs, type SnapshotBuilder } from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();
const expired = ada.withProblem('credits', 'invalid-token');
const diskFull = 'The disk is full.';

/** Shared by all windows. */
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

/** A window: takes snapshots and returns the number of new notices. */
function aWindow(everywhere = aLedger()): (snapshot: SnapshotBuilder) => number {
  const reported = { here: new Set<string>(), everywhere };
  return snapshot => newNotices(snapshot.build(), reported, fixedNow).length;
}

describe('noticesFor', () => {
  it('reports a rejected token, with the action to sign in again', () => {
    const [notice, ...others] = noticesFor(expired.build());
    assert.deepEqual(others, []);
    assert.match(notice?.message ?? '', /rejects the token of ada/);
    assert.equal(notice?.action.command, 'headroom.signIn');
  });

  it('says that values stay visible only if there are any', () => {
    const message = (snapshot: SnapshotBuilder) => noticesFor(snapshot.build())[0]?.message ?? '';
    assert.match(message(expired), /Nothing was lost; the last values stay visible\.$/);
    const first = aSnapshot().signedIn().withProblem('account', 'invalid-token');
    assert.match(message(first), /Nothing was lost\.$/);
  });

  it('reports a ledger problem, with the action to show the log', () => {
    const [notice] = noticesFor(ada.with({ ledgerProblem: diskFull }).build());
    assert.match(notice?.message ?? '', /The disk is full\./);
    assert.equal(notice?.action.command, 'headroom.showLog');
  });

  it('reports nothing else', () => {
    assert.deepEqual(noticesFor(ada.offline().build()), []);
    assert.deepEqual(noticesFor(aSnapshot().withProblem('account', 'invalid-token').build()), []);
  });
});

describe('a rejected token', () => {
  it('is reported once, whichever part fails first', () => {
    const report = aWindow();
    assert.equal(report(expired), 1);
    assert.equal(report(expired.withProblem('account', 'invalid-token', { since: fixedNow + minuteMs })), 0);
  });

  it('is not reported again after the network was lost', () => {
    const report = aWindow();
    assert.equal(report(expired), 1);
    assert.equal(report(ada.offline()), 0);
    assert.equal(report(ada.withProblem('credits', 'invalid-token', { since: fixedNow + minuteMs })), 0);
  });

  it('is reported again after Hugging Face accepted the token', () => {
    const report = aWindow();
    assert.equal(report(expired), 1);
    assert.equal(report(ada), 0);
    assert.equal(report(expired), 1);
  });

  it('counts as accepted when only the permission for billing is missing', () => {
    const report = aWindow();
    assert.equal(report(expired), 1);
    assert.equal(report(ada.withProblem('credits', 'missing-permission')), 0);
    assert.equal(report(expired), 1);
  });

  it('is reported by one window, also when others open later', () => {
    const ledger = aLedger();
    assert.equal(aWindow(ledger)(expired), 1);
    assert.equal(aWindow(ledger)(expired), 0);
  });

  it('is reported for each session', () => {
    const report = aWindow();
    assert.equal(report(expired), 1);
    const { session } = expired.build();
    assert.ok(session);
    assert.equal(report(expired.with({ session: { ...session, id: 'session-2' } })), 1);
  });
});

describe('a ledger that keeps nothing on disk', () => {
  const broken = ada.with({ ledgerProblem: diskFull });

  it('is reported once in each window, also when its reason changes', () => {
    const ledger = aLedger();
    const report = aWindow(ledger);
    assert.equal(report(broken), 1);
    assert.equal(report(ada.with({ ledgerProblem: 'The file is locked.' })), 0);
    assert.equal(aWindow(ledger)(broken), 1);
  });

  it('is reported again after it worked in between', () => {
    const report = aWindow();
    assert.equal(report(broken), 1);
    assert.equal(report(ada), 0);
    assert.equal(report(broken), 1);
  });
});
