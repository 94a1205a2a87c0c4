import assert from 'node:assert/strict';
import { type Snapshot, signedOut } from '../../../../src/account/snapshot.ts';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import { CreditsReturn, sendBalances } from '../../../../src/ui/gateway/balances.ts';
import type { ViewInput } from '../../../../src/view/viewInput.ts';
import { account, credits, fixedNow, part, usd, viewInput } from '../../view/builders.ts';

const personal: BillingProfile = { kind: 'personal' };
const replaced = (chosen: BillingProfile, reason: 'credits' | 'spending-limit' = 'credits'): Payer => ({
  chosen,
  standIn: { profile: { kind: 'provider-key', provider: 'groq' }, reason, since: fixedNow },
});
const left = (amount: number) => part(credits({ usedNanoUsd: usd(2 - amount), includedNanoUsd: usd(2) }));
const personalCredits = (amount: number): Snapshot => ({ ...signedOut, credits: left(amount) });

describe('CreditsReturn', () => {
  it('reports once that credits are back', () => {
    const watch = new CreditsReturn();
    const looks = [0, 0, 2, 2].map(amount =>
      watch.look(replaced(personal), personalCredits(amount), fixedNow),
    );
    assert.deepEqual(looks, [false, false, true, false]);
  });

  it('looks at the credits of the chosen organization', () => {
    const watch = new CreditsReturn();
    const ofAcme = (amount: number): Snapshot => ({
      ...personalCredits(0),
      organizationCredits: { acme: left(amount) },
    });
    const payer = replaced({ kind: 'organization', name: 'acme' });
    assert.equal(watch.look(payer, ofAcme(0), fixedNow), false);
    assert.equal(watch.look(payer, ofAcme(1), fixedNow), true);
  });

  it('reports nothing while credits were left all the time: unsettled requests held them', () => {
    const watch = new CreditsReturn();
    assert.equal(watch.look(replaced(personal), personalCredits(0.5), fixedNow), false);
    assert.equal(watch.look(replaced(personal), personalCredits(0.6), fixedNow), false);
  });

  it('reports credits that are back after a failed poll in between', () => {
    const watch = new CreditsReturn();
    watch.look(replaced(personal), personalCredits(0), fixedNow);
    assert.equal(watch.look(replaced(personal), signedOut, fixedNow), false);
    assert.equal(watch.look(replaced(personal), personalCredits(2), fixedNow), true);
  });

  it('reports nothing without a stand-in, or with one for another reason', () => {
    for (const payer of [{ chosen: personal }, replaced(personal, 'spending-limit')]) {
      const watch = new CreditsReturn();
      watch.look(payer, personalCredits(0), fixedNow);
      assert.equal(watch.look(payer, personalCredits(2), fixedNow), false);
    }
  });
});

describe('sendBalances', () => {
  it('sends the balances known now and after each poll, credits that are back, and another account', () => {
    const sent: unknown[] = [];
    const gateway = {
      balance: (payer: string) => void sent.push(payer),
      creditsReturned: () => void sent.push('credits returned'),
      forgetBalances: () => void sent.push('forget'),
    };
    const shown = (amount: number) => viewInput(personalCredits(amount), { payer: replaced(personal) });
    let publish: (shown: ViewInput) => void = () => assert.fail();
    const onDidChange = (listener: (shown: ViewInput) => void) => {
      publish = listener;
      return { dispose: () => undefined };
    };
    sendBalances({ viewInput: () => shown(0), onDidChange }, gateway);
    publish(shown(2));
    assert.deepEqual(sent, ['personal', 'credits returned', 'personal']);
    sent.length = 0;
    const of = (id: string) =>
      viewInput({ ...personalCredits(2), account: part(account({ id })) }, { payer: { chosen: personal } });
    for (const id of ['1', '1', '2']) publish(of(id));
    assert.deepEqual(sent, ['forget', 'personal', 'personal', 'forget', 'personal'], 'another account');
  });
});
