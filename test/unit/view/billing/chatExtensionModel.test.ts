import assert from 'node:assert/strict';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import {
  type BillToSetting,
  chatExtensionOffer,
  type PayerChoice,
  rememberDone,
  type SettingPlace,
} from '../../../../src/view/billing/chatExtensionModel.ts';

const me: BillingProfile = { kind: 'personal' };
const groq: BillingProfile = { kind: 'provider-key', provider: 'groq' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const initech: BillingProfile = { kind: 'organization', name: 'initech' };

describe('the offer for Hugging Face’s chat extension', () => {
  let preferences: Map<string, string>;
  let setting: BillToSetting;
  beforeEach(() => {
    preferences = new Map();
    setting = {};
  });

  /** Chooses a payer, and accepts the offer unless `answer` is false. */
  function choose(
    profile: BillingProfile,
    place: SettingPlace = 'workspace',
    yes = true,
    workspace = 'here',
  ) {
    const choice: PayerChoice = { profile, place, workspace };
    const kept = {
      getPreference: (key: string) => preferences.get(key),
      setPreference: (key: string, value: string | undefined) => {
        if (value === undefined) preferences.delete(key);
        else preferences.set(key, value);
      },
    };
    const offer = chatExtensionOffer(kept, choice, setting);
    if (offer && yes) {
      for (const change of offer.changes) setting = { ...setting, [change.place]: change.billTo };
      rememberDone(kept, choice, offer);
    }
    return offer && [offer.kind, offer.billTo];
  }

  it('sets a folder’s payer in the folder, and a payer of all folders for all', () => {
    assert.deepEqual(choose(acme), ['set', 'acme']);
    assert.deepEqual(setting, { workspace: 'acme' });
    setting = {};
    assert.deepEqual(choose(acme, 'user'), ['set', 'acme']);
    assert.deepEqual(setting, { user: 'acme' });
  });

  it('is made once for each payer and scope, and not when the value is set already', () => {
    assert.deepEqual(choose(acme, 'workspace', false), ['set', 'acme']);
    assert.equal(choose(acme), undefined);
    assert.deepEqual(choose(acme, 'workspace', false, 'elsewhere'), ['set', 'acme']);
    assert.deepEqual(choose(initech, 'workspace', false), ['set', 'initech']);
    setting = { user: 'third' };
    assert.equal(choose({ kind: 'organization', name: 'third' }), undefined);
  });

  it('removes the value when the payer no longer pays, and sets it again later', () => {
    choose(acme);
    assert.deepEqual(choose(groq, 'workspace', false), ['reset', 'acme']);
    assert.deepEqual(setting, { workspace: 'acme' });
    assert.deepEqual(choose(me), ['reset', 'acme']);
    assert.deepEqual(setting, { workspace: undefined });
    assert.equal(choose(me), undefined);
    assert.deepEqual(choose(acme), ['set', 'acme']);
  });

  it('changes from one organization to the next', () => {
    choose(acme);
    choose(initech);
    assert.deepEqual(setting, { workspace: 'initech' });
    assert.deepEqual(choose(acme), ['set', 'acme']);
    assert.deepEqual(choose(me), ['reset', 'acme']);
  });

  it('removes the folder’s value when all folders get another', () => {
    choose(acme);
    assert.deepEqual(choose(initech, 'user'), ['set', 'initech']);
    assert.deepEqual(setting, { workspace: undefined, user: 'initech' });
    assert.deepEqual(choose(acme), ['set', 'acme']);
    assert.deepEqual(choose(me, 'user'), ['reset', 'acme']);
    assert.deepEqual(setting, { workspace: undefined, user: undefined });
  });

  it('leaves values that Headroom did not write', () => {
    setting = { workspace: 'acme' };
    assert.equal(choose(me), undefined);
    assert.equal(choose(me, 'user'), undefined);
    choose(initech);
    setting = { workspace: 'acme' };
    assert.equal(choose(me), undefined);
  });
});
