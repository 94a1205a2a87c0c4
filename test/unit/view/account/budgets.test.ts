import assert from 'node:assert/strict';
import { budgetScopes } from '../../../../src/limits/refusals/ownBudget.ts';
import { type BudgetState, budgetStates } from '../../../../src/view/account/budgetState.ts';
import { budgetModels } from '../../../../src/view/account/budgets.ts';
import { aSnapshot, fixedNow, type InputChange, refusal, secondMs, usd, viewInput } from '../builders.ts';

const personal: BudgetState = {
  payer: 'personal',
  warnAtNanoUsd: usd(4),
  pauseAtNanoUsd: usd(5),
  countedNanoUsd: usd(1),
  uncosted: 0,
};
const signedIn = aSnapshot().signedIn().withAccount();
const refused = refusal({
  at: fixedNow - secondMs,
  status: 402,
  cause: 'spending-limit',
  by: 'headroom',
  scope: budgetScopes.payer,
  billedTo: 'personal',
  source: 'gateway',
});

function modelOf(budget: Partial<BudgetState>, snapshot = signedIn, change: InputChange = {}) {
  const [model] = budgetModels(viewInput(snapshot, { budgets: [{ ...personal, ...budget }], ...change }));
  assert.ok(model);
  return model;
}

describe('budgets as views see them', () => {
  it('have what gateways counted for their payer, in all folders or in one', () => {
    const total = (billedTo: string, costNanoUsd: number, uncosted: number) => ({
      billedTo,
      costNanoUsd,
      uncosted,
    });
    const stored = [
      { payer: 'personal', monthNanoUsd: usd(4) },
      { payer: 'personal', workspace: 'w1', pauseAtNanoUsd: usd(1) },
    ];
    const totals = [total('personal', usd(1), 3), total('personal', usd(1), 0), total('org:acme', usd(9), 0)];
    const states = budgetStates(stored, totals, [total('personal', usd(0.5), 1)]);
    assert.deepEqual(
      states.map(({ payer, workspace, countedNanoUsd, uncosted }) => [
        payer,
        workspace,
        countedNanoUsd,
        uncosted,
      ]),
      [
        ['personal', undefined, usd(2.03), 3],
        ['personal', 'w1', usd(0.51), 1],
      ],
    );
  });

  it("count Hugging Face's figure of this month where it is higher, and none for a folder", () => {
    const spent = signedIn.withCredits({ usedNanoUsd: usd(4.5) });
    assert.equal(modelOf({}, spent).spentNanoUsd, usd(4.5));
    assert.equal(modelOf({ countedNanoUsd: usd(4.8) }, spent).spentNanoUsd, usd(4.8));
    assert.equal(modelOf({ workspace: 'w1' }, spent).spentNanoUsd, usd(1));
    const lastMonth = signedIn.withCredits({ usedNanoUsd: usd(4.5) }, 30 * 24 * 3_600 * secondMs);
    assert.equal(modelOf({}, lastMonth).spentNanoUsd, usd(1));
  });

  it('are paused once that much is spent, and not by an amount that only warns', () => {
    assert.equal(modelOf({ countedNanoUsd: usd(4.99) }).state, 'open');
    assert.equal(modelOf({ countedNanoUsd: usd(5) }).state, 'paused');
    assert.equal(modelOf({ countedNanoUsd: usd(9), pauseAtNanoUsd: undefined }).state, 'open');
  });

  it('continue once or until a time, and pause again after it', () => {
    const countedNanoUsd = usd(5);
    const until = fixedNow + secondMs;
    assert.equal(modelOf({ countedNanoUsd, decision: { at: 0, once: true } }).state, 'continues');
    assert.equal(modelOf({ countedNanoUsd, decision: { at: 0, until } }).state, 'continues');
    assert.equal(modelOf({ countedNanoUsd, decision: { at: 0, until: fixedNow } }).state, 'paused');
  });

  it('are paused by a refusal that came before the figures, until a decision or a minute later', () => {
    const state = (decision: BudgetState['decision'], change: Parameters<typeof refusal>[0] = {}) =>
      modelOf({ decision }, signedIn.withRefusals({ ...refused, ...change })).state;
    assert.equal(state(undefined), 'paused');
    assert.equal(state({ at: fixedNow }), 'open');
    assert.equal(state(undefined, { at: fixedNow - 60 * secondMs }), 'open');
    assert.equal(state(undefined, { billedTo: 'org:acme' }), 'open');
    assert.equal(state(undefined, { scope: budgetScopes.folder }), 'open');
    assert.equal(state(undefined, { scope: budgetScopes.run }), 'open');
  });
});
