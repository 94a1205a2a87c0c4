import assert from 'node:assert/strict';
import type { Payer } from '../../../../src/billing/profile.ts';
import { billingChoices } from '../../../../src/view/billing/switchBillingModel.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import { limitsView } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  organization,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';
import { plainHover } from '../status/plainHover.ts';

const acme = { kind: 'organization', name: 'acme' } as const;
const research = { kind: 'resource-group', organization: 'acme', id: '66f0c1' } as const;
const ada = aSnapshot()
  .signedIn()
  .withAccount({
    organizations: [
      organization('acme', { role: 'admin', resourceGroups: [{ id: '66f0c1', name: 'research' }] }),
    ],
  })
  .withCredits();

const limited = ada.withOrganizationCredits('acme', {
  usedNanoUsd: usd(3.9),
  includedNanoUsd: usd(10),
  limitNanoUsd: usd(50),
});

function look(snapshot: SnapshotBuilder, chosen: Payer['chosen']) {
  const input = viewInput(snapshot, { payer: { chosen } });
  const textOf = ({ label, description, children = [] }: TreeNode): string[] => [
    `${label} | ${description}`,
    ...children.flatMap(textOf),
  ];
  return {
    tree: limitsView(input).roots.flatMap(textOf),
    hover: plainHover(hoverMarkdown(input)),
    picker: billingChoices(input, []).map(({ label, description }) => `${label} | ${description}`),
  };
}

describe('a spending limit', () => {
  it('of an organization is in tree, hover and picker, where the token may read it', () => {
    const { tree, hover, picker } = look(limited, acme);
    assert.ok(tree.includes('Credits | $6.10 left of $10.00 · limit $50.00 this month · resets Dec 1'));
    assert.match(hover, /\$6\.10 left of \$10\.00 · limit \$50\.00 this month · resets/);
    assert.ok(picker.some(row => /^acme .*\$6\.10 left of \$10\.00 · limit \$50\.00 this month/.test(row)));
  });

  it('of a resource group is told once it refuses: no token can read it before', () => {
    const before = look(limited, research);
    assert.ok(
      before.picker.includes(
        'acme / research | current · resource group · its limit is not visible to tokens',
      ),
    );
    assert.ok(!before.tree.some(row => row.startsWith('Spending limit')));
    const refusal = creditsRefusal({
      at: fixedNow - secondMs,
      cause: 'spending-limit',
      billedTo: 'group:acme/66f0c1',
      source: 'gateway',
    });
    const { tree, hover, picker } = look(limited.withRefusals(refusal), research);
    assert.ok(tree.includes('Spending limit | reached'));
    assert.match(hover, /The spending limit of acme \/ research is reached\. Only its admins can raise it\./);
    assert.ok(picker.includes('acme / research | current · resource group · spending limit reached'));
  });

  it('that is no more than the included credits is not repeated', () => {
    const free = ada.withCredits({ usedNanoUsd: 0, includedNanoUsd: usd(0.1), limitNanoUsd: usd(0.1) });
    assert.doesNotMatch(look(free, { kind: 'personal' }).tree.join('\n'), /limit \$/);
  });
});
