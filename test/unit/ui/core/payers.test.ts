import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { PayerStore } from '../../../../src/billing/payerStore.ts';
import { type BillingProfile, formatProfile } from '../../../../src/billing/profile.ts';
import type { BillingSwitch } from '../../../../src/limits/account/billingSwitch.ts';
import { Payers } from '../../../../src/ui/core/payers.ts';
import { fixedNow } from '../../view/builders.ts';

const me: BillingProfile = { kind: 'personal' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const groq: BillingProfile = { kind: 'provider-key', provider: 'groq' };

/** What all windows and the CLI share. */
function aLedger() {
  const preferences = new Map<string, string>();
  const switches: BillingSwitch[] = [];
  let reads = 0;
  let version = 1;
  return {
    switches,
    /** How often somebody asked who pays. */
    get reads() {
      return reads;
    },
    dataVersion: () => version,
    /** The number tells of other processes only. */
    writtenElsewhere: () => {
      version += 1;
    },
    getPreference: (key: string) => {
      reads += 1;
      return preferences.get(key);
    },
    setPreference: (key: string, value: string | undefined) => {
      if (value === undefined) preferences.delete(key);
      else preferences.set(key, value);
    },
    recordSwitch: (each: BillingSwitch) => void switches.push(each),
  };
}

describe('Payers', () => {
  let ledger: ReturnType<typeof aLedger>;
  let here: Payers;
  let elsewhere: Payers;
  const now = () => fixedNow;
  const chosen = (payers: Payers) => {
    payers.look();
    return formatProfile(payers.payer.chosen);
  };
  beforeEach(() => {
    ledger = aLedger();
    here = new Payers({ ledger, workspace: 'here', now });
    elsewhere = new Payers({ ledger, workspace: 'elsewhere', now });
  });

  it('lets the account pay where nobody chose', () => {
    assert.deepEqual(here.payer, { chosen: me });
  });

  it('keeps a choice to its folder, tells it at once and writes it down', () => {
    const told: string[] = [];
    here.onDidChange(payer => told.push(formatProfile(payer.chosen)));
    here.choose(acme, 'here');
    assert.deepEqual(told, ['org:acme']);
    assert.equal(chosen(elsewhere), 'personal');
    assert.deepEqual(ledger.switches, [
      { at: fixedNow, workspace: 'here', from: 'personal', to: 'org:acme', reason: 'chosen' },
    ]);
  });

  it('chooses for all folders that have no choice of their own, and for this one', () => {
    here.choose(groq, 'here');
    elsewhere.choose(groq, 'here');
    here.choose(acme, 'everywhere');
    assert.equal(chosen(here), 'org:acme');
    assert.equal(chosen(elsewhere), 'key:groq');
    const third = new Payers({ ledger, workspace: 'third', now });
    assert.equal(chosen(third), 'org:acme');
    third.choose(me, 'everywhere');
    assert.equal(chosen(here), 'personal');
    assert.deepEqual(ledger.switches.at(-1), {
      at: fixedNow,
      from: 'org:acme',
      to: 'personal',
      reason: 'chosen',
    });
  });

  it('means everywhere where no folder is open', () => {
    new Payers({ ledger, now }).choose(acme, 'here');
    assert.equal(chosen(here), 'org:acme');
    assert.deepEqual(ledger.switches, [{ at: fixedNow, from: 'personal', to: 'org:acme', reason: 'chosen' }]);
  });

  it('writes nothing down when the same one is chosen again', () => {
    here.choose(me, 'here');
    assert.deepEqual(ledger.switches, []);
  });

  it('ends a stand-in by a choice, from whoever paid last', () => {
    here.standIn({ profile: acme, reason: 'credits', since: fixedNow });
    assert.deepEqual(here.payer.standIn?.profile, acme);
    here.choose(groq, 'here');
    assert.deepEqual(here.payer, { chosen: groq });
    assert.equal(ledger.switches[0]?.from, 'org:acme');
  });

  it('notices what the CLI or another window wrote, once, and nothing else', () => {
    let told = 0;
    here.onDidChange(() => told++);
    here.look();
    new PayerStore(ledger, 'here').choose(acme);
    here.look();
    here.look();
    assert.equal(told, 1);
    assert.deepEqual(here.payer, { chosen: acme });
  });

  describe('following by itself', () => {
    beforeEach(() => {
      mock.timers.enable({ apis: ['setInterval'] });
      here.start();
    });
    afterEach(() => {
      here.dispose();
      mock.timers.reset();
    });
    const pass = () => mock.timers.tick(300);

    it('tells what another process wrote, until it is disposed of', () => {
      const told: string[] = [];
      here.onDidChange(payer => told.push(formatProfile(payer.chosen)));
      new PayerStore(ledger, 'here').choose(acme);
      ledger.writtenElsewhere();
      pass();
      assert.deepEqual(told, ['org:acme']);
      here.dispose();
      const { reads } = ledger;
      ledger.writtenElsewhere();
      pass();
      assert.equal(ledger.reads, reads);
    });

    it('reads nothing while nobody writes', () => {
      pass();
      const { reads } = ledger;
      assert.ok(reads > 0);
      pass();
      assert.equal(ledger.reads, reads);
      ledger.writtenElsewhere();
      pass();
      assert.ok(ledger.reads > reads);
    });
  });
});
