import assert from 'node:assert/strict';
import { mostRefusals } from '../../../../src/account/snapshot.ts';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import type { RefusalFilter } from '../../../../src/view/refusals/refusalFilter.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import {
  anEventfulSnapshot,
  aSnapshot,
  endpoint,
  fixedNow,
  gauge,
  hardware,
  header,
  hourMs,
  type InputChange,
  minuteMs,
  organization,
  part,
  problem,
  refusal,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();

function tree(snapshot: SnapshotBuilder, options: InputChange = {}, now = fixedNow): readonly TreeNode[] {
  return treeModel(viewInput(snapshot, { ...options, now }));
}

function flat(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap(node => [node, ...flat(node.children)]);
}

function row(nodes: readonly TreeNode[], id: string): TreeNode {
  const found = flat(nodes).find(node => node.id === id);
  assert.ok(found, `no row ${id} in ${flat(nodes).map(node => node.id)}`);
  return found;
}

function outline(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap(node => [
    `${indent}${node.expanded === undefined ? '' : node.expanded ? '▾ ' : '▸ '}${node.label} | ${node.description ?? ''}`,
    ...outline(node.children, `${indent}  `),
  ]);
}

describe('treeModel', () => {
  it('shows all sections of an eventful account', () => {
    assert.deepEqual(outline(tree(anEventfulSnapshot())), [
      '▾ You pay | $0.98 left of $2.00 · ada · PRO',
      '  Credits | $0.98 left of $2.00 · resets Dec 1',
      '  ▸ Spend this month | $1.02 · 412 requests',
      '    novita | $0.80 · 400 requests',
      '    groq | $0.22 · 12 requests',
      '  ▸ Other spend this month | $0.12',
      '    Spaces | $0.12',
      '  Jobs | $0.41 · 31 min · 1 running',
      '  Prepaid balance | –',
      '  ▸ Organizations | 1 of 2 can be billed',
      '    acme | $6.10 left of $10.00 · Team',
      '    ▸ Can’t be billed | 1',
      '      freebies | free plan: Hugging Face bills organizations on Team or Enterprise only',
      '▾ Refused lately | 4 in the last hour',
      '  ▸ groq tokens/min | ×3 · terminal · 14:02',
      '    14:02 | terminal · acme/Model-7B',
      '    14:01 | terminal · acme/Model-7B',
      '    14:00 | terminal · acme/Model-7B',
      '  Hub API | ×1 · notebook · 13:40',
      '▾ Hub limits | downloads nearly full',
      '  Downloads | 11,990 / 12,000 · opens in 1:52',
      '  API calls | 23 / 2,500',
      '  Web pages | 0 / 400',
      '  Blocked in the past week | 3',
      '▾ Endpoints | $1.60/h',
      '  $0  broken | failed · CUDA out of memory · ada',
      '  $0.80/h  bert-prod | running · 1 × L4 · ada',
      '  $0.80/h  team-model | running · 1 × L4 · acme',
      '  $0  nightly | scaled to zero, counts · ada',
      '  $0  old-one | paused, does not count · ada',
      '▾ Hardware quota | L4 full in us-east-1',
      '  2 / 2  L4 | us-east-1 · ada',
      '  ▸ Not in use | 1',
      '    0 / 8  A100 ×4 | us-east-1 · ada',
      '▸ ZeroGPU | 15 of 40 min left',
      '  Full again | at 18:20',
      '  Runs | 2 of 8 used · until 17:10',
    ]);
  });

  it('has the account’s section after the refusals while another payer is chosen', () => {
    const payer = { chosen: { kind: 'organization', name: 'acme' } } as const;
    assert.deepEqual(
      tree(anEventfulSnapshot(), { payer }).map(({ label, description }) => `${label} | ${description}`),
      [
        'acme pays | $6.10 left of $10.00 · Team',
        'Refused lately | 4 in the last hour',
        'Your account | $0.98 left of $2.00 · ada',
        'Hub limits | downloads nearly full',
        'Endpoints | $1.60/h',
        'Hardware quota | L4 full in us-east-1',
        'ZeroGPU | 15 of 40 min left',
      ],
    );
  });

  it('says who pays with the whole name, also where that leaves less room for the money', () => {
    const billing = (name: string) => {
      const snapshot = ada
        .withAccount({ organizations: [organization(name)] })
        .withOrganizationCredits(name, { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) });
      return row(tree(snapshot, { payer: { chosen: { kind: 'organization', name } } }), 'billing');
    };
    assert.deepEqual(outline([billing('huggingface')]).slice(0, 1), [
      '▾ huggingface pays | $6.10 left · Team',
    ]);
    const { label, description, accessibilityLabel, copyValue, tooltip } = billing('huggingface-research');
    assert.deepEqual([label, description], ['$6.10 left  huggingface-research pays', 'Team']);
    const spoken = 'huggingface-research pays, 6.10 US dollars left of 10.00 US dollars, Team';
    assert.equal(accessibilityLabel, spoken);
    assert.equal(copyValue, 'huggingface-research pays: $6.10 left · Team');
    assert.match(tooltip(), /^\*\*huggingface\\-research pays\*\*/);
  });

  it('has accessibility labels in words', () => {
    const nodes = tree(anEventfulSnapshot());
    const spoken = (id: string) => row(nodes, id).accessibilityLabel;
    assert.equal(spoken('billing/credits'), 'Credits, 0.98 US dollars left of 2.00 US dollars, resets Dec 1');
    assert.equal(
      spoken('rate-limits/resolvers'),
      'Downloads, 11,990 of 12,000, nearly full, opens in 1 minute 52 seconds',
    );
    assert.equal(
      spoken('endpoints/ada/bert-prod'),
      '0.80 US dollars per hour, bert-prod, running, 1 × L4, ada',
    );
    assert.equal(spoken('billing/prepaid'), 'Prepaid balance, not visible to tokens');
  });

  it('has a copy value on every row and a page for every section', () => {
    const nodes = tree(anEventfulSnapshot());
    for (const node of flat(nodes)) assert.notEqual(node.copyValue, '', node.id);
    for (const section of nodes) {
      assert.match(section.url ?? '', /^https:\/\/([a-z]+\.)?huggingface\.co(\/|$)/);
      assert.equal(section.contextValue, section.id === 'refusals' ? 'refusals.page' : 'section.page');
    }
  });

  it('makes tooltips when they are resolved', () => {
    const many = Array.from({ length: 30 }, (_, index) => endpoint(`e${index}`));
    const nodes = tree(ada.withEndpoints('ada', ...many));
    assert.match(
      row(nodes, 'endpoints/ada/e7').tooltip(),
      /It runs\\, so it counts towards the instance quota/,
    );
  });

  describe('keeps a row’s id', () => {
    const ids = (snapshot: SnapshotBuilder) => new Set(flat(tree(snapshot)).map(({ id }) => id));

    it('when its numbers change', () => {
      const before = anEventfulSnapshot();
      const after = before.withCredits({ usedNanoUsd: usd(1.9), otherSpend: { spaces: usd(3) } });
      assert.deepEqual(ids(after), ids(before));
    });
    it('when an endpoint changes its state', () => {
      const now = ada.withEndpoints('ada', endpoint('a'), endpoint('b'));
      const then = ada.withEndpoints(
        'ada',
        endpoint('b', { state: 'paused' }),
        endpoint('a', { state: 'failed' }),
      );
      assert.deepEqual(ids(then), ids(now));
    });
    it('when hardware moves out of use', () => {
      const full = row(tree(ada.withHardware('ada', hardware())), 'hardware/ada/aws-us-east-1-nvidia-l4-x1');
      const free = row(tree(ada.withHardware('ada', hardware({ used: 0 }))), full.id);
      assert.deepEqual([full.label, free.label], ['2 / 2  L4', '0 / 2  L4']);
    });
    it('when another refusal joins its group', () => {
      const first = refusal({ at: fixedNow - 5 * minuteMs });
      const group = (snapshot: SnapshotBuilder) => row(tree(snapshot), 'refusals').children[0]?.id;
      assert.equal(
        group(ada.withRefusals(refusal({ at: fixedNow - minuteMs }), first)),
        group(ada.withRefusals(first)),
      );
    });
  });

  it('keeps ids unique for remote names that look like our own ids', () => {
    const snapshot = ada
      .withGauges(gauge('blocked', 1, 2), gauge('problem', 1, 2))
      .withProblem('gauges', 'dns')
      .withEndpoints('ada', endpoint('problem'), endpoint('a/b'), endpoint('same'), endpoint('same'));
    const all = flat(tree(snapshot)).map(({ id }) => id);
    assert.equal(new Set(all).size, all.length);
  });

  describe('Billing', () => {
    it('shows the user’s budget beside the included credits', () => {
      const nodes = tree(ada, { budgetNanoUsd: usd(1) });
      assert.equal(row(nodes, 'billing/budget/personal').description, '$0.02 over the budget of $1.00');
      assert.equal(row(nodes, 'billing/credits').description, '$0.98 left of $2.00 · resets Dec 1');
    });
    it('shows a dash and the reason while a part is unknown', () => {
      const credits = row(tree(ada.with({ credits: {}, gauges: part({ windows: [] }) })), 'billing/credits');
      assert.equal(credits.description, '–');
      assert.equal(credits.contextValue, 'unknown.page');
      assert.match(credits.tooltip(), /not read yet/);
    });
    it('says why an organization can’t be billed', () => {
      const organizations = [
        organization('reader', { role: 'read' }),
        organization('closed', { securityRestrictions: ['sso'] }),
        organization('poor', { canPay: false }),
        organization('unsure', { role: undefined }),
      ];
      const nodes = tree(ada.withAccount({ organizations }));
      const about = (name: string) => row(nodes, `billing/organizations/${name}`);
      assert.equal(about('reader').description, 'needs the role “write” or “admin”; yours is “read”');
      assert.match(about('reader').tooltip(), /role “write” or “admin”\\; yours is “read”/);
      assert.equal(about('closed').description, 'locked out at present: sso');
      assert.match(about('closed').tooltip(), /sso/);
      assert.match(about('poor').tooltip(), /no payment method/);
      assert.equal(about('unsure').description, 'Team · billing unknown');
    });
    describe('of a month that is over', () => {
      const december = Date.UTC(2025, 11, 1, 0, 5);
      const nodes = tree(
        ada
          .withCredits({ otherSpend: { spaces: usd(1) } })
          .with({ jobs: part({ usedNanoUsd: usd(3), minutes: 5, running: 1 }) })
          .withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) }),
        { budgetNanoUsd: usd(5) },
        december,
      );
      const november: [id: string, label: string, description: string][] = [
        ['billing/credits', 'Credits', '– · November: $1.02 used'],
        ['billing/budget/personal', 'Your budget', '– · November: $1.02 used'],
        ['billing/spend', 'Spend in November', '$1.02 · 412 requests'],
        ['billing/other', 'Other spend in November', '$1.00'],
        ['billing/jobs', 'Jobs', '– · November: $3.00 used'],
        ['billing/organizations/acme', 'acme', '– · November: $3.90 used · Team'],
      ];
      for (const [id, label, description] of november) {
        it(`names the month of ${id}, without a remainder or reset`, () => {
          const found = flat(nodes).find(node => node.id === id);
          assert.equal(found?.label, label);
          assert.equal(found?.description, description);
        });
      }
      it('ends by Hugging Face’s clock', () => {
        const behind = ada.with({ clockSkewMs: hourMs });
        const late = tree(behind, {}, Date.UTC(2025, 10, 30, 23, 30));
        assert.equal(row(late, 'billing/credits').description, '– · November: $1.02 used');
        const ahead = ada.with({ clockSkewMs: -hourMs });
        const early = row(tree(ahead, {}, Date.UTC(2025, 11, 1, 0, 30)), 'billing/credits');
        assert.match(early.description ?? '', /^\$0\.98 left of \$2\.00 · resets Dec 1/);
      });
    });
    it('shows its age once it is stale', () => {
      const stale = tree(ada.withCredits({}, 3 * hourMs));
      assert.equal(row(stale, 'billing/credits').description, '$0.98 left of $2.00 · resets Dec 1 · 3 h ago');
    });
  });

  it('the payer’s page is its own, and none at Hugging Face for a provider’s bill', () => {
    const page = (chosen: BillingProfile) => row(tree(ada, { payer: { chosen } }), 'billing').url;
    const ofAcme = 'https://huggingface.co/organizations/acme/settings/billing';
    assert.equal(page({ kind: 'personal' }), 'https://huggingface.co/settings/billing');
    assert.equal(page({ kind: 'organization', name: 'acme' }), ofAcme);
    assert.equal(page({ kind: 'resource-group', organization: 'acme', id: '66f0c1' }), ofAcme);
    assert.equal(page({ kind: 'provider-key', provider: 'groq' }), undefined);
  });

  describe('a part whose refresh failed', () => {
    it('keeps its value and has a row with the remedy', () => {
      const nodes = tree(ada.withProblem('credits', 'missing-permission'));
      const failed = row(nodes, 'billing/credits:problem');
      assert.equal(row(nodes, 'billing/credits').description, '$0.98 left of $2.00 · resets Dec 1');
      assert.equal(failed.label, 'This token may not read billing');
      assert.equal(failed.description, 'Make one that can');
      assert.equal(failed.contextValue, 'problem');
      assert.deepEqual(failed.action, { label: 'Make one that can', command: 'headroom.makeToken' });
      assert.match(failed.accessibilityLabel, /This token may not read billing\. The last value is kept\./);
    });
    it('has one row where the permission for several parts is missing, beside what the token may read', () => {
      const lacking = aSnapshot()
        .signedIn()
        .withAccount()
        .withZeroGpu()
        .withProblem('credits', 'missing-permission')
        .withProblem('jobs', 'missing-permission')
        .withProblem('gauges', 'missing-permission');
      const nodes = tree(lacking);
      const problems = flat(nodes).filter(({ contextValue }) => contextValue === 'problem');
      assert.deepEqual(
        problems.map(({ label }) => label),
        ['This token may not read billing'],
      );
      assert.equal(row(nodes, 'billing').description, 'what is left is not known · ada · PRO');
      assert.match(row(nodes, 'zero-gpu').accessibilityLabel, /left/);
      const jobsAlone = tree(aSnapshot().signedIn().withAccount().withProblem('jobs', 'missing-permission'));
      assert.ok(flat(jobsAlone).some(({ id }) => id === 'billing/jobs:problem'));
    });
    it('leaves the other namespaces as they are', () => {
      const endpoints = { ada: part([endpoint('mine')]), acme: { problem: problem('missing-permission') } };
      const nodes = tree(ada.with({ endpoints }));
      const failed = row(nodes, 'endpoints:missing-permission');
      assert.equal(failed.label, 'acme: Token may not read this');
      assert.match(failed.tooltip(), /may not read the Inference Endpoints of acme/);
      assert.equal(row(nodes, 'endpoints/ada/mine').label, '–  mine');
    });
  });

  describe('Rate limits', () => {
    it('merges gauge and headers of a bucket', () => {
      const nodes = tree(ada.withGauges(gauge('api', 20, 2_500)).withHeaders(header('api', 23, 2_500)));
      const buckets = flat(nodes).filter(({ id }) => id.startsWith('rate-limits/'));
      assert.deepEqual(
        buckets.map(({ label, description }) => [label, description]),
        [['API calls', '23 / 2,500']],
      );
    });
    it('lists the Hub windows that gateways learned of, each from its newest report', () => {
      const newer = { asOf: fixedNow - secondMs };
      const learnedHubWindows = [header('api', 30, 2_500, newer), header('resolvers', 7, 12_000, newer)];
      const nodes = tree(ada.withHeaders(header('api', 23, 2_500)), { learnedHubWindows });
      assert.equal(row(nodes, 'rate-limits/api').description, '30 / 2,500');
      assert.equal(row(nodes, 'rate-limits/resolvers').description, '7 / 12,000');
    });
    it('counts down to the reset of a nearly full window, and has others in the tooltip', () => {
      const snapshot = ada.withHeaders(header('api', 23, 2_500), header('pages', 399, 400));
      const nodes = tree(snapshot, {}, fixedNow + 2 * secondMs);
      assert.equal(row(nodes, 'rate-limits/api').description, '23 / 2,500');
      assert.match(row(nodes, 'rate-limits/api').tooltip(), /It opens anew in 2 min/);
      assert.equal(row(nodes, 'rate-limits/pages').description, '399 / 400 · opens in 1:50');
    });
    it('names a full window before a nearly full one', () => {
      const nodes = tree(ada.withGauges(gauge('api', 2_400, 2_500), gauge('search', 300, 300)));
      assert.equal(row(nodes, 'rate-limits').description, 'search full');
      assert.equal(row(nodes, 'rate-limits/search').icon?.id, 'error');
    });
    it('says what a window counts, and that nobody says it of others', () => {
      const nodes = tree(ada.withGauges(gauge('resolvers', 1, 2), gauge('sensitive', 1, 50)));
      assert.match(row(nodes, 'rate-limits/resolvers').tooltip(), /Files of models\\, datasets and Spaces/);
      assert.match(row(nodes, 'rate-limits/sensitive').tooltip(), /does not document which requests/);
    });
    it('does not show an old window as the present one', () => {
      const old = gauge('api', 2_500, 2_500, { asOf: fixedNow - 6 * minuteMs });
      const nodes = tree(ada.with({ gauges: { value: { windows: [old] }, asOf: old.asOf } }));
      assert.equal(row(nodes, 'rate-limits').description, undefined);
      const over = row(nodes, 'rate-limits/api');
      assert.equal(over.description, '2,500 / 2,500 · 6 min ago');
      assert.deepEqual([over.icon?.id, over.isStale], ['history', true]);
      assert.match(over.tooltip(), /The use since then is not known/);
    });
    it('shows the remaining requests when the limit is not known', () => {
      const nodes = tree(
        ada.withHeaders(header('api', 0, 0, { used: undefined, limit: undefined, remaining: 7 })),
      );
      assert.equal(row(nodes, 'rate-limits/api').description, '7 left');
    });
    it('shows a dash when Hugging Face sent no blocked requests', () => {
      assert.equal(row(tree(ada), 'rate-limits:blocked').description, '–');
    });
  });

  describe('Inference Endpoints', () => {
    const one = (change: Parameters<typeof endpoint>[1], withPrice = true) => {
      const snapshot = ada.withEndpoints('ada', endpoint('e', change));
      return row(tree(withPrice ? snapshot.withHardware('ada', hardware()) : snapshot), 'endpoints/ada/e');
    };
    const cases: [string, Parameters<typeof endpoint>[1], text: string, icon: string][] = [
      ['running', {}, '$0.80/h  e | running · 1 × L4', 'circle-filled'],
      ['scaling up', { targetReplicas: 2 }, 'up to $1.60/h  e | running · 1 of 2 × L4', 'circle-filled'],
      [
        'starting',
        { state: 'initializing', readyReplicas: 0 },
        'up to $0.80/h  e | initializing · 0 of 1 × L4',
        'sync',
      ],
      ['scaled to zero', { state: 'scaledToZero' }, '$0  e | scaled to zero, counts', 'color-mode'],
      ['paused', { state: 'paused' }, '$0  e | paused, does not count', 'circle-outline'],
      ['failed', { state: 'failed', message: 'No GPU\nleft' }, '$0.80/h  e | failed · No GPU left', 'error'],
      ['in a state that is new', { state: 'hibernating' }, '$0.80/h  e | hibernating · 1 × L4', 'question'],
    ];
    for (const [name, change, text, icon] of cases) {
      it(`shows an endpoint that is ${name}`, () => {
        assert.equal(`${one(change).label} | ${one(change).description}`, text);
        assert.equal(one(change).icon?.id, icon);
      });
    }
    it('says that a cost is unknown without a price', () => {
      const found = one({}, false);
      assert.equal(`${found.label} | ${found.description}`, '–  e | running · 1 × nvidia-l4 x1');
      assert.match(found.tooltip(), /sent no price for its hardware/);
      assert.match(found.accessibilityLabel, /^cost unknown, e, running/);
    });
    it('says `at least` when only some prices are known', () => {
      const snapshot = ada
        .withEndpoints('ada', endpoint('a'), endpoint('b', { instanceType: 'inf2' }))
        .withHardware('ada', hardware());
      assert.equal(row(tree(snapshot), 'endpoints').description, 'at least $0.80/h');
    });
    it('explains why scaled to zero counts towards the quota', () => {
      assert.match(one({ state: 'scaledToZero' }).tooltip(), /keeps its place in the instance quota/);
    });
    it('escapes Hugging Face’s message', () => {
      assert.doesNotMatch(one({ message: '[x](command:evil)' }).tooltip(), /(?<!\\)\]\(/);
    });
  });

  describe('endpoints and hardware rows', () => {
    const many = ada.withEndpoints('ada', endpoint('e')).withHardware('ada', hardware());
    const sections = (nodes: readonly TreeNode[]) => [row(nodes, 'endpoints'), row(nodes, 'hardware')];

    it('are the same objects while only a countdown runs, in a new snapshot too', () => {
      const before = sections(tree(many));
      const after = sections(tree(many.withHeaders(header('api', 2_500, 2_500)), {}, fixedNow + secondMs));
      assert.ok(before.every((section, index) => section === after[index]));
    });
    it('are made again for a new answer', () => {
      const [before] = sections(tree(many));
      const [after] = sections(tree(many.withEndpoints('ada', endpoint('other'))));
      assert.notEqual(after, before);
    });
    it('are made again for another price', () => {
      const [before] = sections(tree(many));
      const priced = many.withHardware('ada', hardware({ usdPerHour: 2 }));
      assert.notEqual(sections(tree(priced))[0]?.description, before?.description);
    });
    it('show their age as soon as they are stale', () => {
      tree(many, {}, fixedNow + 22 * minuteMs);
      const stale = tree(many, {}, fixedNow + 22 * minuteMs + 20 * secondMs);
      const { description, icon } = row(stale, 'endpoints/ada/e');
      assert.match(description ?? '', / · 23 min ago$/);
      assert.equal(icon?.id, 'history');
    });
  });

  describe('Hardware quota', () => {
    it('lists the fullest first and folds unused hardware', () => {
      const nodes = tree(
        ada.withHardware(
          'ada',
          hardware({ id: 'unused', used: 0, max: 8 }),
          hardware({ id: 'half', used: 1, max: 2 }),
          hardware({ id: 'full', used: 2, max: 2 }),
          hardware({ id: 'no-quota', used: undefined, max: undefined }),
        ),
      );
      const section = row(nodes, 'hardware');
      assert.deepEqual(
        section.children.map(({ id }) => id),
        ['hardware/ada/full', 'hardware/ada/half', 'hardware:unused'],
      );
      assert.match(row(nodes, 'hardware/ada/full').tooltip(), /scaled to zero still counts/);
      assert.equal(row(nodes, 'hardware/ada/no-quota').label, '– / –  L4');
    });
    it('has the use before the place, and price and vendor in the tooltip', () => {
      const nodes = tree(ada.withHardware('ada', hardware()).withHardware('acme', hardware({ used: 1 })));
      const [full, half] = row(nodes, 'hardware').children;
      assert.deepEqual([full?.label, full?.description], ['2 / 2  L4', 'us-east-1 · ada']);
      assert.deepEqual([half?.label, half?.description], ['1 / 2  L4', 'us-east-1 · acme']);
      assert.equal(half?.accessibilityLabel, '1 of 2 used, L4, us-east-1, acme');
      assert.match(half?.tooltip() ?? '', /aws · nvidia.*0\\\.80/);
    });
  });

  describe('ZeroGPU', () => {
    it('is full again after its reset', () => {
      const later = tree(ada.withZeroGpu(), {}, fixedNow + 5 * hourMs);
      assert.equal(row(later, 'zero-gpu').description, '40 of 40 min left · 5 h ago');
      assert.equal(row(later, 'zero-gpu/resets').description, 'full');
    });
    it('is not full again before its reset by Hugging Face’s clock', () => {
      const fast = ada
        .withZeroGpu({ remainingSeconds: 0, resetsAt: fixedNow - hourMs + 30 * minuteMs })
        .with({ clockSkewMs: -hourMs });
      assert.equal(row(tree(fast), 'zero-gpu').description, '0 s of 40 min left');
      assert.equal(row(tree(fast, {}, fixedNow + 31 * minuteMs), 'zero-gpu/resets').description, 'full');
    });
    it('warns when no time is left, and shows the time beyond the quota', () => {
      const nodes = tree(ada.withZeroGpu({ remainingSeconds: 0, overquotaSeconds: 600 }));
      assert.equal(row(nodes, 'zero-gpu').icon?.id, 'warning');
      assert.equal(row(nodes, 'zero-gpu/over').description, '10 min');
    });
  });

  describe('Refused lately', () => {
    it('groups by limit and episode, newest first', () => {
      const other = refusal({ at: fixedNow - 2 * minuteMs, scope: 'requests per day' });
      const nodes = tree(
        ada.withRefusals(
          refusal({ at: fixedNow - minuteMs }),
          other,
          refusal(),
          refusal({ at: fixedNow - hourMs, resetsAt: fixedNow - hourMs }),
          refusal({ at: fixedNow - hourMs, resetsAt: fixedNow - hourMs }),
        ),
      );
      assert.deepEqual(
        row(nodes, 'refusals').children.map(({ description }) => description),
        ['×2 · terminal · 14:09', '×1 · terminal · 14:08', '×2 · terminal · 13:10'],
      );
      assert.equal(row(nodes, 'refusals').description, '3 in the last hour');
    });
    it('counts down while the limit is shut', () => {
      const [only] = row(
        tree(ada.withRefusals(refusal({ resetsAt: fixedNow + 20 * minuteMs }))),
        'refusals',
      ).children;
      assert.equal(only?.description, 'opens in 20:00 · ×1 · terminal · 14:02');
      assert.equal(only?.icon?.id, 'watch');
    });
    it('shows an episode as one row with its number and last time, and the first in the tooltip', () => {
      const episode = refusal({
        at: fixedNow - 20 * minuteMs,
        lastAt: fixedNow,
        count: 40,
        resetsAt: undefined,
        source: 'gateway',
      });
      const section = row(tree(ada.withRefusals(episode)), 'refusals');
      assert.equal(section.description, '40 in the last hour');
      assert.deepEqual(outline(section.children), ['groq tokens/min | ×40 · gateway · 14:10']);
      assert.match(section.children[0]?.tooltip() ?? '', /40 times\\, first at 13\\:50\\, last at 14\\:10/);
    });

    it('shows no end when the server gave none', () => {
      const [only] = row(tree(ada.withRefusals(refusal({ resetsAt: undefined }))), 'refusals').children;
      assert.equal(only?.description, '×1 · terminal · 14:02');
    });
    it('shows a far end as a time, and speaks a near one as a time: a countdown would be read each second', () => {
      const [only] = row(
        tree(ada.withRefusals(refusal({ resetsAt: fixedNow + hourMs }))),
        'refusals',
      ).children;
      assert.equal(only?.description, 'until 15:10 · ×1 · terminal · 14:02');
      const [soon] = row(
        tree(ada.withRefusals(refusal({ resetsAt: fixedNow + minuteMs }))),
        'refusals',
      ).children;
      assert.equal(soon?.accessibilityLabel, 'groq tokens per minute, until 14:11:00, once, terminal, 14:02');
    });
    it('lists a group’s refusals with their programs, each with an action that opens it', () => {
      const nodes = tree(
        ada.withRefusals(
          refusal({
            at: fixedNow - minuteMs,
            program: 'python /home/ada/train.py --lr 1',
            source: 'notebook',
          }),
          refusal({ program: 'node app.mjs' }),
        ),
      );
      const [group] = row(nodes, 'refusals').children;
      assert.equal(group?.description, '×2 · train.py +1 · 14:09');
      assert.deepEqual(
        group?.children.map(({ label, description, icon }) => [label, description, icon?.id]),
        [
          ['14:09', 'train.py · notebook · acme/Model-7B', 'notebook'],
          ['14:02', 'app.mjs · terminal · acme/Model-7B', 'terminal'],
        ],
      );
      for (const { action, id, refusals } of [group, ...group.children]) {
        assert.deepEqual(action, { label: 'Open', command: 'headroom.openRefusal', argument: id });
        assert.ok(refusals?.length);
      }
    });
    it('names the refused model, or the endpoint', () => {
      const tooltip = (change: Parameters<typeof refusal>[0]) =>
        row(tree(ada.withRefusals(refusal(change))), 'refusals').children[0]?.tooltip() ?? '';
      assert.match(tooltip({ model: 'acme/m' }), /^Model\\: acme\\\/m$/m);
      const scope = 'Inference Endpoints';
      const ofEndpoint = tooltip({ cause: 'spending-limit', by: 'huggingface', scope, model: 'abc.cloud' });
      assert.match(ofEndpoint, /^Endpoint\\: abc\\\.cloud$/m);
    });

    it('lists the filtered refusals, and says how many of all', () => {
      const refusals = [refusal(), refusal({ source: 'gateway' }), refusal({ cause: 'credits' })];
      const section = (filter: RefusalFilter) =>
        row(tree(ada.withRefusals(...refusals), { refusalFilter: filter }), 'refusals');
      const none = section({ sources: ['host'], causes: [] });
      assert.deepEqual(
        none.children.map(({ description }) => description),
        ['0 of 3 · another extension'],
      );
      const some = section({ sources: ['terminal'], causes: ['tokens'] });
      assert.equal(some.description, '1 in the last hour · filtered');
      assert.equal(some.contextValue, 'filteredRefusals.page');
      assert.deepEqual(
        some.children.map(({ description }) => description),
        ['1 of 3 · terminal · too many tokens', '×1 · terminal · 14:02'],
      );
      assert.equal(section({ sources: [], causes: [] }).contextValue, 'refusals.page');
    });
    it('adds `+` to the count when the list is cut', () => {
      const many = Array.from({ length: mostRefusals }, (_, index) => refusal({ at: fixedNow - index }));
      assert.match(
        row(tree(ada.withRefusals(...many)), 'refusals').children[0]?.description ?? '',
        /^×100\+ /,
      );
    });
    it('says `none` without refusals', () => {
      assert.equal(row(tree(ada), 'refusals').description, 'none');
    });
  });
});
