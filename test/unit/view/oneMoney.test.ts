import assert from 'node:assert/strict';
import type { Payer } from '../../../src/billing/profile.ts';
import { statusJson } from '../../../src/cli/json/statusJson.ts';
import { statusTable } from '../../../src/cli/table/statusTable.ts';
import { billingChoices } from '../../../src/view/billing/switchBillingModel.ts';
import { newBlockedNotices } from '../../../src/view/refusals/blockedNoticesModel.ts';
import { refusalDocument } from '../../../src/view/refusals/refusalDocument.ts';
import { groupRefusals } from '../../../src/view/refusals/refusalGroups.ts';
import { statusBarView } from '../../../src/view/status/statusBarModel.ts';
import { treeModel } from '../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../src/view/tree/treeNode.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  type InputChange,
  minuteMs,
  organization,
  part,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from './builders.ts';

const free = aSnapshot().signedIn().withAccount({ plan: 'free' });
const refused = creditsRefusal({ cause: 'unsettled', source: 'gateway', billedTo: 'personal' });

function allNodes(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap(node => [node, ...allNodes(node.children)]);
}

/** What each view says, by its name. */
function views(snapshot: SnapshotBuilder, options: InputChange = {}) {
  const input = viewInput(snapshot, options);
  const { text, accessibilityLabel, hover } = statusBarView(input);
  const [notice] = newBlockedNotices(input, { getPreference: () => undefined, setPreference() {} });
  const status = statusJson(input.snapshot, new Map(), input.payer, input.now);
  const [group = assert.fail('no refusal')] = groupRefusals(input.snapshot.refusals);
  const plain = (markdown: string) => markdown.replaceAll('&#36;', '$').replace(/\\(\p{ASCII})/gu, '$1');
  const nodes = allNodes(treeModel(input));
  return {
    bar: text,
    spoken: accessibilityLabel,
    hover: plain(hover),
    notice: notice?.message ?? '',
    tree: nodes.map(({ label, description }) => `${label} | ${description}`).join('\n'),
    tooltips: nodes.map(({ tooltip }) => plain(tooltip())).join('\n'),
    document: refusalDocument(group.newest, group, input),
    picker: billingChoices(input, [])
      .map(({ label, description }) => `${label} | ${description}`)
      .join('\n'),
    table: statusTable(status, { now: input.now, width: 200, color: false }),
    json: status.credits,
  };
}

describe('money that open requests hold, in every view:', () => {
  for (const [name, used, included, held, texts] of [
    ['nine of ten cents', 0.0924, 0.1, 0.09, { left: '$0.10', whole: '$0.10', held: '$0.09', open: '9' }],
    [
      'six cents, and all is used',
      0.1,
      0.1,
      0.06,
      { left: '$0.06', whole: '$0.10', held: '$0.06', open: '6' },
    ],
    ['one of two dollars', 1.995, 2, 1, { left: '$1.01', whole: '$2.00', held: '$1.00', open: '100' }],
  ] as const) {
    it(`the same is left, and the same is held: ${name}`, () => {
      const snapshot = free
        .withCredits({ usedNanoUsd: usd(used), includedNanoUsd: usd(included) })
        .with({ heldNanoUsd: usd(held) })
        .withRefusals(refused);
      const { left, whole, open } = texts;
      const [all, spokenHeld] = [views(snapshot), `${texts.held.slice(1)} US dollars of it held`];
      assert.equal(all.bar, `$(watch) ${texts.held} held · ~4 min`);
      assert.ok(all.spoken.includes(`${left.slice(1)} US dollars left, ${spokenHeld}`), all.spoken);
      const both = `${left} left of ${whole} · ${texts.held} held`;
      for (const view of [all.hover, all.tree, all.picker]) assert.ok(view.includes(both), view);
      assert.match(
        all.tree,
        new RegExp(`Spend this month \\| \\$[\\d.]+ · 412 requests · \\${texts.held} held\n`),
      );
      for (const view of [all.notice, all.hover, all.tooltips, all.document]) {
        assert.ok(view.includes(`Refused although ${left} is left: `), view);
        assert.ok(view.includes(`, and ${open} are open. It usually clears within 5 minutes`), view);
      }
      assert.match(all.document, /1\. Wait until 14:14\./);
      assert.ok(all.table.includes(`Left      ${left} of ${whole} included`), all.table);
      assert.ok(
        all.table.includes(`Held      ${texts.held} by open requests, usually free in 4 min`),
        all.table,
      );
      const { usedNanoUsd, remainingNanoUsd, heldNanoUsd, heldUntil } = all.json;
      assert.deepEqual([usedNanoUsd, heldNanoUsd], [usd(used), usd(held)]);
      assert.equal(Number(remainingNanoUsd) + Number(heldNanoUsd), usd(included - used + held));
      assert.equal(heldUntil, new Date(fixedNow + 4 * minuteMs).toISOString());
      const texted = Object.values(all)
        .filter(view => typeof view === 'string')
        .join('\n');
      assert.doesNotMatch(texted, /used up|buy/i);
    });
  }

  it('of an organization that pays is under its name, and not in the account’s own', () => {
    const open = { billedTo: 'org:acme', lastAt: fixedNow - 2 * minuteMs, open: 3, heldNanoUsd: usd(0.03) };
    const snapshot = free
      .withAccount({ organizations: [organization('acme', { role: 'admin' })] })
      .withCredits({ usedNanoUsd: usd(0.02), includedNanoUsd: usd(0.1) })
      .withOrganizationCredits('acme', { usedNanoUsd: usd(10), includedNanoUsd: usd(10) })
      .with({ accepted: [open] })
      .withRefusals({ ...refused, billedTo: 'org:acme' });
    const all = views(snapshot, { payer: { chosen: { kind: 'organization', name: 'acme' } } });
    assert.match(all.bar, /acme · \$0\.03 held · ~4 min$/);
    for (const view of [all.hover, all.tree, all.picker]) {
      assert.ok(view.includes('$0.03 left of $10.00 · $0.03 held'), view);
      assert.ok(view.includes('$0.08 left of $0.10'), view);
      assert.ok(!view.includes('left of $0.10 · '.concat('$0.03')), view);
    }
    assert.ok(all.notice.includes('Refused although $0.03 is left'), all.notice);
    assert.equal(all.json.heldNanoUsd, null);
  });

  it('is left, and not held any more, with the next success, before newer figures are read', () => {
    const accepted = { billedTo: 'personal', lastAt: fixedNow - 10 * secondMs, open: 1, heldNanoUsd: 0 };
    const snapshot = free
      .withCredits({ usedNanoUsd: usd(0.0924), includedNanoUsd: usd(0.1) })
      .with({ heldNanoUsd: usd(0.09), accepted: [accepted] })
      .withRefusals(refused);
    const { bar, hover, tree, picker } = views(snapshot);
    assert.equal(bar, '$(hubot) $0.10 left');
    for (const view of [hover, tree, picker]) assert.ok(view.includes('$0.10 left of $0.10'), view);
    const newer = { ...accepted, lastAt: fixedNow - 50 * secondMs };
    assert.equal(views(snapshot.with({ accepted: [newer] })).bar, '$(warning) <$0.01 left', 'newer figures');
  });

  it('is nowhere before a request was refused for it, and once it cleared', () => {
    const burst = free.withCredits({ usedNanoUsd: usd(0.05), includedNanoUsd: usd(0.1) });
    const quiet = burst
      .with({ heldNanoUsd: usd(0.05) })
      .withRefusals(creditsRefusal({ at: fixedNow - 30 * minuteMs }));
    const cleared = burst.with({ heldNanoUsd: 0 }).withRefusals(refused);
    for (const snapshot of [quiet, cleared]) {
      const { bar, hover, tree, picker, table, json } = views(snapshot);
      for (const view of [bar, hover.split('**Now**')[0] ?? '', picker, table]) {
        assert.match(view, /\$0\.05/);
        assert.doesNotMatch(view, / held/);
      }
      assert.match(tree, /Credits \| \$0\.05 left of \$0\.10 · resets/);
      assert.deepEqual([json.remainingNanoUsd, json.heldNanoUsd, json.heldUntil], [usd(0.05), null, null]);
    }
  });
});

describe('credits that are back while a stand-in pays', () => {
  const since = fixedNow - minuteMs;
  const payer: Payer = {
    chosen: { kind: 'personal' },
    standIn: { profile: { kind: 'organization', name: 'acme' }, reason: 'credits', since },
  };
  const shown = (used: number, ageMs: number) => {
    const snapshot = free
      .withCredits({ usedNanoUsd: usd(used), includedNanoUsd: usd(0.1) }, ageMs)
      .withRefusals(creditsRefusal({ at: since, billedTo: 'personal' }));
    return views(snapshot, { payer });
  };

  it('are told in bar, hover, tree and CLI as soon as a refresh shows them', () => {
    const { bar, spoken, hover, tree, table } = shown(0.04, secondMs);
    assert.equal(bar, '$(arrow-swap) you again with the next request');
    assert.match(spoken, /Credits are back: you again with the next request/);
    assert.match(hover, /\$\(arrow-swap\) Credits are back: you again with the next request/);
    assert.match(tree, /Who pays \| acme · in place of you · you again with the next request/);
    assert.match(table, /org:acme {2}stands in: credits are back, personal pays again with the next request/);
  });

  it('are told nowhere by figures from before the failover, or without money for a request', () => {
    for (const all of [shown(0.04, 2 * minuteMs), shown(0.0987, secondMs)]) {
      const { bar, spoken, hover, tree, table } = all;
      for (const view of [bar, spoken, hover, tree, table]) assert.doesNotMatch(view, /again with the next/);
      assert.match(table, /org:acme {2}stands in: the credits are used up/);
    }
  });

  it('are in the JSON', () => {
    for (const [ageMs, expected] of [
      [secondMs, true],
      [2 * minuteMs, false],
    ] as const) {
      const snapshot = free.with({
        credits: part(free.withCredits({ usedNanoUsd: 0 }).build().credits.value, ageMs),
      } as never);
      const { billing } = statusJson(snapshot.build(), new Map(), payer, fixedNow);
      assert.equal(billing.standIn?.creditsAreBack, expected);
    }
  });
});
