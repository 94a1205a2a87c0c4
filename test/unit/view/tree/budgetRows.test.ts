import assert from 'node:assert/strict';
import type { BudgetState } from '../../../../src/view/account/budgetState.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import { statusBarModel } from '../../../../src/view/status/statusBarModel.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import { aSnapshot, fixedNow, type InputChange, usd, viewInput } from '../builders.ts';

const ada = aSnapshot()
  .signedIn()
  .withAccount()
  .withCredits({ usedNanoUsd: usd(0.5) });
const own: BudgetState = { payer: 'personal', pauseAtNanoUsd: usd(5), countedNanoUsd: usd(1), uncosted: 0 };
const here: BudgetState = { ...own, workspace: 'w1' };
const acme = { chosen: { kind: 'organization', name: 'acme' } } as const;
const midnight = fixedNow + 590 * 60_000;

function rowOf(budget: BudgetState, change: InputChange = {}): TreeNode {
  const flat = (nodes: readonly TreeNode[]): TreeNode[] =>
    nodes.flatMap(node => [node, ...flat(node.children)]);
  const found = flat(treeModel(viewInput(ada, { budgets: [budget], ...change }))).find(({ id }) =>
    id.includes('/budget/'),
  );
  assert.ok(found);
  return found;
}

describe('a budget in the views', () => {
  it('is a row of its payer: what is left, and where it pauses', () => {
    const row = rowOf(own);
    assert.deepEqual(
      [row.label, row.description, row.contextValue],
      ['Your budget', '$4.00 left of $5.00 · pauses at $5.00', 'budget'],
    );
    assert.match(
      row.accessibilityLabel,
      /^Your budget, 4\.00 US dollars left of 5\.00 US dollars, pauses at 5\.00/,
    );
    assert.equal(
      rowOf({ ...own, warnAtNanoUsd: usd(4) }, { budgetNanoUsd: usd(4) }).description,
      '$3.50 left of $4.00 · pauses at $5.00',
    );
    assert.equal(rowOf(here).label, 'Budget here');
    const ofAcme = rowOf({ ...own, payer: 'org:acme' }, { payer: acme });
    assert.deepEqual([ofAcme.id, ofAcme.label], ['billing/budget/org:acme', 'Budget']);
  });

  it('stays below the own account while an organization pays', () => {
    assert.equal(rowOf(own, { payer: acme }).id, 'account/budget/personal');
  });

  it('says how it counts: what pauses, what passes, and unknown prices', () => {
    const text = rowOf({ ...own, uncosted: 3 })
      .tooltip()
      .replaceAll('&#36;', '$')
      .replaceAll('\\', '');
    assert.match(
      text,
      /From \$5\.00 on, Headroom’s gateway refuses what would be billed\. It cuts no stream/,
    );
    assert.match(
      text,
      /Counted here this month \(UTC\): \$1\.00\. 3 requests of unknown price count \$0\.01 each\./,
    );
  });

  it('is paused in status bar, hover and tree alike', () => {
    const budget = { ...own, countedNanoUsd: usd(5.02) };
    const input = viewInput(ada, { budgets: [budget] });
    assert.deepEqual(statusBarModel(input), {
      kind: 'paused',
      text: '$(debug-pause) paused at $5.00',
      background: 'warning',
      accessibilityLabel:
        'Hugging Face: the budget of 5.00 US dollars is used up, requests that cost money are refused',
    });
    const row = rowOf(budget);
    assert.equal(row.description, 'paused at $5.00 · $5.02 spent');
    assert.deepEqual([row.icon?.id, row.contextValue], ['debug-pause', 'pausedBudget']);
    const hover = hoverMarkdown(input).replaceAll('&#36;', '$').replaceAll('\\', '');
    assert.match(hover, /\$\(debug-pause\) Your budget: paused at \$5\.00 · \$5\.02 spent/);
    assert.match(
      hover,
      /\[Continue once\]\(command:headroom\.continueOnce\?%5B%22personal%22%5D\) · \[Until tomorrow\]/,
    );
  });

  it('names a folder and a payer that are paused', () => {
    const folder = viewInput(ada, { budgets: [{ ...here, countedNanoUsd: usd(5) }] });
    assert.equal(statusBarModel(folder).text, '$(debug-pause) paused here at $5.00');
    const paused = { ...own, payer: 'org:acme', countedNanoUsd: usd(5) };
    const ofAcme = statusBarModel(viewInput(ada, { payer: acme, budgets: [paused] }));
    assert.equal(ofAcme.text, '$(debug-pause) $(organization) acme · paused at $5.00');
    assert.match(ofAcme.accessibilityLabel, /^Bills acme\. Hugging Face: the budget/);
    // another payer's pause stops nothing that is billed now
    assert.notEqual(statusBarModel(viewInput(ada, { budgets: [paused] })).kind, 'paused');
  });

  it('shows until when it continues, without the alarm', () => {
    const used = { ...own, countedNanoUsd: usd(5) };
    const until = { ...used, decision: { at: 0, until: midnight } };
    assert.equal(rowOf(until).description, 'continues until 00:00 · $5.00 spent');
    assert.equal(rowOf(until).contextValue, 'continuedBudget');
    assert.equal(
      rowOf({ ...used, decision: { at: 0, once: true } }).description,
      'continues for one request · $5.00 spent',
    );
    const input = viewInput(ada, { budgets: [until] });
    assert.notEqual(statusBarModel(input).kind, 'paused');
    assert.match(hoverMarkdown(input), /\$\(debug-continue\).*continues until/);
  });
});
