import assert from 'node:assert/strict';
import { budgetScopes } from '../../../../src/limits/refusals/ownBudget.ts';
import type { BudgetState } from '../../../../src/view/account/budgetState.ts';
import { newBudgetNotices } from '../../../../src/view/billing/budgetNoticesModel.ts';
import { newBlockedNotices } from '../../../../src/view/refusals/blockedNoticesModel.ts';
import {
  account,
  aSnapshot,
  fixedNow,
  hourMs,
  minuteMs,
  organization,
  refusal,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount();
const budget: BudgetState = {
  payer: 'personal',
  pauseAtNanoUsd: usd(5),
  countedNanoUsd: usd(5),
  uncosted: 0,
};

function aLedger() {
  const preferences = new Map<string, string>();
  return {
    getPreference: (key: string) => preferences.get(key),
    setPreference: (key: string, value: string | undefined) => {
      if (value === undefined) preferences.delete(key);
      else preferences.set(key, value);
    },
  };
}

/** A window on a ledger: what its notice says after a refusal that old. */
function aWindow(reported = aLedger()) {
  return (
    changes: Partial<BudgetState> = {},
    { agoMs = secondMs, now = fixedNow, scope = 'payer' as 'payer' | 'folder' | 'run' } = {},
  ) => {
    const own = { ...budget, ...changes };
    const refused = refusal({
      at: now - agoMs,
      status: 402,
      cause: 'spending-limit',
      by: 'headroom',
      scope: budgetScopes[scope],
      billedTo: own.payer,
      resetsAt: undefined,
      source: 'gateway',
    });
    const input = viewInput(ada.withRefusals(refused), { now, budgets: [own] });
    assert.deepEqual(newBlockedNotices(input, aLedger()), [], 'one event, one notice');
    return newBudgetNotices(input, reported, () => input).map(({ message }) => message);
  };
}

describe('the notice about a used-up budget', () => {
  it('says who is paused, with how much, and that nothing was sent', () => {
    assert.deepEqual(aWindow()(), [
      'Headroom paused what you pay: $5.00 of this month’s $5.00 is spent or in flight. Nothing was sent.',
    ]);
    assert.match(aWindow()({ payer: 'org:acme' })[0] ?? '', /^Headroom paused what acme pays: \$5\.00/);
    assert.match(aWindow()({ payer: 'key:groq' })[0] ?? '', /^Headroom paused what your groq key pays: /);
    assert.match(
      aWindow()({ workspace: 'w1' }, { scope: 'folder' })[0] ?? '',
      /^Headroom paused what you pay in this folder: /,
    );
  });

  it('says how requests of unknown price were counted', () => {
    assert.match(
      aWindow()({ uncosted: 1 })[0] ?? '',
      /sent\. One request of unknown price counts \$0\.01\.$/,
    );
    assert.match(aWindow()({ uncosted: 3 })[0] ?? '', /3 requests of unknown price count \$0\.01 each\.$/);
  });

  it('names an organization whose token is signed in', () => {
    const own = account({ type: 'org', name: 'acme', organizations: [organization('acme')] });
    const refused = refusal({
      at: fixedNow,
      by: 'headroom',
      scope: budgetScopes.payer,
      billedTo: 'personal',
    });
    const input = viewInput(aSnapshot().signedIn().withAccount(own).withRefusals(refused), {
      budgets: [budget],
    });
    assert.match(newBudgetNotices(input, aLedger(), () => input)[0]?.message ?? '', /paused what acme pays/);
  });

  it('counts what was spent when it comes, not when its window last looked', () => {
    const refused = refusal({
      at: fixedNow,
      by: 'headroom',
      scope: budgetScopes.payer,
      billedTo: 'personal',
    });
    const seen = (countedNanoUsd: number) =>
      viewInput(ada.withRefusals(refused), { budgets: [{ ...budget, countedNanoUsd }] });
    const [notice] = newBudgetNotices(seen(usd(5)), aLedger(), () => seen(usd(5.4)));
    assert.match(notice?.message ?? '', /: \$5\.40 of this month’s \$5\.00 is spent/);
  });

  it('comes once for each pause, in one of all windows', () => {
    const ledger = aLedger();
    assert.equal(aWindow(ledger)().length, 1);
    assert.equal(aWindow(ledger)().length, 0);
    assert.equal(aWindow(ledger)({}, { now: fixedNow + hourMs }).length, 0);
  });

  it('comes again when one request has passed, when the chosen time is over, after a raise and in another month', () => {
    const look = aWindow();
    assert.equal(look().length, 1);
    const now = fixedNow + 10 * minuteMs;
    assert.equal(look({ decision: { at: fixedNow } }, { now }).length, 1);
    const today = { at: fixedNow + 1, until: fixedNow + 5 * minuteMs };
    assert.equal(look({ decision: { ...today, until: now + 1 } }, { now }).length, 0);
    assert.equal(look({ decision: today }, { now }).length, 1);
    assert.equal(look({ decision: today }, { now }).length, 0);
    assert.equal(look({ pauseAtNanoUsd: usd(6), countedNanoUsd: usd(6) }).length, 1);
    assert.equal(look({}, { now: fixedNow + 30 * 24 * hourMs }).length, 1);
  });

  it('does not come without a refused request, for an old one, and for one from before a decision', () => {
    const input = viewInput(ada, { budgets: [budget] });
    assert.deepEqual(newBudgetNotices(input, aLedger(), assert.fail), []);
    const look = aWindow();
    assert.deepEqual(look({}, { agoMs: 3 * minuteMs }), []);
    assert.deepEqual(look({ decision: { at: fixedNow } }), []);
    assert.deepEqual(look({ decision: { at: 0, once: true } }), []);
    assert.deepEqual(look({}, { scope: 'run' }), []);
  });
});
