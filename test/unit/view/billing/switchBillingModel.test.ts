import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import {
  billingChoices,
  refusalOf,
  switchedText,
  switchTitle,
} from '../../../../src/view/billing/switchBillingModel.ts';
import { anySnapshot } from '../anySnapshot.ts';
import { aSnapshot, fixedNow, organization, type SnapshotBuilder, usd, viewInput } from '../builders.ts';

const me: BillingProfile = { kind: 'personal' };
const ada = aSnapshot()
  .signedIn()
  .withAccount()
  .withCredits()
  .withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) });

function choices(snapshot: SnapshotBuilder, payer: Payer = { chosen: me }, keys: string[] = []) {
  return billingChoices(viewInput(snapshot, { payer }), keys);
}

const rows = (...args: Parameters<typeof choices>) =>
  choices(...args).map(({ label, description }) => `${label} | ${description}`);

describe('the scope of a choice', () => {
  it('is in title and message: this folder, or all folders when none is open', () => {
    assert.equal(switchTitle(true), 'Switch Billing in This Folder');
    assert.match(switchTitle(false), /All Folders/);
    assert.equal(switchedText('acme', true), 'Bills acme from now on');
    assert.match(switchedText('acme', false), /in all folders without their own choice/);
  });
});

describe('billingChoices', () => {
  it('lists payers with what is left, and last those that can’t be billed with the reason', () => {
    assert.deepEqual(rows(ada, { chosen: me }, ['groq', 'fal-ai', 'new-one']), [
      'You · PRO | current · $0.98 left of $2.00',
      'acme · Team | $6.10 left of $10.00 · you may write',
      'groq key | billed by Groq, credits don’t apply',
      'fal-ai key | billed by fal, credits don’t apply · no chat',
      'new-one key | billed by new-one, credits don’t apply',
      'freebies | free plan: Hugging Face bills organizations on Team or Enterprise only',
    ]);
  });

  it('marks the chosen payer and the stand-in', () => {
    const marked = choices(ada, {
      chosen: { kind: 'organization', name: 'acme' },
      standIn: { profile: me, reason: 'credits', since: fixedNow },
    });
    assert.deepEqual(
      marked.filter(({ current }) => current).map(({ label }) => label),
      ['acme · Team'],
    );
    assert.match(marked[0]?.description ?? '', /^stands in now · /);
    assert.match(marked[1]?.description ?? '', /^current · /);
  });

  it('lists resource groups by name, below their organization', () => {
    const grouped = ada.withAccount({
      organizations: [
        organization('acme', {
          plan: 'enterprise',
          role: 'admin',
          resourceGroups: [{ id: '66f0c1', name: 'research' }],
        }),
      ],
    });
    assert.deepEqual(rows(grouped).slice(1), [
      'acme · Enterprise | $6.10 left of $10.00 · you are an admin',
      'acme / research | resource group · its limit is not visible to tokens',
    ]);
  });

  it('lists the chosen payer also when the token does not see it', () => {
    assert.deepEqual(
      rows(ada, { chosen: { kind: 'organization', name: 'elsewhere' } }).at(-1),
      'elsewhere | current · not visible to this token',
    );
    assert.match(
      rows(ada, { chosen: { kind: 'provider-key', provider: 'groq' } }).at(-1) ?? '',
      /^groq key \| current · .+ · no key is stored$/,
    );
  });

  it('says that a balance or billability is not known', () => {
    const unknown = aSnapshot()
      .signedIn()
      .withAccount({ organizations: [organization('acme', { role: undefined })] });
    assert.deepEqual(rows(unknown), [
      'You · PRO | current · what is left is not known',
      'acme · Team | what is left is not known · not known whether it can be billed',
    ]);
    assert.deepEqual(rows(aSnapshot()), ['You | current · not signed in to Hugging Face']);
  });

  it('has a sentence for each payer that can’t be billed', () => {
    const locked = ada.withAccount({
      organizations: [
        organization('free', { plan: 'free' }),
        organization('poor', { canPay: false }),
        organization('reader', { role: 'read' }),
        organization('locked', { securityRestrictions: ['sso'] }),
      ],
    });
    const refusals = choices(locked).flatMap(({ refusal }) => refusal ?? []);
    assert.deepEqual(refusals, [
      'free can’t be billed: free plan: Hugging Face bills organizations on Team or Enterprise only.',
      'poor can’t be billed: no payment method.',
      'reader can’t be billed: needs the role “write” or “admin”; yours is “read”.',
      'locked can’t be billed: locked out at present: sso.',
    ]);
  });

  it('marks exactly one payer for any snapshot, without control characters', () => {
    fc.assert(
      fc.property(
        anySnapshot,
        fc.constantFrom(me, { kind: 'provider-key', provider: 'groq' } as const),
        (snapshot, chosen) => {
          const input = viewInput(snapshot, { payer: { chosen } });
          const all = billingChoices(input, ['groq']);
          assert.equal(all.filter(({ current }) => current).length, 1);
          for (const { label, description } of all) {
            assert.doesNotMatch(label + description, /\p{Cc}|undefined|NaN/u);
          }
        },
      ),
    );
  });
});

describe('refusalOf', () => {
  const account = ada
    .withAccount({
      organizations: [
        organization('acme'),
        organization('reader', { role: 'read', resourceGroups: [{ id: '66f0c1', name: 'research' }] }),
        organization('free', { plan: 'free' }),
      ],
    })
    .build().account.value;
  const group = (of: string) => ({ kind: 'resource-group', organization: of, id: '66f0c1' }) as const;

  it('has a reason for each profile of an organization that can’t be billed', () => {
    assert.match(
      refusalOf({ kind: 'organization', name: 'reader' }, account) ?? '',
      /^reader can’t be billed/,
    );
    assert.match(refusalOf({ kind: 'organization', name: 'free' }, account) ?? '', /free plan/);
    assert.match(refusalOf(group('free'), account) ?? '', /free plan/);
  });

  it('has none for you, a key, a group with a role of its own, and what the token does not see', () => {
    const fine: BillingProfile[] = [
      me,
      { kind: 'provider-key', provider: 'groq' },
      { kind: 'organization', name: 'acme' },
      { kind: 'organization', name: 'elsewhere' },
      group('reader'),
    ];
    for (const profile of fine) assert.equal(refusalOf(profile, account), undefined, JSON.stringify(profile));
    assert.equal(refusalOf({ kind: 'organization', name: 'free' }, undefined), undefined);
  });
});
