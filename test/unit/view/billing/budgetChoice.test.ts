import assert from 'node:assert/strict';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import type { BudgetState } from '../../../../src/view/account/budgetState.ts';
import {
  amountText,
  budgetPlaces,
  budgetsIn,
  budgetTitle,
  parseAmount,
  pauseProblem,
  placeNamed,
  spentSoFar,
} from '../../../../src/view/billing/budgetChoice.ts';
import { aSnapshot, fixedNow, usd, viewInput } from '../builders.ts';

const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const ada = aSnapshot().signedIn().withAccount();
const own: BudgetState = {
  payer: 'personal',
  warnAtNanoUsd: usd(4),
  pauseAtNanoUsd: usd(5),
  countedNanoUsd: usd(5),
  uncosted: 2,
};
const here: BudgetState = {
  payer: 'personal',
  workspace: 'w1',
  pauseAtNanoUsd: usd(1),
  countedNanoUsd: 0,
  uncosted: 0,
};
const acmes: BudgetState = { payer: 'org:acme', pauseAtNanoUsd: usd(3), countedNanoUsd: usd(3), uncosted: 0 };
const budgets = [own, here, acmes];
const nothing = () => ({ countedNanoUsd: 0, uncosted: 0 });

describe('a budget that a person sets', () => {
  it('is of who pays now, in all folders or in the open one', () => {
    const shown = budgetPlaces(viewInput(ada, { budgets }), 'w1', 'shop', nothing).map(
      ({ label, description }) => [label, description],
    );
    assert.deepEqual(shown, [
      ['In all folders', 'warns at $4.00 · pauses at $5.00'],
      ['In this folder only: shop', 'pauses at $1.00'],
    ]);
    const ofAcme = viewInput(ada, { payer: { chosen: acme } });
    assert.deepEqual(
      budgetPlaces(ofAcme, undefined, undefined, nothing).map(({ scope, description }) => [
        scope,
        description,
      ]),
      [[{ payer: 'org:acme' }, 'no budget']],
    );
    assert.equal(budgetTitle({ payer: 'org:acme' }, ofAcme), 'Budget of acme');
    assert.equal(budgetTitle({ payer: 'personal' }, ofAcme), 'Your Budget');
    assert.equal(budgetTitle({ payer: 'personal', workspace: 'w1' }, ofAcme), 'Your Budget in This Folder');
  });

  it('is found by its name and by the id of its row', () => {
    const input = viewInput(ada, { budgets });
    assert.deepEqual(placeNamed('personal', input)?.scope, { payer: 'personal' });
    assert.deepEqual(placeNamed('billing/budget/personal/w1', input)?.scope, {
      payer: 'personal',
      workspace: 'w1',
    });
    assert.equal(placeNamed('org:other', input), undefined);
  });

  it('has amounts as people write them', () => {
    assert.equal(parseAmount('10'), usd(10));
    assert.equal(parseAmount(' $2.50 '), usd(2.5));
    assert.equal(parseAmount('2,50'), usd(2.5));
    assert.equal(parseAmount('0.000000001'), 1);
    assert.equal(parseAmount(' '), null);
    for (const text of ['0', '-1', '1e3', 'ten', '1.2.3', '0.0000000001', '12345678', '1,000.00']) {
      assert.equal(parseAmount(text), undefined, text);
    }
    for (const amount of [1, usd(2.5), usd(10), usd(999_999), 123_456_789]) {
      assert.equal(parseAmount(amountText(amount)), amount);
    }
    assert.equal(amountText(undefined), '');
  });

  it('pauses from the warning on at the earliest', () => {
    assert.equal(pauseProblem('5', usd(4), 'en'), undefined);
    assert.equal(pauseProblem('', usd(4), 'en'), undefined);
    assert.match(pauseProblem('3', usd(4), 'en') ?? '', /at least \$4\.00/);
    assert.match(pauseProblem('x', undefined, 'en') ?? '', /such as 10/);
  });

  it('is shown with what is spent, also before it is set, and how unknown prices count', () => {
    const counted = () => ({ countedNanoUsd: usd(0.5), uncosted: 2 });
    const spend = (snapshot = ada) =>
      budgetPlaces(viewInput(snapshot), undefined, undefined, counted).map(place =>
        spentSoFar(place.spend, 'en'),
      );
    const prices = '2 requests of unknown price count $0.01 each.';
    assert.deepEqual(spend(), [`$0.50 is spent this month. ${prices}`]);
    assert.deepEqual(spend(ada.withCredits({ usedNanoUsd: usd(1.02) })), [
      `$1.02 is spent this month. ${prices}`,
    ]);
  });
});

describe('commands about used-up budgets', () => {
  const names = (state: 'paused' | 'continues', name?: string, change = {}) =>
    budgetsIn(state, name, viewInput(ada, { budgets, ...change })).map(({ payer, workspace }) => [
      payer,
      workspace,
    ]);

  it('are about those of the named payer, else of who pays now, else of any', () => {
    assert.deepEqual(names('paused'), [['personal', undefined]]);
    assert.deepEqual(names('paused', 'org:acme'), [['org:acme', undefined]]);
    assert.deepEqual(names('paused', undefined, { payer: { chosen: acme } }), [['org:acme', undefined]]);
    assert.deepEqual(names('paused', undefined, { budgets: [acmes] }), [['org:acme', undefined]]);
    assert.deepEqual(names('continues'), []);
  });

  it('are about both of a payer when both refuse the request', () => {
    const both = { budgets: [own, { ...here, countedNanoUsd: usd(1) }] };
    assert.deepEqual(names('paused', 'personal', both), [
      ['personal', undefined],
      ['personal', 'w1'],
    ]);
  });

  it('find those that go on', () => {
    const decision = { at: 0, until: fixedNow + 1 };
    assert.deepEqual(names('continues', undefined, { budgets: [{ ...own, decision }] }), [
      ['personal', undefined],
    ]);
  });
});
