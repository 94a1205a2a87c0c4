import assert from 'node:assert/strict';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import { badgeModel } from '../../../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import type { StatusBarModel } from '../../../../src/view/status/statusBarKind.ts';
import { statusBarModel } from '../../../../src/view/status/statusBarModel.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  header,
  hourMs,
  type InputChange,
  organization,
  part,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';
import { plainHover } from './plainHover.ts';

const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const groq: BillingProfile = { kind: 'provider-key', provider: 'groq' };
const research: BillingProfile = { kind: 'resource-group', organization: 'acme', id: '66f0c1' };
const me: BillingProfile = { kind: 'personal' };

const ada = aSnapshot().signedIn().withAccount().withCredits();
const withAcme = ada.withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) });
const emptied = withAcme.withCredits({ usedNanoUsd: usd(2) });

function billing(chosen: BillingProfile): Payer {
  return { chosen };
}

function standingIn(profile: BillingProfile, chosen = me): Payer {
  return { chosen, standIn: { profile, reason: 'credits', since: fixedNow - 30 * secondMs } };
}

function bar(snapshot: SnapshotBuilder, payer: Payer, more: InputChange = {}): StatusBarModel {
  return statusBarModel(viewInput(snapshot, { payer, ...more }));
}

function hover(snapshot: SnapshotBuilder, payer: Payer): string {
  return plainHover(hoverMarkdown(viewInput(snapshot, { payer })));
}

describe('the payer in the status bar', () => {
  const inGroup = ada.withAccount({
    organizations: [organization('acme', { resourceGroups: [{ id: '66f0c1', name: 'research' }] })],
  });
  const cases: [name: string, SnapshotBuilder, Payer, Partial<StatusBarModel>, InputChange?][] = [
    [
      'an organization',
      withAcme,
      billing(acme),
      { kind: 'organization', text: '$(organization) acme · $6.10 left' },
    ],
    [
      'an organization of unknown balance',
      ada,
      billing(acme),
      { kind: 'organization', text: '$(organization) acme', accessibilityLabel: 'Hugging Face: bills acme' },
    ],
    [
      'an organization that the token does not see',
      aSnapshot().signedIn(),
      billing({ kind: 'organization', name: 'elsewhere' }),
      { text: '$(organization) elsewhere' },
    ],
    [
      'an organization whose figures are old',
      ada.with({
        organizationCredits: {
          acme: { ...part(withAcme.build().organizationCredits.acme?.value), asOf: fixedNow - 5 * hourMs },
        },
      } as never),
      billing(acme),
      { kind: 'stale', text: '$(history) acme · $6.10 · 5 h ago' },
    ],
    [
      'an organization that runs low',
      ada.withOrganizationCredits('acme', { usedNanoUsd: usd(9.6), includedNanoUsd: usd(10) }),
      billing(acme),
      { kind: 'low', text: '$(warning) acme · $0.40 left', background: 'warning' },
    ],
    [
      'an organization that pays as it goes',
      ada.withOrganizationCredits('acme', { usedNanoUsd: usd(42), includedNanoUsd: usd(10) }),
      billing(acme),
      { kind: 'organization', text: '$(organization) acme · $42.00 this month', background: undefined },
    ],
    [
      'an organization’s used amount, with the setting `used`',
      withAcme,
      billing(acme),
      { text: '$(organization) acme · $3.90 used' },
      { show: 'used' },
    ],
    ['the icon alone', withAcme, billing(acme), { text: '$(organization)' }, { show: 'icon' }],
    [
      'an organization’s amount, whatever the user’s budget',
      withAcme,
      billing(acme),
      { text: '$(organization) acme · $6.10 left' },
      { budgetNanoUsd: usd(1) },
    ],
    [
      'a resource group',
      inGroup,
      billing(research),
      { kind: 'organization', text: '$(group-by-ref-type) acme / research' },
    ],
    [
      'a resource group without a name',
      ada,
      billing(research),
      { text: '$(group-by-ref-type) acme / 66f0c1' },
    ],
    [
      'a provider key',
      ada,
      billing(groq),
      { kind: 'provider-key', text: '$(key) groq', accessibilityLabel: 'Hugging Face: bills your groq key' },
    ],
    ['a provider key, also while signed out', aSnapshot(), billing(groq), { text: '$(key) groq' }],
    [
      'a provider key, also when the token is rejected',
      ada.withProblem('account', 'invalid-token'),
      billing(groq),
      { text: '$(key) groq' },
    ],
    [
      'a locked keyring, which also has the provider keys',
      aSnapshot().with({ sessionProblem: { kind: 'keyring', message: 'locked' } }),
      billing(groq),
      { kind: 'keyring' },
    ],
    [
      'a stand-in',
      emptied,
      standingIn(acme),
      { text: '$(arrow-swap) $(organization) acme · $6.10 left', background: 'warning' },
    ],
    ['a key as a stand-in', emptied, standingIn(groq, acme), { text: '$(arrow-swap) $(key) groq' }],
    ['oneself as a stand-in', withAcme, standingIn(me, acme), { text: '$(arrow-swap) $(hubot) $0.98 left' }],
    ['the icon of a stand-in', emptied, standingIn(acme), { text: '$(arrow-swap)' }, { show: 'icon' }],
  ];
  for (const [name, snapshot, payer, expected, more] of cases) {
    it(`shows: ${name}`, () => {
      const model = bar(snapshot, payer, more);
      for (const [key, value] of Object.entries(expected)) {
        assert.equal(model[key as keyof StatusBarModel], value, key);
      }
    });
  }

  it('is hidden by states that stop all work', () => {
    assert.equal(bar(aSnapshot(), billing(acme)).kind, 'signed-out');
    assert.equal(bar(withAcme.withProblem('credits', 'invalid-token'), billing(acme)).kind, 'invalid-token');
    for (const payer of [billing(acme), billing(groq), standingIn(acme)]) {
      const held = withAcme.withHeaders(header('api', 2_500, 2_500));
      assert.equal(bar(held, payer).kind, 'rate-limited');
    }
  });

  it('is named beside other states', () => {
    const held = withAcme.withHeaders(header('api', 2_500, 2_500));
    const waits = (payer: Payer) => bar(held, payer).text.replace(/ full · .*$/, '');
    assert.equal(waits(billing(me)), '$(watch) Hub API');
    assert.equal(waits(billing(acme)), '$(watch) $(organization) acme · Hub API');
    assert.equal(waits(billing(groq)), '$(watch) $(key) groq · Hub API');
    assert.equal(waits(standingIn(acme)), '$(watch) $(arrow-swap) $(organization) acme · Hub API');
    assert.equal(waits(standingIn(me, acme)), '$(watch) $(arrow-swap) $(account) ada · Hub API');
    assert.match(
      bar(held, billing(acme)).accessibilityLabel,
      /^Bills acme\. Hugging Face: rate limit reached/,
    );
    assert.match(bar(held, standingIn(acme)).accessibilityLabel, /^Your credits are used up\. acme pays now/);
    assert.equal(bar(held, billing(acme), { show: 'icon' }).text, '$(watch)');
    const ofOrganization = held.withAccount({ type: 'org', name: 'acme' });
    assert.match(bar(ofOrganization, billing(me)).text, /^\$\(watch\) \$\(organization\) acme · /);
    const rejected = bar(withAcme.withProblem('credits', 'invalid-token'), billing(acme));
    assert.equal(rejected.text, '$(account) $(organization) acme · Hugging Face: sign in again');
    assert.match(rejected.accessibilityLabel, /^Bills acme\. Hugging Face: the token is rejected/);
    const locked = aSnapshot().with({ sessionProblem: { kind: 'keyring', message: 'locked' } });
    assert.match(bar(locked, billing(groq)).text, /^\$\([\w-]+\) \$\(key\) groq · /);
  });

  it('is not `exhausted` by the user’s refused credits while an organization pays', () => {
    const refused = emptied.withRefusals(creditsRefusal());
    assert.equal(bar(refused, billing(me)).kind, 'exhausted');
    for (const payer of [billing(acme), billing(groq), standingIn(acme)]) {
      assert.notEqual(bar(refused, payer).kind, 'exhausted');
      assert.doesNotMatch(hover(refused, payer), /Hugging Face refuses requests/);
    }
  });

  it('is not `exhausted` by an organization’s refused credits while the user pays', () => {
    const drained = emptied.withOrganizationCredits('acme', {
      usedNanoUsd: usd(10),
      includedNanoUsd: usd(10),
    });
    const refused = drained.withRefusals(creditsRefusal({ billedTo: 'org:acme' }));
    assert.notEqual(bar(refused, billing(me)).kind, 'exhausted');
    assert.equal(bar(refused, billing(acme)).text, '$(error) acme · credits used up');
  });

  it('is not `exhausted` while the organization has credits left', () => {
    const refused = withAcme.withRefusals(creditsRefusal({ billedTo: 'org:acme' }));
    assert.equal(bar(refused, billing(acme)).kind, 'organization');
  });

  it('is `exhausted` by a spending limit, whatever the figures', () => {
    const refused = withAcme.withRefusals(creditsRefusal({ cause: 'spending-limit', billedTo: 'org:acme' }));
    const model = bar(refused, billing(acme));
    assert.equal(model.text, '$(error) acme · spending limit reached');
    assert.match(model.accessibilityLabel, /^Hugging Face: bills acme; spending limit reached/);
    assert.match(
      hover(refused, billing(acme)),
      /\$\(warning\) The spending limit of acme is reached\. Only its admins can raise it\./,
    );
  });

  it('is `exhausted` by a provider’s own refusal', () => {
    const refused = ada.withRefusals(creditsRefusal({ by: 'groq', billedTo: 'key:groq' }));
    assert.equal(bar(refused, billing(groq)).text, '$(error) groq · credits used up');
  });

  it('draws no icon from a remote name', () => {
    const named = ada.withAccount({
      organizations: [organization('acme', { resourceGroups: [{ id: '66f0c1', name: '$(zap)' }] })],
    });
    assert.equal(bar(named, billing(research)).text, '$(group-by-ref-type) acme / \\$(zap)');
  });

  it('is in the accessibility label', () => {
    assert.equal(
      bar(withAcme, billing(acme)).accessibilityLabel,
      'Hugging Face: bills acme; 6.10 US dollars left of 10.00 US dollars, updated 40 seconds ago',
    );
    assert.equal(
      bar(emptied, standingIn(acme)).accessibilityLabel,
      'Your credits are used up. acme pays now ($6.10 left), until yours are back. Hugging Face: bills acme; 6.10 US dollars left of 10.00 US dollars, updated 40 seconds ago',
    );
  });
});

describe('the payer in the hover', () => {
  const age = 'updated 40 s ago [$(refresh)](command:headroom.refresh "Refresh")';
  const cases: [SnapshotBuilder, Payer, title: string, money: string][] = [
    [
      ada,
      billing(me),
      `$(account) **You pay** · ada · PRO · ${age}`,
      '49 % {$0.98 left of $2.00} $0.98 left',
    ],
    [
      ada.withAccount({ type: 'org', name: 'acme', plan: 'team' }),
      billing(me),
      `$(account) **acme pays** · Team · ${age}`,
      '49 % {$0.98 left of $2.00} $0.98 left of $2.00 · resets Mon, Dec 1',
    ],
    [
      withAcme,
      billing(acme),
      `$(organization) **acme pays** · Team · ${age}`,
      '61 % {$6.10 left of $10.00} $6.10 left of $10.00 · resets Mon, Dec 1',
    ],
    [
      ada,
      billing(acme),
      `$(organization) **acme pays** · Team · ${age}`,
      '– · only its admins see what is left',
    ],
    [
      ada,
      billing(research),
      `$(group-by-ref-type) **acme / 66f0c1 pays** · ${age}`,
      '– · what is left is not visible to tokens',
    ],
    [ada, billing(groq), `$(key) **groq pays** · ${age}`, '– · billed by Groq, credits don’t apply'],
    [aSnapshot(), billing(groq), '$(key) **groq pays**', '– · billed by Groq, credits don’t apply'],
  ];
  for (const [snapshot, payer, title, money] of cases) {
    it(`reads ${title} / ${money}`, () => {
      const block = hover(snapshot, payer)
        .split('\n\n')
        .find(each => each.startsWith('$('));
      const [first, second] = (block ?? '').split('\n').map(line => line.trim());
      assert.equal(first, title);
      assert.ok(second?.startsWith(money), second);
    });
  }

  it('names the stand-in, the chosen payer and the end', () => {
    assert.match(
      hover(emptied, standingIn(acme)),
      /\$\(arrow-swap\) Your credits are used up\. acme pays now \(\$6\.10 left\), until yours are back\./,
    );
  });
});

describe('the payer in the tree', () => {
  const rows = (snapshot: SnapshotBuilder, payer: Payer) => {
    const [section] = treeModel(viewInput(snapshot, { payer }));
    return { section, row: section?.children.find(({ id }) => id === 'billing/payer') };
  };
  const cases: [SnapshotBuilder, Payer, label: string, description: string, icon: string][] = [
    [ada, billing(me), 'You pay', '$0.98 left of $2.00 · ada · PRO', 'account'],
    [withAcme, billing(acme), 'acme pays', '$6.10 left of $10.00 · Team', 'organization'],
    [ada, billing(groq), 'groq pays', 'billed by Groq, credits don’t apply', 'key'],
  ];
  for (const [snapshot, payer, label, description, icon] of cases) {
    it(`is the section’s title, and no row says it again: ${label}`, () => {
      const { section, row } = rows(snapshot, payer);
      assert.deepEqual([section?.label, section?.description, section?.icon?.id], [label, description, icon]);
      assert.match(section?.tooltip() ?? '', /\(command:headroom\.switchBilling\)/);
      assert.equal(row, undefined);
    });
  }

  it('has a row while a stand-in pays, with the payer that it replaces', () => {
    const { section, row } = rows(emptied, standingIn(acme));
    assert.deepEqual([section?.label, section?.description], ['acme pays', '$6.10 left of $10.00 · Team']);
    assert.equal(row?.description, 'acme · in place of you');
    assert.equal(row?.icon?.id, 'arrow-swap');
    assert.equal(row?.contextValue, 'payer');
    assert.deepEqual(row?.action, { label: 'Switch billing…', command: 'headroom.switchBilling' });
  });
});

it('the badge counts only the account’s own limits while an organization pays', () => {
  assert.equal(badgeModel(viewInput(withAcme, { payer: billing(acme) })), undefined);
});

describe('the money of a payer that is not the account', () => {
  const rich = ada.withCredits({ usedNanoUsd: usd(0.02), includedNanoUsd: usd(7_654.35) });
  const sections = (snapshot: SnapshotBuilder, payer: Payer) =>
    treeModel(viewInput(snapshot, { payer })).filter(({ id }) => id === 'billing' || id === 'account');
  const texts = (nodes: ReturnType<typeof treeModel>): string =>
    nodes.map(node => `${node.label} | ${node.description}\n${texts(node.children)}`).join('');

  for (const [name, snapshot, payer, label, own] of [
    ['an organization', rich, billing(acme), 'acme pays', /– · only its admins see what is left/],
    ['an organization with figures', withAcme, billing(acme), 'acme pays', /\$6\.10 left of \$10\.00/],
    ['a resource group', rich, billing(research), 'acme / 66f0c1 pays', /– · what is left is not visible/],
    ['a provider’s key', rich, billing(groq), 'groq pays', /– · billed by Groq, credits don’t apply/],
    ['a stand-in', rich, standingIn(acme), 'acme pays', /only its admins/],
  ] as [string, SnapshotBuilder, Payer, string, RegExp][]) {
    it(`comes first, under its name, and the account’s own apart: ${name}`, () => {
      const [first, second, ...others] = sections(snapshot, payer);
      assert.ok(first && second);
      assert.deepEqual([first.label, second.label, others.length], [label, 'Your account', 0]);
      assert.match(texts(first.children.slice()), own);
      assert.doesNotMatch(texts([first]), /7,654|0\.98 left|Jobs|Prepaid/);
      assert.match(second.description ?? '', /left of/);
      const blocks = hover(snapshot, payer).split('\n\n');
      const ofPayer = blocks.find(block => block.startsWith('$(')) ?? '';
      const ofAccount = blocks.find(block => block.startsWith('**ada (your account)**')) ?? '';
      assert.match(ofPayer, name === 'a provider’s key' ? /billed by Groq/ : own);
      assert.doesNotMatch(ofPayer, /7,654|0\.98 left/);
      assert.match(ofAccount, /7,654\.33 left|0\.98 left/);
    });
  }

  it('is in one section when the account pays', () => {
    assert.deepEqual(
      sections(rich, billing(me)).map(({ label }) => label),
      ['You pay'],
    );
  });
});
