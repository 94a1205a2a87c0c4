import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import fc from 'fast-check';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import {
  anEventfulSnapshot,
  aSnapshot,
  dayMs,
  endpoint,
  fixedNow,
  gauge,
  hardware,
  header,
  hourMs,
  type InputChange,
  organization,
  part,
  problem,
  refusal,
  type SnapshotBuilder,
  usd,
  viewInput,
} from '../builders.ts';

const limitNames = new Map(
  ['requests', 'tokens'].flatMap(unit =>
    ['minute', 'hour', 'day'].map(span => [`${unit}-${span}`, `${unit} per ${span}`] as const),
  ),
);

const ada = aSnapshot().signedIn().withAccount().withCredits();
const german = path.resolve(import.meta.dirname, '../../../../l10n/bundle.l10n.de.json');

function flat(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap(node => [node, ...flat(node.children)]);
}

function rowsOf(snapshot: SnapshotBuilder, change: InputChange = {}): TreeNode[] {
  return flat(treeModel(viewInput(snapshot, change)));
}

function row(nodes: readonly TreeNode[], id: string): TreeNode {
  const found = nodes.find(node => node.id === id);
  assert.ok(found, `no row ${id}`);
  return found;
}

const plain = (markdown: string) =>
  markdown
    .replaceAll('&#36;', '$')
    .replace(/\\(\p{ASCII})/gu, '$1')
    .replaceAll('**', '');

/** Names from outside, long and without digits, which would look like the row's number. */
const aName = fc.stringMatching(/^[a-z][a-z-]{0,59}$/);
const anAmount = fc.integer({ min: 0, max: 99_999 }).map(usd);
const aCount = fc.nat(1_000_000);

/** Accounts with many kinds of rows. */
const anAccount = fc
  .record({
    names: fc.array(aName, { minLength: 8, maxLength: 8 }),
    amounts: fc.array(anAmount, { minLength: 4, maxLength: 4 }),
    counts: fc.array(aCount, { minLength: 4, maxLength: 4 }),
    state: fc.constantFrom('running', 'failed', 'paused', 'scaledToZero', 'initializing'),
    cause: fc.constantFrom('rate', 'tokens', 'credits', 'unsettled', 'quota', 'capacity', 'unknown'),
    resetsInMs: fc.constantFrom(-hourMs, 60_000, 2 * hourMs),
    ageMs: fc.constantFrom(1_000, 5 * dayMs),
  })
  .map(({ names, amounts, counts, state, cause, resetsInMs, ageMs }) => {
    const [group = '', provider = '', model = '', bucket = '', name = '', region = '', by = '', scope = ''] =
      names;
    const [used = 0, limit = 0, remaining = 0, requests = 0] = counts;
    const at = fixedNow - ageMs;
    const snapshot = anEventfulSnapshot()
      .withAccount({ name, organizations: [organization(group), organization(by, { role: 'read' })] })
      .withCredits({ byProvider: [{ provider, nanoUsd: amounts[0] ?? 0, requests }] }, ageMs)
      .withOrganizationCredits(group, { usedNanoUsd: amounts[1], includedNanoUsd: usd(12_345.67) })
      .with({
        gauges: { value: { windows: [gauge(bucket, used, limit)], blockedPastWeek: requests }, asOf: at },
      })
      .withEndpoints(group, endpoint(name, { state, instanceType: model, message: '' }))
      .withHardware(group, hardware({ region, architecture: model, used: requests, max: limit }))
      .withRefusals(refusal({ cause, by, scope, program: model, resetsAt: fixedNow + resetsInMs }));
    const tally = { billedTo: `org:${group}`, provider, model, requests, refused: 0 };
    const cost = { promptTokens: used, completionTokens: 0, costNanoUsd: amounts[2] ?? 0, uncosted: 0 };
    const change: InputChange = {
      payer: { chosen: { kind: 'organization', name: group } },
      gatewayUse: { since: Date.UTC(2025, 10, 1), totals: [{ ...tally, ...cost }] },
      providerWindows: [
        { provider, model, bucket, unit: 'tokens', limit, remaining, asOf: at, source: 'header' },
      ],
    };
    return { snapshot, change };
  });

describe('every row of the tree', () => {
  afterEach(() => l10n.config({ contents: {} }));

  for (const locale of ['en', 'de']) {
    it(`ends its number within the 30 characters of a side bar of 300 px, or begins with it, or with a name of up to 12: ${locale}`, () => {
      if (locale === 'de') l10n.config({ contents: fs.readFileSync(german, 'utf8') });
      fc.assert(
        fc.property(anAccount, ({ snapshot, change }) => {
          for (const { label, description = '' } of rowsOf(snapshot, { ...change, locale })) {
            const [number] = /^(?:.*\s)?[^\p{L}\s]*[\p{Nd}–]/u.exec(description.split(' · ')[0] ?? '') ?? [];
            if (label.includes('  ') || number === undefined || label.length <= 12) continue;
            assert.ok(label.length + number.length < 30, `${label} | ${description}`);
          }
        }),
      );
    });
  }

  it('is whole in its tooltip, which begins with it, and in its spoken label', () => {
    fc.assert(
      fc.property(anAccount, ({ snapshot, change }) => {
        for (const node of rowsOf(snapshot, change)) {
          const tooltip = plain(node.tooltip()).split('\n\n')[0] ?? '';
          const shown = node.label.split('  ');
          for (const text of shown) assert.ok(tooltip.includes(text), `${text}: ${tooltip}`);
          assert.ok(tooltip.endsWith(node.description ?? ''), `${node.description}: ${tooltip}`);
          const name = shown.at(-1) ?? '';
          assert.ok(node.accessibilityLabel.includes(name.replaceAll(' · ', ', ')), node.accessibilityLabel);
        }
      }),
    );
  });

  it('with a number from a server says in its tooltip where that comes from', () => {
    for (const { id, kind, tooltip } of rowsOf(anEventfulSnapshot()).map(node => ({
      ...node,
      kind: node.contextValue.replace('.page', ''),
    }))) {
      const isOwn = /:unused$|:apart$|^refusals$/.test(id) || kind === 'payer' || kind === 'unknown';
      if (isOwn) continue;
      assert.match(plain(tooltip()), /From (Hugging Face|the l)|Seen in/, id);
    }
  });
});

describe('a provider’s limits in 30 characters', () => {
  afterEach(() => l10n.config({ contents: {} }));
  for (const locale of ['en', 'de']) {
    for (const [used, limit] of [
      [23, 600],
      [11_990, 14_400],
      [937_512, 1_000_000],
    ] as const) {
      it(`are told apart: ${used} of ${limit}, ${locale}`, () => {
        if (locale === 'de') l10n.config({ contents: fs.readFileSync(german, 'utf8') });
        const window = { provider: 'cerebras', unit: 'tokens', limit, remaining: limit - used } as const;
        const buckets = [...limitNames.keys(), 'tokens-prompt', 'tokens-generated'];
        const providerWindows = buckets.map(bucket => ({
          ...window,
          bucket,
          asOf: fixedNow,
          source: 'header' as const,
        }));
        const refused = [...limitNames.values()].map(scope =>
          refusal({ scope, resetsAt: fixedNow + 112_000 }),
        );
        const input = viewInput(ada.withRefusals(...refused), { providerWindows, locale });
        const tree = treeModel(input);
        const windows = row(tree, 'provider-limits').children.flatMap(({ children }) => children);
        for (const siblings of [windows, row(tree, 'refusals').children]) {
          assert.ok(siblings.length >= limitNames.size);
          const shown = siblings.map(({ label }) => label.slice(0, 30));
          assert.equal(new Set(shown).size, siblings.length, shown.join('\n'));
        }
      });
    }
  }
});

describe('stale rows of the tree', () => {
  const old = rowsOf(
    anEventfulSnapshot()
      .withCredits({}, 5 * hourMs)
      .with({
        endpoints: { ada: part([endpoint('bert-prod')], 5 * hourMs) },
        gauges: part(
          { windows: [gauge('api', 23, 2_500, { asOf: fixedNow - 5 * hourMs })], blockedPastWeek: 3 },
          5 * hourMs,
        ),
        headerWindows: [],
      }),
  );
  for (const id of [
    'billing',
    'billing/credits',
    'billing/spend',
    'endpoints/ada/bert-prod',
    'rate-limits',
    'rate-limits/api',
    'rate-limits:blocked',
  ]) {
    it(`have a dimmed clock and their age, not a sign that forbids: ${id}`, () => {
      const { icon, isStale, description, accessibilityLabel } = row(old, id);
      assert.deepEqual([icon, isStale], [{ id: 'history', color: 'disabledForeground' }, true]);
      assert.match(`${description}\n${accessibilityLabel}`, /5 h ago\n.*5 h ago$/);
    });
  }
  it('are as usual while their values are fresh', () => {
    assert.ok(rowsOf(anEventfulSnapshot()).every(({ isStale }) => !isStale));
  });
});

describe('a large account in the tree', () => {
  const fifty = Array.from({ length: 50 }, (_, index) =>
    endpoint(`e${index}`, { state: index % 10 === 9 ? 'failed' : index % 5 === 0 ? 'running' : 'paused' }),
  );

  it('lists failed and running endpoints first, and folds those beyond ten', () => {
    const section = row(rowsOf(ada.withEndpoints('ada', ...fifty)), 'endpoints');
    const [rest, ...shown] = section.children.toReversed();
    assert.equal(shown.length, 10);
    assert.deepEqual(
      shown.toReversed().map(({ description = '' }) => description.split(' ')[0]),
      [...Array(5).fill('failed'), ...Array(5).fill('running')],
    );
    assert.deepEqual([rest?.label, rest?.expanded, rest?.children.length], ['40 more', false, 40]);
  });

  it('keeps the ids of endpoints that move below the folded row, and back', () => {
    const ids = (nodes: TreeNode[]) => nodes.map(({ id }) => id).toSorted();
    const resumed = fifty.map(each => ({ ...each, state: 'running' }));
    assert.deepEqual(
      ids(rowsOf(ada.withEndpoints('ada', ...resumed))),
      ids(rowsOf(ada.withEndpoints('ada', ...fifty))),
    );
  });

  it('lists ten organizations that can be billed, folds more, and has the others apart', () => {
    const organizations = Array.from({ length: 30 }, (_, index) =>
      organization(`o${index}`, index % 2 ? { plan: 'free' } : {}),
    );
    const found = row(rowsOf(ada.withAccount({ organizations })), 'billing/organizations');
    assert.equal(found.description, '15 of 30 can be billed');
    const [apart, more, ...shown] = found.children.toReversed();
    assert.equal(shown.length, 10);
    assert.ok(shown.every(({ description }) => description === 'Team'));
    assert.deepEqual([more?.label, more?.children.length], ['5 more', 5]);
    assert.deepEqual([apart?.label, apart?.expanded, apart?.children.length], ['Can’t be billed', false, 15]);
    assert.ok(apart?.children.every(({ description }) => description?.startsWith('free plan')));
  });

  it('has one row for one problem of many namespaces, and one for those not read yet', () => {
    const names = Array.from({ length: 30 }, (_, index) => `o${index}`);
    const parts = names.map((name, index) => [name, index < 20 ? { problem: problem('dns') } : {}]);
    const found = rowsOf(ada.with({ endpoints: Object.fromEntries(parts) }));
    assert.deepEqual(
      row(found, 'endpoints').children.map(({ label, description }) => [label, description]),
      [
        ['o0 and 19 more: Offline', 'Refresh'],
        ['o20 and 9 more', '–'],
      ],
    );
  });

  it('has the Hub’s windows that are nearly full above the others', () => {
    const found = rowsOf(ada.withHeaders(header('api', 1, 100), header('zeta', 99, 100)));
    const ids = row(found, 'rate-limits').children.map(({ id }) => id);
    assert.deepEqual(ids.slice(0, 2), ['rate-limits/zeta', 'rate-limits/api']);
  });
});
