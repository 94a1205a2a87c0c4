import assert from 'node:assert/strict';
import type { TallyTotal } from '../../../../src/limits/requests/requestTally.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import { aSnapshot, fixedNow, organization, usd, viewInput } from '../builders.ts';

const november = Date.UTC(2025, 10, 1);
const ada = aSnapshot().signedIn().withAccount().withCredits();

function total(different: Partial<TallyTotal> = {}): TallyTotal {
  return {
    billedTo: 'personal',
    provider: 'together',
    model: 'org/model',
    requests: 412,
    refused: 0,
    promptTokens: 10_000,
    completionTokens: 2_345,
    costNanoUsd: usd(1.02),
    uncosted: 0,
    ...different,
  };
}

function tree(totals: readonly TallyTotal[] | undefined, now = fixedNow, snapshot = ada): TreeNode[] {
  const input = viewInput(snapshot, { now, gatewayUse: totals && { since: november, totals } });
  return (treeModel(input)[0]?.children ?? []).filter(({ id }) => id.startsWith('billing/gateway'));
}

function root(...totals: TallyTotal[]): TreeNode {
  const [row] = tree(totals);
  assert.ok(row);
  return row;
}

function outline(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap(node => [
    `${indent}${node.label} | ${node.description}`,
    ...outline(node.children, `${indent}  `),
  ]);
}

describe('gatewayUseRow', () => {
  it('lists payers with their models, the highest cost first', () => {
    const totals = [
      total({ billedTo: 'key:groq', provider: 'groq', requests: 1, costNanoUsd: usd(0.5) }),
      total({ requests: 5, costNanoUsd: usd(0.2), model: 'org/small' }),
      total({ billedTo: 'org:acme', requests: 7, costNanoUsd: usd(3), refused: 2 }),
      total(),
    ];
    assert.deepEqual(outline(tree(totals)), [
      'Through the gateway | 425 requests · 2 refused · 49,380 tokens · about $4.72',
      '  acme | 7 requests · 2 refused · 12,345 tokens · about $3.00',
      '    org/model | 7 requests · 2 refused · 12,345 tokens · about $3.00 · Together AI',
      '  you | 417 requests · 24,690 tokens · about $1.22',
      '    org/model | 412 requests · 12,345 tokens · about $1.02 · Together AI',
      '    org/small | 5 requests · 12,345 tokens · about $0.20 · Together AI',
      '  your groq key | 1 request · 12,345 tokens · about $0.50',
      '    org/model | 1 request · 12,345 tokens · about $0.50 · Groq',
    ]);
  });

  it('has no row without requests, or while they are not known', () => {
    assert.deepEqual(tree([]), []);
    assert.deepEqual(tree(undefined), []);
  });

  it('says that a cost is unknown, never 0', () => {
    const cost = (different: Partial<TallyTotal>) =>
      root(total({ promptTokens: 0, completionTokens: 0, ...different })).description;
    assert.equal(cost({ uncosted: 3 }), '412 requests · about $1.02 + 3 of unknown cost');
    assert.equal(cost({ uncosted: 412, costNanoUsd: 0 }), '412 requests · cost unknown');
    assert.equal(cost({ uncosted: 1, costNanoUsd: 1 }), '412 requests · <$0.01 + 1 of unknown cost');
    assert.equal(cost({ costNanoUsd: 0 }), '412 requests · $0.00', 'known to be free');
  });

  it('rounds many tokens, with the exact numbers in the tooltip', () => {
    const row = root(total({ promptTokens: 1_234_567, completionTokens: 1 }));
    assert.match(row.description ?? '', / · 1\.2M tokens · /);
    const [payer] = row.children;
    assert.match((payer?.tooltip() ?? '').replaceAll('\\', ''), /1,234,567 in, 1 out/);
    assert.match(root(total({ promptTokens: 1, completionTokens: 0 })).description ?? '', / · 1 token · /);
  });

  it('names payers as the other rows do', () => {
    const acme = organization('acme', { resourceGroups: [{ id: 'g1', name: 'research' }] });
    const snapshot = ada.withAccount({ organizations: [acme] });
    const named = (billedTo: string) => tree([total({ billedTo })], fixedNow, snapshot)[0]?.children[0];
    for (const [billedTo, label, icon] of [
      ['personal', 'you', 'account'],
      ['group:acme/g1', 'acme / research', 'group-by-ref-type'],
      ['own-token', 'the program’s own token', 'account'],
      ['own-token+org:acme', 'acme, own token', 'organization'],
      ['anonymous', 'no payer: no token', 'circle-slash'],
      ['something:new', 'something:new', 'question'],
      ['own-token+new', 'own-token+new', 'question'],
    ] as const) {
      assert.equal(named(billedTo)?.label, label);
      assert.equal(named(billedTo)?.icon?.id, icon);
    }
  });

  it('labels requests of an unknown model or provider', () => {
    const unknown = { provider: undefined, model: undefined };
    const labels = [{ model: undefined }, { provider: undefined }, unknown].map(
      different => root(total(different)).children[0]?.children[0],
    );
    assert.deepEqual(
      labels.map(row => [row?.label, row?.description?.split(' · ')[0]]),
      [
        ['Together AI', '412 requests'],
        ['org/model', '412 requests'],
        ['Other requests', '412 requests'],
      ],
    );
  });

  it('names the month once it is over by Hugging Face’s clock', () => {
    const december = Date.UTC(2025, 11, 1);
    const label = (now: number, snapshot = ada) => tree([total()], now, snapshot)[0]?.label;
    assert.equal(label(december - 1), 'Through the gateway');
    assert.equal(label(december), 'Gateway in November');
    assert.equal(label(december, ada.with({ clockSkewMs: -1 })), 'Through the gateway');
  });

  it('has an accessibility label in words', () => {
    assert.equal(
      root(total({ uncosted: 3 })).accessibilityLabel,
      'Through the gateway, 412 requests, 12,345 tokens, about 1.02 US dollars + 3 of unknown cost',
    );
  });

  it('has unique ids and single lines for any model name', () => {
    const models = ['a/b', 'a:b', 'a#2', 'a\nb', '[x](command:evil)', undefined];
    const rows =
      root(...models.map(model => total({ model, provider: undefined }))).children[0]?.children ?? [];
    assert.equal(new Set(rows.map(({ id }) => id)).size, models.length);
    for (const { label, tooltip } of rows) {
      assert.doesNotMatch(label, /\n/);
      for (const line of tooltip().split('\n\n')) assert.doesNotMatch(line, /\n|(?<!\\)\]\(.*\)$/);
    }
  });
});
