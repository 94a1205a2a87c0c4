import assert from 'node:assert/strict';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import {
  failoverNotice,
  invalidFailover,
  returnedText,
  standInNotice,
  suggestionsIn,
  suggestionText,
} from '../../../../src/view/billing/billingNoticesModel.ts';
import { account, aSnapshot, fixedNow, minuteMs, usd, viewInput } from '../builders.ts';

const me: BillingProfile = { kind: 'personal' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const groq: BillingProfile = { kind: 'provider-key', provider: 'groq' };

const ada = aSnapshot()
  .signedIn()
  .withAccount()
  .withCredits()
  .withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) });

function aLedger() {
  const preferences = new Map<string, string>();
  return {
    getPreference: (key: string) => preferences.get(key),
    setPreference: (key: string, value: string | undefined) => {
      if (value === undefined) preferences.delete(key);
      else preferences.set(key, value);
    },
  };
}

function standingIn(profile: BillingProfile, chosen = me, since = fixedNow - minuteMs): Payer {
  return { chosen, standIn: { profile, reason: 'credits', since } };
}

const notice = (payer: Payer, reported = aLedger(), workspace?: string) =>
  standInNotice(viewInput(ada, { payer }), reported, workspace);

describe('standInNotice', () => {
  const cases: [Payer, string | undefined][] = [
    [{ chosen: me }, undefined],
    [standingIn(acme), 'Your credits are used up. acme pays now ($6.10 left), until yours are back.'],
    [
      standingIn(groq, acme),
      'The credits of acme are used up. Your groq key pays now, until there is money again.',
    ],
    [
      { chosen: acme, standIn: { profile: me, reason: 'spending-limit', since: fixedNow } },
      'The spending limit of acme is reached. You pay now, until there is money again.',
    ],
  ];
  for (const [payer, expected] of cases) {
    it(expected ?? 'is undefined without a stand-in', () => assert.equal(notice(payer), expected));
  }

  it('is shown once for each failover, by one window', () => {
    const reported = aLedger();
    assert.ok(notice(standingIn(acme), reported));
    assert.equal(notice(standingIn(acme), reported), undefined);
    assert.ok(notice(standingIn(acme, me, fixedNow), reported));
    assert.ok(notice(standingIn(groq, me, fixedNow), reported));
    assert.ok(notice(standingIn(groq, me, fixedNow), reported, 'another-workspace'));
  });
});

it('returnedText names the payer', () => {
  assert.equal(returnedText({ chosen: me }, account()), 'Bills you again');
});

describe('the failover setting', () => {
  it('accepts profiles', () => {
    assert.deepEqual(invalidFailover(['personal', 'org:acme', 'group:acme/1', 'key:groq']), []);
    assert.deepEqual(invalidFailover(undefined), []);
  });

  it('reports other entries, once for each wrong value', () => {
    const reported = aLedger();
    const wrong = ['org:acme', 'acme', 7, 'key:'];
    assert.deepEqual(invalidFailover(wrong), ['acme', '7', 'key:']);
    assert.match(failoverNotice(wrong, reported) ?? '', /“acme”, “7”, “key:”/);
    assert.equal(failoverNotice(wrong, reported), undefined);
    assert.match(failoverNotice('org:', reported) ?? '', /“org:”/);
    assert.equal(failoverNotice(['personal'], reported), undefined);
    assert.ok(failoverNotice(wrong, reported));
  });
});

describe('a folder’s suggestion', () => {
  it('must be a profile', () => {
    const values = [undefined, '', 'acme', 7, 'org:acme'].map(value => ({ folder: 'file:///a', value }));
    assert.deepEqual(suggestionsIn(values), [{ folder: 'file:///a', profile: acme }]);
  });

  it('says that the folder’s settings suggest it', () => {
    assert.match(
      suggestionText({ folder: 'file:///a', profile: acme }, account()),
      /^This folder’s settings suggest billing acme\. Nothing changes unless you agree\.$/,
    );
  });
});
