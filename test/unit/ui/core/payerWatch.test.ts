import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { PayerStore } from '../../../../src/billing/payerStore.ts';
import { type BillingProfile, formatProfile } from '../../../../src/billing/profile.ts';
import type { BillingSwitch } from '../../../../src/limits/account/billingSwitch.ts';
import { PayerWatch } from '../../../../src/ui/core/payerWatch.ts';
import { fixedNow } from '../../view/builders.ts';

const me: BillingProfile = { kind: 'personal' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const groq: BillingProfile = { kind: 'provider-key', provider: 'groq' };

/** Stands in for the ledger that all windows and the CLI share. */
function aLedger() {
  const preferences = new Map<string, string>();
  const switches: BillingSwitch[] = [];
  let reads = 0;
  let version = 1;
  return {
    switches,
    get reads() {
      return reads;
    },
    dataVersion: () => version,
    /** `dataVersion` changes with writes of other processes only. */
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

describe('PayerWatch', () => {
  let ledger: ReturnType<typeof aLedger>;
  let here: PayerWatch;
  let elsewhere: PayerWatch;
  let token: string | undefined;
  const now = () => fixedNow;
  const watchOf = (workspace?: string) =>
    new PayerWatch({ ledger, ...(workspace && { workspace }), token: () => token, now });
  const pass = () => mock.timers.tick(300);
  const chosen = (watch: PayerWatch) => {
    watch.look();
    return formatProfile(watch.payer.chosen);
  };
  beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    ledger = aLedger();
    token = 'hf_ada';
    here = watchOf('here');
    elsewhere = watchOf('elsewhere');
  });
  afterEach(() => mock.timers.reset());

  it('has the account pay without a choice', () => {
    assert.deepEqual(here.payer, { chosen: me });
  });

  it('applies a choice to its workspace only, fires at once and records the switch', () => {
    const fired: string[] = [];
    here.onDidChange(() => fired.push(formatProfile(here.payer.chosen)));
    here.choose(acme, 'here');
    assert.deepEqual(fired, ['org:acme']);
    assert.equal(chosen(elsewhere), 'personal');
    assert.deepEqual(ledger.switches, [
      { at: fixedNow, workspace: 'here', from: 'personal', to: 'org:acme', reason: 'chosen' },
    ]);
  });

  it('applies a choice everywhere to all workspaces without their own, and to this one', () => {
    here.choose(groq, 'here');
    elsewhere.choose(groq, 'here');
    here.choose(acme, 'everywhere');
    assert.equal(chosen(here), 'org:acme');
    assert.equal(chosen(elsewhere), 'key:groq');
    const third = watchOf('third');
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

  it('applies a choice everywhere when no folder is open', () => {
    watchOf().choose(acme, 'here');
    assert.equal(chosen(here), 'org:acme');
    assert.deepEqual(ledger.switches, [{ at: fixedNow, from: 'personal', to: 'org:acme', reason: 'chosen' }]);
  });

  it('records no switch to the same payer', () => {
    here.choose(me, 'here');
    assert.deepEqual(ledger.switches, []);
  });

  it('ends a stand-in with a choice, and records the switch from the stand-in', () => {
    here.standIn({ profile: acme, reason: 'credits', since: fixedNow });
    assert.deepEqual(here.payer.standIn?.profile, acme);
    here.choose(groq, 'here');
    assert.deepEqual(here.payer, { chosen: groq });
    assert.equal(ledger.switches[0]?.from, 'org:acme');
  });

  it('fires when the token changes', () => {
    let fired = 0;
    here.onDidChange(() => fired++);
    here.look();
    token = 'hf_bob';
    here.look();
    here.look();
    assert.equal(fired, 1);
  });

  it('fires once for a choice of the CLI or another window', () => {
    let fired = 0;
    here.onDidChange(() => fired++);
    here.look();
    new PayerStore(ledger, 'here').choose(acme);
    here.look();
    here.look();
    assert.equal(fired, 1);
    assert.deepEqual(here.payer, { chosen: acme });
  });

  it('fires for a write of another process, until disposed of', () => {
    const fired: string[] = [];
    here.onDidChange(() => fired.push(formatProfile(here.payer.chosen)));
    new PayerStore(ledger, 'here').choose(acme);
    ledger.writtenElsewhere();
    pass();
    assert.deepEqual(fired, ['org:acme']);
    here.dispose();
    elsewhere.dispose();
    const { reads } = ledger;
    ledger.writtenElsewhere();
    pass();
    assert.equal(ledger.reads, reads);
  });

  it('reads the payer only after a write of another process', () => {
    const { reads } = ledger;
    assert.ok(reads > 0);
    pass();
    assert.equal(ledger.reads, reads);
    ledger.writtenElsewhere();
    pass();
    assert.ok(ledger.reads > reads);
  });
});
