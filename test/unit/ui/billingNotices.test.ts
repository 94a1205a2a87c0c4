import assert from 'node:assert/strict';
import type { BillingProfile, Payer } from '../../../src/billing/profile.ts';
import {
  failoverNotice,
  invalidFailover,
  returnedText,
  standInNotice,
  suggestionsIn,
  suggestionText,
} from '../../../src/ui/billingNoticesModel.ts';
import { faceInput } from '../../../src/ui/faceInput.ts';
import { account, aSnapshot, MINUTE, NOW, usd } from './builders.ts';

const ME: BillingProfile = { kind: 'personal' };
const ACME: BillingProfile = { kind: 'organization', name: 'acme' };
const GROQ: BillingProfile = { kind: 'provider-key', provider: 'groq' };

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

function standingIn(profile: BillingProfile, chosen = ME, since = NOW - MINUTE): Payer {
  return { chosen, standIn: { profile, reason: 'credits', since } };
}

const notice = (payer: Payer, told = aLedger(), workspace?: string) =>
  standInNotice(faceInput(ada.build(), { show: 'auto', payer }, NOW, 'en'), told, workspace);

describe('standInNotice', () => {
  const cases: [Payer, string | undefined][] = [
    [{ chosen: ME }, undefined],
    [
      standingIn(ACME),
      'Your credits are used up. Who pays now: acme ($6.10 left). It returns by itself as soon as there is money again.',
    ],
    [
      standingIn(GROQ, ACME),
      'The credits of acme are used up. Who pays now: your groq key. It returns by itself as soon as there is money again.',
    ],
    [
      { chosen: ACME, standIn: { profile: ME, reason: 'spending-limit', since: NOW } },
      'The spending limit of acme is reached. Who pays now: you. It returns by itself as soon as there is money again.',
    ],
  ];
  for (const [payer, expected] of cases) {
    it(expected ?? 'tells nothing while nobody stands in', () => assert.equal(notice(payer), expected));
  }

  it('is told once for each episode, by one window of all', () => {
    const told = aLedger();
    assert.ok(notice(standingIn(ACME), told));
    assert.equal(notice(standingIn(ACME), told), undefined);
    assert.ok(notice(standingIn(ACME, ME, NOW), told));
    assert.ok(notice(standingIn(GROQ, ME, NOW), told));
    assert.ok(notice(standingIn(GROQ, ME, NOW), told, 'another-workspace'));
  });
});

it('the return names who pays again', () => {
  assert.equal(returnedText({ chosen: ME }, account()), 'Bills you again');
});

describe('the failover setting', () => {
  it('has entries that name payers', () => {
    assert.deepEqual(invalidFailover(['personal', 'org:acme', 'group:acme/1', 'key:groq']), []);
    assert.deepEqual(invalidFailover(undefined), []);
  });

  it('tells of the others, once for each wrong value', () => {
    const told = aLedger();
    const wrong = ['org:acme', 'acme', 7, 'key:'];
    assert.deepEqual(invalidFailover(wrong), ['acme', '7', 'key:']);
    assert.match(failoverNotice(wrong, told) ?? '', /“acme”, “7”, “key:”/);
    assert.equal(failoverNotice(wrong, told), undefined);
    assert.match(failoverNotice('org:', told) ?? '', /“org:”/);
    assert.equal(failoverNotice(['personal'], told), undefined);
    assert.ok(failoverNotice(wrong, told));
  });
});

describe('a suggestion', () => {
  it('is one only when it names a payer', () => {
    const values = [undefined, '', 'acme', 7, 'org:acme'].map(value => ({ folder: 'file:///a', value }));
    assert.deepEqual(suggestionsIn(values), [{ folder: 'file:///a', profile: ACME }]);
  });

  it('is told as what it is', () => {
    assert.match(
      suggestionText({ folder: 'file:///a', profile: ACME }, account()),
      /^This folder suggests billing acme\. .*nothing changes unless you agree\.$/,
    );
  });
});
