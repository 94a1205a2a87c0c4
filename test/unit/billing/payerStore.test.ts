import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PayerStore, type Preferences } from '../../../src/billing/payerStore.ts';
import { type BillingProfile, personalProfile, type StandIn } from '../../../src/billing/profile.ts';

const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const groq: BillingProfile = { kind: 'provider-key', provider: 'groq' };
const team: BillingProfile = { kind: 'resource-group', organization: 'acme', id: '6502' };
const standIn: StandIn = { profile: groq, reason: 'credits', since: 1_790_000_000_000 };

function preferences(): Preferences & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getPreference: key => values.get(key),
    setPreference: (key, value) => {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    },
  };
}

describe('PayerStore:', () => {
  it('personal until a profile is chosen', () => {
    assert.deepEqual(new PayerStore(preferences()).payer, { chosen: personalProfile });
    assert.deepEqual(new PayerStore(preferences(), 'a1').payer, { chosen: personalProfile });
  });

  it("a workspace has its own choice, else the user's default", () => {
    const ledger = preferences();
    new PayerStore(ledger).choose(acme);
    const one = new PayerStore(ledger, 'a1');
    assert.deepEqual(one.payer, { chosen: acme });
    one.choose(team);
    assert.deepEqual(one.payer, { chosen: team });
    assert.deepEqual(new PayerStore(ledger, 'b2').payer, { chosen: acme });
    assert.deepEqual(new PayerStore(ledger).payer, { chosen: acme });
    assert.deepEqual(
      [...ledger.values],
      [
        ['billing.profile', 'org:acme'],
        ['billing.profile/a1', 'group:acme/6502'],
      ],
    );
  });

  it('a stand-in belongs to one workspace and ends with a new choice', () => {
    const ledger = preferences();
    const store = new PayerStore(ledger, 'a1');
    store.choose(acme);
    store.standIn(standIn);
    assert.deepEqual(new PayerStore(ledger, 'a1').payer, { chosen: acme, standIn });
    assert.deepEqual(new PayerStore(ledger).payer, { chosen: personalProfile });
    store.choose(acme);
    assert.deepEqual(store.payer, { chosen: acme });
    store.standIn(standIn);
    store.standIn(undefined);
    assert.deepEqual(store.payer, { chosen: acme });
    assert.deepEqual([...ledger.values.keys()], ['billing.profile/a1']);
  });

  it('a stand-in for another profile is ignored', () => {
    const ledger = preferences();
    const window = new PayerStore(ledger, 'a1');
    window.standIn(standIn);
    new PayerStore(ledger).choose(acme);
    assert.deepEqual(window.payer, { chosen: acme });
  });

  it('unreadable values mean personal, without a stand-in', () => {
    const unreadable = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          for: fc.constant('personal'),
          profile: fc.oneof(fc.constant('key:groq'), fc.string(), fc.integer()),
          reason: fc.oneof(fc.constant('rate'), fc.integer()),
          since: fc.anything(),
        })
        .map(value => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.string(), unreadable, (profile, stored) => {
        fc.pre(!/^(personal|(org|group|key):.+)$/s.test(profile));
        const ledger = preferences();
        ledger.setPreference('billing.profile', profile);
        ledger.setPreference('billing.standIn', stored);
        assert.deepEqual(new PayerStore(ledger).payer, { chosen: personalProfile });
      }),
    );
  });
});
