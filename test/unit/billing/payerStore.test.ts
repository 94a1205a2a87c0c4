import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type ChoosingAccount,
  editorAccount,
  PayerStore,
  type Preferences,
  setEditorAccount,
} from '../../../src/billing/payerStore.ts';
import {
  type BillingProfile,
  formatProfile,
  personalProfile,
  type StandIn,
} from '../../../src/billing/profile.ts';

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
    assert.deepEqual(new PayerStore(preferences(), { workspace: 'a1' }).payer, { chosen: personalProfile });
  });

  it("a workspace has its own choice, else the user's default", () => {
    const ledger = preferences();
    new PayerStore(ledger).choose(acme);
    const one = new PayerStore(ledger, { workspace: 'a1' });
    assert.deepEqual(one.payer, { chosen: acme });
    one.choose(team);
    assert.deepEqual(one.payer, { chosen: team });
    assert.deepEqual(new PayerStore(ledger, { workspace: 'b2' }).payer, { chosen: acme });
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
    const store = new PayerStore(ledger, { workspace: 'a1' });
    store.choose(acme);
    store.standIn(standIn);
    assert.deepEqual(new PayerStore(ledger, { workspace: 'a1' }).payer, { chosen: acme, standIn });
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
    const window = new PayerStore(ledger, { workspace: 'a1' });
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

describe('PayerStore, accounts on one ledger:', () => {
  const ada: ChoosingAccount = { token: 'token-of-ada', account: 'ada' };
  const bob: ChoosingAccount = { token: 'token-of-bob', account: 'bob' };
  const unknown = ({ token }: ChoosingAccount): ChoosingAccount => ({ token });
  const rotated = (account: ChoosingAccount, token: string): ChoosingAccount => ({ ...account, token });
  let ledger: ReturnType<typeof preferences>;
  const storeOf = (account: ChoosingAccount | undefined, workspace?: string) =>
    new PayerStore(ledger, { workspace, account: () => account });
  const chosen = (account: ChoosingAccount | undefined, workspace?: string) =>
    formatProfile(storeOf(account, workspace).payer.chosen);
  beforeEach(() => {
    ledger = preferences();
  });

  it('another account pays itself until it chooses, in each workspace and by default', () => {
    storeOf(ada).choose(acme);
    storeOf(ada, 'a1').choose(team);
    assert.deepEqual([chosen(bob), chosen(bob, 'a1')], ['personal', 'personal']);
    storeOf(bob, 'a1').choose(groq);
    assert.deepEqual(
      [chosen(bob), chosen(bob, 'a1'), chosen(bob, 'b2')],
      ['personal', 'key:groq', 'personal'],
    );
    assert.deepEqual([chosen(ada), chosen(ada, 'a1')], ['org:acme', 'group:acme/6502']);
  });

  it('a provider key, too, pays only for the account that it was chosen for', () => {
    storeOf(ada).choose(groq);
    assert.equal(chosen(bob), 'personal');
  });

  it('an account that comes back has its choice back, also with a new token', () => {
    storeOf(ada, 'a1').choose(acme);
    assert.equal(chosen(bob, 'a1'), 'personal');
    assert.equal(chosen(ada, 'a1'), 'org:acme');
    assert.equal(chosen(rotated(ada, 'another-token'), 'a1'), 'org:acme');
  });

  it('the stand-in of one account is not that of the next', () => {
    for (const account of [ada, bob]) storeOf(account, 'a1').choose(acme);
    storeOf(ada, 'a1').standIn(standIn);
    assert.deepEqual(storeOf(bob, 'a1').payer, { chosen: acme });
    assert.deepEqual(storeOf(ada, 'a1').payer, { chosen: acme, standIn });
  });

  it('a token whose account is not known yet pays itself, until it is', () => {
    storeOf(ada).choose(acme);
    const next = rotated(ada, 'another-token');
    assert.equal(chosen(unknown(next)), 'personal');
    assert.equal(chosen(next), 'org:acme');
    assert.equal(chosen(unknown(bob)), 'personal');
    assert.equal(chosen(bob), 'personal');
  });

  it('a choice made before the account is known stays when it is, and with its next token', () => {
    storeOf(bob).choose(team);
    storeOf(unknown(ada), 'a1').choose(acme);
    storeOf(unknown(ada), 'a1').standIn(standIn);
    assert.equal(chosen(unknown(ada), 'a1'), 'org:acme');
    assert.deepEqual(storeOf(ada, 'a1').payer, { chosen: acme, standIn });
    assert.equal(chosen(rotated(ada, 'another-token'), 'a1'), 'org:acme');
    assert.ok(![...ledger.values.keys()].some(key => key.includes(ada.token)));
  });

  it('the first account, too, keeps what it chose before it was known', () => {
    storeOf(unknown(ada), 'a1').choose(acme);
    assert.equal(chosen(bob, 'a1'), 'personal');
    assert.equal(chosen(ada, 'a1'), 'org:acme');
    assert.equal(chosen(rotated(ada, 'another-token'), 'a1'), 'org:acme');
  });

  it('choices of versions without accounts belong to the account that reads them first, all of them', () => {
    ledger.setPreference('billing.profile', 'org:acme');
    ledger.setPreference('billing.profile/a1', 'key:groq');
    ledger.setPreference('billing.profile/b2', 'group:acme/6502');
    assert.equal(chosen(ada, 'a1'), 'key:groq');
    assert.deepEqual([chosen(bob), chosen(bob, 'a1'), chosen(bob, 'b2')], Array(3).fill('personal'));
    assert.deepEqual([chosen(ada), chosen(ada, 'b2')], ['org:acme', 'group:acme/6502']);
  });

  it("signed out: the editor's last account, else the first one, which keeps the choice", () => {
    storeOf(undefined).choose(acme);
    assert.equal(chosen(undefined), 'org:acme');
    assert.equal(chosen(ada), 'org:acme');
    assert.equal(editorAccount(ledger), undefined);
    setEditorAccount(ledger, bob);
    assert.equal(chosen(undefined), 'personal');
    storeOf(undefined).choose(groq);
    assert.deepEqual([chosen(bob), chosen(ada)], ['key:groq', 'org:acme']);
  });

  it('a workspace named like an account reaches no choice of that account', () => {
    storeOf(ada).choose(personalProfile);
    storeOf(bob).choose(acme);
    for (const workspace of ['@bob', '/@bob', '@bob/a1', 'a1@bob']) {
      assert.equal(chosen(ada, workspace), 'personal', workspace);
      storeOf(ada, workspace).choose(team);
    }
    assert.deepEqual([chosen(bob), chosen(bob, 'a1')], ['org:acme', 'org:acme']);
  });

  it('needs to know the account only where that may change the payer', () => {
    assert.equal(storeOf(undefined).needsAccount, false);
    assert.equal(storeOf(unknown(ada)).needsAccount, false);
    storeOf(unknown(ada)).choose(acme);
    assert.equal(storeOf(unknown(ada)).needsAccount, true);
    assert.equal(storeOf(ada).needsAccount, false);
    assert.equal(storeOf(unknown(bob)).needsAccount, true);
  });

  it('each account has what it chose last in the workspace, else as its default (property)', () => {
    const names = fc.constantFrom('ada', 'bob', 'eve');
    const workspaces = fc.constantFrom(undefined, 'a1', 'b2');
    const profiles = fc.option(fc.constantFrom(acme, groq, team, personalProfile), { nil: undefined });
    const choices = fc.array(fc.tuple(names, workspaces, profiles, fc.nat({ max: 2 })), { maxLength: 12 });
    fc.assert(
      fc.property(choices, made => {
        ledger = preferences();
        const model = new Map<string, BillingProfile | undefined>();
        for (const [name, workspace, profile, token] of made) {
          storeOf({ token: `${name}-${token}`, account: name }, workspace).choose(profile);
          model.set(`${name} ${workspace}`, profile);
        }
        for (const name of ['ada', 'bob', 'eve']) {
          for (const workspace of [undefined, 'a1', 'b2']) {
            const expected =
              model.get(`${name} ${workspace}`) ?? model.get(`${name} ${undefined}`) ?? personalProfile;
            const account = { token: `${name}-new`, account: name };
            assert.equal(chosen(account, workspace), formatProfile(expected));
            assert.equal(chosen(unknown(account), workspace), 'personal');
          }
        }
      }),
    );
  });
});
