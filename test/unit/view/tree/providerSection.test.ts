import assert from 'node:assert/strict';
import type { ProviderWindow } from '../../../../src/limits/pacing/providerWindow.ts';
import { badgeModel } from '../../../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import { aSnapshot, fixedNow, gauge, hourMs, type InputChange, secondMs, viewInput } from '../builders.ts';

const ada = aSnapshot()
  .signedIn()
  .withAccount()
  .withCredits()
  .withGauges(gauge('api', 23, 2_500));
const groqKey = { chosen: { kind: 'provider-key', provider: 'groq' } } as const;

function tokens(change: Partial<ProviderWindow> = {}): ProviderWindow {
  return {
    provider: 'groq',
    model: 'llama-3.1-8b',
    bucket: 'tokens',
    unit: 'tokens',
    limit: 12_000,
    remaining: 7_563,
    windowSeconds: 60,
    resetsAt: fixedNow + 7 * secondMs,
    asOf: fixedNow - 20 * secondMs,
    source: 'header',
    ...change,
  };
}
const requests = tokens({
  bucket: 'requests',
  unit: 'requests',
  limit: 14_400,
  remaining: 13_400,
  windowSeconds: 86_400,
  resetsAt: fixedNow + 5 * hourMs,
});
const shared = tokens({ model: undefined, remaining: 0, isShownOnly: true });

const plain = (markdown = '') => markdown.replace(/\\(\p{ASCII})/gu, '$1');

function section(windows: readonly ProviderWindow[], now = fixedNow): TreeNode {
  const found = treeModel(viewInput(ada, { providerWindows: windows, now })).find(
    ({ id }) => id === 'provider-limits',
  );
  assert.ok(found, 'no section of providers’ limits');
  return found;
}

const groups = (windows: readonly ProviderWindow[], now = fixedNow) => section(windows, now).children;

function row(window: ProviderWindow, now = fixedNow): TreeNode | undefined {
  return groups([window], now)[0]?.children[0];
}

describe('providers’ windows in the tree', () => {
  it('are named by their length, with their reset, for each model of a key', () => {
    const [group, ...others] = groups([requests, tokens()]);
    assert.deepEqual([group?.label, group?.expanded, others.length], ['groq · llama-3.1-8b', true, 0]);
    assert.deepEqual(
      group?.children.map(({ label, description }) => [label, description]),
      [
        ['requests/day', '1,000 / 14,400 · in 5 h'],
        ['tokens/min', '4,437 / 12,000 · 0:07'],
      ],
    );
    const found = row(tokens());
    assert.match(found?.tooltip() ?? '', /^\*\*tokens per minute\*\* 4/);
    assert.equal(found?.copyValue, 'groq · tokens per minute: 4,437 / 12,000');
  });

  it('are spoken in steps of 10 s', () => {
    const spoken = row(tokens())?.accessibilityLabel;
    assert.equal(spoken, 'tokens per minute, 4,437 of 12,000, resets in 10 seconds');
  });

  it('warn for the user’s own key, in the section’s summary too', () => {
    const full = tokens({ remaining: 0 });
    assert.equal(row(full)?.icon?.id, 'error');
    assert.equal(section([full]).description, 'groq full');
    assert.equal(groups([full])[0]?.description, 'tokens per minute full');
    const nearly = tokens({ remaining: 100 });
    assert.equal(row(nearly)?.icon?.id, 'warning');
    assert.equal(section([nearly]).description, 'groq nearly full');
  });

  it('raise no alarm for the limits that all users share, and say so', () => {
    const [group] = groups([shared]);
    assert.deepEqual(
      [group?.label, group?.description, group?.expanded],
      ['groq, shared', 'by all users of Hugging Face', false],
    );
    assert.match(group?.accessibilityLabel ?? '', /by all users of Hugging Face, not your own limit$/);
    assert.equal(row(shared)?.description, '12,000 / 12,000 · opens in 0:07');
    for (const node of [group, row(shared)]) {
      assert.deepEqual(node?.icon, { id: 'globe' });
      assert.match(plain(node?.tooltip()), /It is not your limit, and the gateway holds no requests for it/);
    }
    assert.equal(section([shared]).description, undefined);
  });

  it('a model that is called as a window has a row of its own', () => {
    const [one, other] = groups([{ ...shared, model: 'tokens' }, shared]);
    assert.notEqual(one?.id, other?.id);
    const ids = [one, other].flatMap(group => [group?.id, ...(group?.children ?? []).map(({ id }) => id)]);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('name the model when a provider behind the router limits that one', () => {
    const behindRouter = { ...shared, model: 'acme/Model-7B' };
    const [group, other] = groups([behindRouter, shared]).toSorted((a, b) => b.id.length - a.id.length);
    assert.equal(group?.description, 'by all users of Hugging Face · acme/Model-7B');
    assert.match(plain(group?.tooltip()), /the gateway holds requests for that model only/);
    assert.deepEqual([other?.label, other?.description], ['groq, shared', 'by all users of Hugging Face']);
    assert.equal(section([behindRouter]).description, undefined);
  });

  it('are not full any more after their reset', () => {
    const found = row(tokens({ remaining: 0 }), fixedNow + 7 * secondMs);
    assert.equal(found?.description, '– / 12,000 · 20 s ago');
    assert.equal(found?.icon?.id, 'history');
    assert.match(plain(found?.tooltip()), /That window is over\. The use since then is not known/);
    const later = treeModel(viewInput(ada, { providerWindows: [tokens()], now: fixedNow + 40 * secondMs }));
    assert.ok(later.every(({ id }) => id !== 'provider-limits'));
  });

  it('are the last reported ones when there are very many', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      tokens({ model: `m${index}`, asOf: fixedNow - index }),
    );
    const rows = groups(many);
    assert.equal(rows.length, 30);
    assert.match(rows[29]?.id ?? '', /\/m29$/);
  });
});

describe('providers’ windows in hover and badge', () => {
  const hover = (windows: readonly ProviderWindow[], change: InputChange = {}, snapshot = ada) =>
    plain(hoverMarkdown(viewInput(snapshot, { providerWindows: windows, ...change })));

  it('are in the hover while their key pays and they are nearly full', () => {
    const nearly = tokens({ remaining: 100 });
    const line = /\*\*Now\*\* groq · tokens per minute 11,900 of 12,000 · opens at 14:10:07/;
    assert.match(hover([nearly], { payer: groqKey }), line);
    assert.match(hover([nearly], { payer: groqKey }, aSnapshot()), line);
    assert.doesNotMatch(hover([nearly]), /tokens per minute/);
    assert.doesNotMatch(hover([tokens()], { payer: groqKey }), /tokens per minute/);
    assert.doesNotMatch(hover([shared], { payer: groqKey }), /tokens per minute/);
    assert.doesNotMatch(hover([{ ...nearly, provider: 'cerebras' }], { payer: groqKey }), /per minute/);
  });

  it('count for the badge when they are of the user’s key and longer than a minute', () => {
    const badge = (window: ProviderWindow) => badgeModel(viewInput(ada, { providerWindows: [window] }));
    const spent = { ...requests, remaining: 0 };
    assert.deepEqual(badge(spent), { value: 1, tooltip: 'groq · requests per day full' });
    assert.equal(badge({ ...spent, isShownOnly: true }), undefined);
    assert.equal(badge(tokens({ remaining: 0 })), undefined);
    assert.equal(badge({ ...spent, resetsAt: fixedNow }), undefined);
  });
});
