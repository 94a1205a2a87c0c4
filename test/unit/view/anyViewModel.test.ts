import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Snapshot } from '../../../src/account/snapshot.ts';
import type { BillingProfile, Payer } from '../../../src/billing/profile.ts';
import type { ProviderWindow } from '../../../src/limits/pacing/providerWindow.ts';
import type { TallyTotal } from '../../../src/limits/requests/requestTally.ts';
import type { Held } from '../../../src/view/account/heldRequests.ts';
import { parseFilter } from '../../../src/view/refusals/refusalFilter.ts';
import { badgeModel } from '../../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../../src/view/status/hoverMarkdown.ts';
import { nextRepaintAt } from '../../../src/view/status/nextRepaint.ts';
import { statusBarModel } from '../../../src/view/status/statusBarModel.ts';
import { welcomeState } from '../../../src/view/status/welcomeState.ts';
import { treeModel } from '../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../src/view/tree/treeNode.ts';
import type { FaceOptions } from '../../../src/view/viewInput.ts';
import { anyName, anySnapshot } from './anySnapshot.ts';
import { fixedNow, hourMs, secondMs } from './builders.ts';

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

const anyOptions: fc.Arbitrary<FaceOptions> = fc.record({
  providerWindows: fc.option(fc.array(anyWindow, { maxLength: 6 }), { nil: undefined }),
  held: fc.option(fc.array(anyHeld, { maxLength: 5 }), { nil: undefined }),
  gatewayUse: fc.option(
    fc.record({ since: fc.constant(Date.UTC(2025, 10, 1)), totals: fc.array(anyTotal, { maxLength: 6 }) }),
    { nil: undefined },
  ),
  payer: fc.option(anyPayer, { nil: undefined }),
  refusalFilter: fc.constantFrom(undefined, parseFilter({ sources: ['terminal'] })),
  show: fc.constantFrom('auto', 'left', 'used', 'icon'),
  budgetNanoUsd: fc.option(fc.nat(5_000_000_000), { nil: undefined }),
  nanoUsdPerHour: fc.option(fc.nat(100_000_000), { nil: undefined }),
  timeZone: fc.constant('UTC'),
});

function allNodes(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap(node => [node, ...allNodes(node.children)]);
}

/** Everything that a person could see or hear without pointing at a row. */
function looks(snapshot: Snapshot, options: FaceOptions, now: number): unknown {
  return {
    bar: statusBarModel(snapshot, options, now, 'en'),
    hover: hoverMarkdown(snapshot, options, now, 'en'),
    badge: badgeModel(snapshot, options, now, 'en'),
    tree: JSON.stringify(treeModel(snapshot, options, now, 'en')),
  };
}

describe('Every face, for any snapshot', () => {
  it('has no text with NaN, undefined, null or an unfilled place in it', () => {
    fc.assert(
      fc.property(
        anySnapshot,
        anyOptions,
        fc.constantFrom('en', 'de', 'ja', 'C', ''),
        (snapshot, options, locale) => {
          const bar = statusBarModel(snapshot, options, fixedNow, locale);
          const nodes = allNodes(treeModel(snapshot, options, fixedNow, locale));
          const texts = [
            bar.text,
            bar.accessibilityLabel,
            hoverMarkdown(snapshot, options, fixedNow, locale),
            badgeModel(snapshot, options, fixedNow, locale)?.tooltip ?? '',
            ...nodes.flatMap(node => [node.label, node.description ?? '', node.accessibilityLabel]),
            ...nodes.flatMap(node => [
              node.copyValue,
              node.tooltip(),
              node.url ?? '',
              node.action?.label ?? '',
            ]),
          ];
          for (const text of texts)
            assert.doesNotMatch(text, /NaN|undefined|\bnull\b|Infinity|\[object|\{[1-9]\}/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives every row of the tree an id of its own, and the same ones a second later', () => {
    fc.assert(
      fc.property(anySnapshot, anyOptions, (snapshot, options) => {
        const ids = allNodes(treeModel(snapshot, options, fixedNow, 'en')).map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        assert.deepEqual(
          allNodes(treeModel(snapshot, options, fixedNow + 1, 'en')).map(({ id }) => id),
          ids,
        );
      }),
    );
  });

  it('links to our own commands and to nothing else', () => {
    fc.assert(
      fc.property(anySnapshot, anyOptions, (snapshot, options) => {
        const tooltips = allNodes(treeModel(snapshot, options, fixedNow, 'en')).map(({ tooltip }) =>
          tooltip(),
        );
        for (const markdown of [hoverMarkdown(snapshot, options, fixedNow, 'en'), ...tooltips]) {
          const escapesGone = markdown.replace(/\\[!-/:-@[-`{-~]/g, '');
          for (const [, target] of escapesGone.matchAll(/\]\(([^)]*)\)/g)) {
            if (target === 'command:workbench.action.openSettings?%5B%22headroom%22%5D') continue;
            assert.match(
              target ?? '',
              /^command:headroom\.[A-Za-z.]+(\?%5B%22(https%3A|rate-limits%3Aheld%2F)[\w.%~-]*%22%5D)?$/,
            );
          }
          for (const [, icon] of escapesGone.matchAll(/\$\(([^)]*)\)/g)) {
            assert.ok(['refresh', 'warning', 'info', 'arrow-swap'].includes(icon ?? ''), icon);
          }
        }
      }),
    );
  });

  it('has an empty tree exactly when a welcome view stands in for it', () => {
    fc.assert(
      fc.property(anySnapshot, anyOptions, (snapshot, options) => {
        const empty = treeModel(snapshot, options, fixedNow, 'en').length === 0;
        assert.equal(empty, welcomeState(snapshot) !== 'ready');
      }),
    );
  });

  it('looks the same until the next repaint, at whatever moment', () => {
    fc.assert(
      fc.property(
        anySnapshot,
        anyOptions,
        fc.nat(hourMs),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (snapshot, options, later, share) => {
          const now = fixedNow + later;
          const next = nextRepaintAt(snapshot, now, true, options);
          assert.ok(next > now);
          const until = Math.min(next, now + 100 * hourMs) - 1;
          const before = looks(snapshot, options, now);
          assert.deepEqual(looks(snapshot, options, until), before);
          assert.deepEqual(looks(snapshot, options, Math.floor(now + (until - now) * share)), before);
        },
      ),
      { numRuns: 300 },
    );
  });
});
