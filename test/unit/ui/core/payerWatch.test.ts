import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { type ChoosingAccount, editorAccount, PayerStore } from '../../../../src/billing/payerStore.ts';
import { type BillingProfile, formatProfile } from '../../../../src/billing/profile.ts';
import type { BillingSwitch } from '../../../../src/limits/account/billingSwitch.ts';
import { PayerWatch } from '../../../../src/ui/core/payerWatch.ts';
import { fixedNow } from '../../view/builders.ts';

const me: BillingProfile = { kind: 'personal' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const ada: ChoosingAccount = { token: 'token-of-ada', account: 'ada' };
const bob: ChoosingAccount = { token: 'token-of-bob', account: 'bob' };
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
  let account: ChoosingAccount | undefined;
  let time = fixedNow;
  const now = () => time;
  const watchOf = (workspace?: string) =>
    new PayerWatch({ ledger, ...(workspace && { workspace }), account: () => account, now });
  const pass = () => mock.timers.tick(300);
  const chosen = (watch: PayerWatch) => {
    watch.look();
    return formatProfile(watch.payer.chosen);
  };
  beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    ledger = aLedger();
    account = ada;
    time = fixedNow;
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

  it('fires when the token changes, or its account is known', () => {
    let fired = 0;
    here.onDidChange(() => fired++);
    here.look();
    account = { token: 'another-token' };
    here.look();
    here.look();
    assert.equal(fired, 1);
    account = { token: 'another-token', account: 'ada' };
    pass();
    assert.equal(fired, 2);
  });

  it('has the next account pay itself at once, and the former one as it chose when it is back', () => {
    here.choose(acme, 'here');
    elsewhere.choose(groq, 'everywhere');
    account = bob;
    assert.deepEqual([chosen(here), chosen(elsewhere)], ['personal', 'personal']);
    account = ada;
    assert.deepEqual([chosen(here), chosen(elsewhere)], ['org:acme', 'key:groq']);
  });

  it('leaves out a stand-in that the gateway reported for the account before', () => {
    time = fixedNow + 1_000;
    account = bob;
    here.look();
    const standInSince = (since: number) => {
      here.standIn({ profile: groq, reason: 'credits', since });
      return here.payer.standIn?.profile;
    };
    assert.equal(standInSince(fixedNow), undefined);
    assert.deepEqual(standInSince(time), groq);
  });

  it("tells terminals whose payer they choose: this window's account, also after signing out", () => {
    assert.equal(editorAccount(ledger), 'ada');
    account = bob;
    here.look();
    account = undefined;
    here.look();
    assert.equal(editorAccount(ledger), 'bob');
    new PayerStore(ledger, { workspace: 'here' }).choose(acme);
    account = bob;
    assert.equal(chosen(here), 'org:acme');
    account = ada;
    assert.equal(chosen(here), 'personal');
  });

  it("a window that has not noticed the sign-in yet leaves the other window's account in place", () => {
    const late = new PayerWatch({ ledger, workspace: 'late', account: () => ada, now });
    account = bob;
    here.look();
    ledger.writtenElsewhere();
    pass();
    assert.equal(editorAccount(ledger), 'bob');
    late.dispose();
  });

  it('fires once for a choice of the CLI or another window', () => {
    let fired = 0;
    here.onDidChange(() => fired++);
    here.look();
    new PayerStore(ledger, { workspace: 'here', account: () => ada }).choose(acme);
    here.look();
    here.look();
    assert.equal(fired, 1);
    assert.deepEqual(here.payer, { chosen: acme });
  });

  it('fires for a write of another process, until disposed of', () => {
    const fired: string[] = [];
    here.onDidChange(() => fired.push(formatProfile(here.payer.chosen)));
    new PayerStore(ledger, { workspace: 'here' }).choose(acme);
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
