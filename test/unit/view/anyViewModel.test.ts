import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import fc from 'fast-check';
import { scopeText } from '../../../src/billing/budget.ts';
import type { BillingProfile, Payer } from '../../../src/billing/profile.ts';
import type { ProviderWindow } from '../../../src/limits/pacing/providerWindow.ts';
import type { TallyTotal } from '../../../src/limits/requests/requestTally.ts';
import type { BudgetState } from '../../../src/view/account/budgetState.ts';
import type { Held } from '../../../src/view/account/heldRequests.ts';
import { parseFilter } from '../../../src/view/refusals/refusalFilter.ts';
import { badgeModel } from '../../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../../src/view/status/hoverMarkdown.ts';
import { statusBarModel } from '../../../src/view/status/statusBarModel.ts';
import { welcomeState } from '../../../src/view/status/welcomeState.ts';
import { limitsView } from '../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../src/view/tree/treeNode.ts';
import { anyName, anySnapshot } from './anySnapshot.ts';
import { fixedNow, hourMs, type InputChange, secondMs, viewInput } from './builders.ts';

const anyProfile = fc.constantFrom<BillingProfile>(
  { kind: 'personal' },
  { kind: 'organization', name: 'acme' },
  { kind: 'organization', name: '__proto__' },
  { kind: 'resource-group', organization: 'acme', id: 'research' },
  { kind: 'provider-key', provider: 'groq' },
  { kind: 'provider-key', provider: 'constructor' },
);
const anyPayer: fc.Arbitrary<Payer> = fc.record({
  chosen: anyProfile,
  standIn: fc.option(
    fc.record({
      profile: anyProfile,
      reason: fc.constantFrom('credits', 'spending-limit'),
      since: fc.constant(fixedNow),
    }),
    { nil: undefined },
  ),
});

const anyTotal: fc.Arbitrary<TallyTotal> = fc.record(
  {
    billedTo: fc.constantFrom('personal', 'org:acme', 'key:groq', 'own-token+org:acme', 'what: is this'),
    provider: fc.constantFrom('groq', '__proto__'),
    model: fc.string({ unit: 'binary' }),
    requests: fc.nat(),
    refused: fc.nat(),
    promptTokens: fc.nat(),
    completionTokens: fc.nat(),
    costNanoUsd: fc.nat(),
    uncosted: fc.nat(3),
  },
  {
    requiredKeys: [
      'billedTo',
      'requests',
      'refused',
      'promptTokens',
      'completionTokens',
      'costNanoUsd',
      'uncosted',
    ],
  },
);

const anyHeld: fc.Arbitrary<Held> = fc.record({
  limit: anyName,
  by: fc.oneof(fc.constantFrom('huggingface', 'unknown', 'groq'), anyName),
  scope: fc.option(fc.oneof(fc.constantFrom('api', 'router'), anyName), { nil: undefined }),
  model: fc.option(fc.oneof(fc.constantFrom('gpt2', 'acme/Model-7B'), anyName), { nil: undefined }),
  waiting: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1e9 })),
  programs: fc.integer({ min: 1, max: 3 }),
  heldBy: fc.constantFrom('window', 'refusal', 'unsettled', 'concurrency'),
  until: fc.option(fc.integer({ min: fixedNow - secondMs, max: fixedNow + 2 * hourMs }), { nil: undefined }),
  since: fc.integer({ min: fixedNow - hourMs, max: fixedNow + 2 * secondMs }),
});

const aCount = fc.option(fc.oneof(fc.nat(20), fc.nat(100_000)), { nil: undefined });
const anyWindow: fc.Arbitrary<ProviderWindow> = fc.record(
  {
    provider: fc.oneof(fc.constantFrom('groq', 'cerebras', '__proto__'), anyName),
    model: fc.option(anyName, { nil: undefined }),
    bucket: fc.oneof(fc.constantFrom('tokens', 'requests', 'requests-day', 'constructor'), anyName),
    unit: fc.constantFrom('requests', 'tokens'),
    limit: aCount,
    remaining: aCount,
    windowSeconds: fc.constantFrom(undefined, 0, 60, 3_600, 86_400),
    resetsFrom: fc.constant(undefined),
    resetsAt: fc.oneof(
      fc.constantFrom(undefined, 9e15),
      fc.integer({ min: -60, max: 90_000 }).map(seconds => fixedNow + seconds * secondMs + 500),
    ),
    // in whole seconds, so that no window ends in the millisecond after now
    asOf: fc.oneof(fc.nat(90), fc.nat(4_000)).map(seconds => fixedNow - seconds * secondMs),
    source: fc.constant('header'),
    isShownOnly: fc.constant(true as const),
  },
  { requiredKeys: ['provider', 'bucket', 'unit', 'asOf', 'source'] },
);

const anyAmount = fc.oneof(fc.nat(5_000_000_000), fc.constantFrom(1, 12_345_670_000_000));
const maybeAmount = fc.option(anyAmount, { nil: undefined });
/** Of different places, as the ledger has them. */
const anyBudgets: fc.Arbitrary<BudgetState[]> = fc.uniqueArray(
  fc.record({
    payer: fc.constantFrom('personal', 'org:acme', 'key:groq', 'group:acme/6502'),
    workspace: fc.constantFrom(undefined, '0123456789abcdef'),
    warnAtNanoUsd: maybeAmount,
    pauseAtNanoUsd: maybeAmount,
    countedNanoUsd: anyAmount,
    uncosted: fc.nat(3_000),
    decision: fc.constantFrom(
      undefined,
      { at: 0 },
      { at: 0, once: true as const },
      { at: 0, until: fixedNow + hourMs },
    ),
  }),
  { selector: scopeText, maxLength: 8 },
);

const anyOptions: fc.Arbitrary<InputChange> = fc.record({
  providerWindows: fc.array(anyWindow, { maxLength: 6 }),
  held: fc.array(anyHeld, { maxLength: 5 }),
  gatewayUse: fc.option(
    fc.record({ since: fc.constant(Date.UTC(2025, 10, 1)), totals: fc.array(anyTotal, { maxLength: 6 }) }),
    { nil: undefined },
  ),
  payer: fc.option(anyPayer, { nil: undefined }),
  refusalFilter: fc.constantFrom(undefined, parseFilter({ sources: ['terminal'] })),
  show: fc.constantFrom('auto', 'left', 'used', 'icon'),
  budgetNanoUsd: fc.option(fc.nat(5_000_000_000), { nil: undefined }),
  budgets: fc.option(anyBudgets, { nil: undefined }),
});

const icons = new Set([
  ...['refresh', 'warning', 'info', 'watch', 'arrow-swap'],
  ...['debug-pause', 'debug-continue'],
  ...['account', 'organization', 'group-by-ref-type', 'key'],
]);

const german = path.resolve(import.meta.dirname, '../../../l10n/bundle.l10n.de.json');

function isBar(target = ''): boolean {
  return target.startsWith('data:image/svg+xml,%3Csvg%20xmlns') && !/[\s<>"|]/.test(target);
}

function allNodes(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap(node => [node, ...allNodes(node.children)]);
}

describe('view models of any snapshot', () => {
  afterEach(() => l10n.config({ contents: {} }));

  it('have no NaN, undefined, null, unfilled placeholder or invisible character in any text', () => {
    fc.assert(
      fc.property(
        anySnapshot,
        anyOptions,
        fc.constantFrom('en', 'de', 'ja', 'C', ''),
        (snapshot, options, locale) => {
          const input = viewInput(snapshot, { ...options, locale });
          const bar = statusBarModel(input);
          const nodes = allNodes(limitsView(input).roots);
          const texts = [
            bar.text,
            bar.accessibilityLabel,
            hoverMarkdown(input),
            badgeModel(input)?.tooltip ?? '',
            ...nodes.flatMap(node => [node.label, node.description ?? '', node.accessibilityLabel]),
            ...nodes.flatMap(node => [
              node.copyValue,
              node.tooltip(),
              node.url ?? '',
              node.action?.label ?? '',
            ]),
          ];
          for (const text of texts) {
            assert.doesNotMatch(text, /NaN|undefined|\bnull\b|Infinity|\[object|\{[1-9]\}/);
            // control and format characters would reorder or hide what is around a name
            assert.doesNotMatch(text, /[\p{Zl}\p{Zp}]|(?!\n)\p{Cc}|(?![\u200c\u200d])\p{Cf}/u);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('have unique row ids, the same a moment later', () => {
    fc.assert(
      fc.property(anySnapshot, anyOptions, (snapshot, options) => {
        const input = viewInput(snapshot, options);
        const ids = allNodes(limitsView(input).roots).map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        assert.deepEqual(
          allNodes(limitsView({ ...input, now: input.now + 1, serverNow: input.serverNow + 1 }).roots).map(
            ({ id }) => id,
          ),
          ids,
        );
      }),
    );
  });

  for (const locale of ['en', 'de']) {
    it(`have no two rows of different names that look alike, side by side: ${locale}`, () => {
      if (locale === 'de') l10n.config({ contents: fs.readFileSync(german, 'utf8') });
      // the tooltip begins with the whole name
      const name = (node: TreeNode) => /^\*\*(.*?)\*\*(?: |$)/m.exec(node.tooltip())?.[1] ?? '';
      fc.assert(
        fc.property(anySnapshot, anyOptions, (snapshot, options) => {
          const { roots } = limitsView(viewInput(snapshot, { ...options, locale }));
          for (const siblings of [roots, ...allNodes(roots).map(({ children }) => children)]) {
            const names = Map.groupBy(siblings, ({ label }) => label);
            for (const [label, alike] of names) assert.equal(new Set(alike.map(name)).size, 1, label);
          }
        }),
      );
    });
  }

  it('link only to our own commands', () => {
    fc.assert(
      fc.property(anySnapshot, anyOptions, (snapshot, options) => {
        const input = viewInput(snapshot, options);
        const tooltips = allNodes(limitsView(input).roots).map(({ tooltip }) => tooltip());
        for (const markdown of [hoverMarkdown(input), ...tooltips]) {
          const escapesGone = markdown.replace(/\\[!-/:-@[-`{-~]/g, '');
          for (const [, target] of escapesGone.matchAll(/\]\(([^)]*)\)/g)) {
            if (target === 'command:workbench.action.openSettings?%5B%22headroom%22%5D') continue;
            if (target === 'command:headroom.refresh "Refresh"' || isBar(target)) continue;
            assert.match(
              target ?? '',
              /^command:headroom\.[A-Za-z.]+(\?%5B%22(https%3A|rate-limits%3Aheld%2F|personal|(?:org|group|key)%3A|(endpoint-hardware|endpoints|zero-gpu|storage|space-hardware|hub-window)%2F)[\w.%~-]*%22%5D)?$/,
            );
          }
          for (const [, icon] of escapesGone.matchAll(/\$\(([^)]*)\)/g)) {
            assert.ok(icons.has(icon ?? ''), icon);
          }
        }
      }),
    );
  });

  it('have an empty tree exactly while a welcome view is shown', () => {
    fc.assert(
      fc.property(anySnapshot, anyOptions, (snapshot, options) => {
        const empty = limitsView(viewInput(snapshot, options)).roots.length === 0;
        assert.equal(empty, welcomeState(snapshot) !== 'ready');
      }),
    );
  });
});
