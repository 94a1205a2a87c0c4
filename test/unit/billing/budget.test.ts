import assert from 'node:assert/strict';
import {
  continues,
  decide,
  pausingBudgets,
  readBudget,
  readDecision,
  takeContinuation,
  writeBudget,
} from '../../../src/billing/budget.ts';
import { openMemoryLedger } from '../../../src/ledger/openLedger.ts';

const now = Date.UTC(2026, 10, 10, 12);
const personal = { payer: 'personal' };
const ledgerAtNow = () => openMemoryLedger({ now: () => now });

describe('a monthly budget in the ledger', () => {
  it('is each payer’s, in all folders and in one', () => {
    const ledger = ledgerAtNow();
    writeBudget(ledger, personal, { monthNanoUsd: 4, pauseAtNanoUsd: 5 }, now);
    writeBudget(ledger, { ...personal, workspace: 'w1' }, { pauseAtNanoUsd: 1 }, now);
    assert.deepEqual(readBudget(ledger, personal), { monthNanoUsd: 4, pauseAtNanoUsd: 5 });
    assert.deepEqual(readBudget(ledger, { payer: 'org:acme' }), {
      monthNanoUsd: undefined,
      pauseAtNanoUsd: undefined,
    });
    assert.deepEqual(pausingBudgets(ledger, ['personal', 'org:acme', 'personal'], 'w1'), [
      { payer: 'personal', pauseAtNanoUsd: 5 },
      { payer: 'personal', workspace: 'w1', pauseAtNanoUsd: 1 },
    ]);
    assert.deepEqual(pausingBudgets(ledger, ['personal'], 'w2'), [{ payer: 'personal', pauseAtNanoUsd: 5 }]);
  });

  it('is read as none when another program wrote nonsense', () => {
    const ledger = ledgerAtNow();
    for (const text of [
      '',
      'null',
      '[]',
      '7',
      '{"pauseAtNanoUsd":-1}',
      '{"pauseAtNanoUsd":1e99}',
      '{"pauseAtNanoUsd":"5"}',
    ]) {
      ledger.setPreference('budget.personal', text);
      ledger.setPreference('budgetDecision.personal', text);
      assert.deepEqual(pausingBudgets(ledger, ['personal'], undefined), [], text);
      assert.equal(readDecision(ledger, personal), undefined, text);
    }
  });

  it('forgets a decision when it is changed, and keeps nothing when it is removed', () => {
    const ledger = ledgerAtNow();
    decide(ledger, personal, { at: now - 1, until: now + 9 });
    writeBudget(ledger, personal, { pauseAtNanoUsd: 6 }, now);
    assert.deepEqual(readDecision(ledger, personal), { at: now });
    writeBudget(ledger, personal, {}, now);
    assert.equal(readDecision(ledger, personal), undefined);
    assert.equal(ledger.getPreference('budget.personal'), undefined);
  });
});

describe('a decision to continue', () => {
  it('lasts until its time, or for one request', () => {
    assert.equal(continues(undefined, now), false);
    assert.equal(continues({ at: now }, now), false);
    assert.equal(continues({ at: now, until: now + 1 }, now), true);
    assert.equal(continues({ at: now, until: now }, now), false);
    assert.equal(continues({ at: now, once: true }, now), true);
  });

  it('once is taken by one of several gateways', () => {
    const ledger = ledgerAtNow();
    decide(ledger, personal, { at: now, once: true });
    // another gateway takes it between reading and writing
    const slower = { ...bound(ledger), getPreference: () => JSON.stringify({ at: now, once: true }) };
    assert.equal(takeContinuation(ledger, personal, now + 1), true);
    assert.equal(takeContinuation(slower, personal, now + 2), false);
    assert.deepEqual(readDecision(ledger, personal), { at: now + 1 });
  });
});

function bound(ledger: ReturnType<typeof ledgerAtNow>) {
  return {
    setPreference: (key: string, value: string | undefined) => ledger.setPreference(key, value),
    swapPreference: (key: string, expected: string, value: string) =>
      ledger.swapPreference(key, expected, value),
  };
}
