import assert from 'node:assert/strict';
import { type Snapshot, signedOut } from '../../../../src/account/snapshot.ts';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import { CreditsReturn } from '../../../../src/ui/billing/creditsReturn.ts';
import { credits, fixedNow, part, usd } from '../../view/builders.ts';

const personal: BillingProfile = { kind: 'personal' };
const replaced = (chosen: BillingProfile, reason: 'credits' | 'spending-limit' = 'credits'): Payer => ({
  chosen,
  standIn: { profile: { kind: 'provider-key', provider: 'groq' }, reason, since: fixedNow },
});
const left = (amount: number) => part(credits({ usedNanoUsd: usd(2 - amount), includedNanoUsd: usd(2) }));
const ofMine = (amount: number): Snapshot => ({ ...signedOut, credits: left(amount) });

describe('credits that come back', () => {
  it('are told once, when there were none before', () => {
    const watch = new CreditsReturn();
    const looks = [0, 0, 2, 2].map(amount => watch.look(replaced(personal), ofMine(amount), fixedNow));
    assert.deepEqual(looks, [false, false, true, false]);
  });

  it('are those of the organization that was chosen', () => {
    const watch = new CreditsReturn();
    const ofAcme = (amount: number): Snapshot => ({
      ...ofMine(0),
      organizationCredits: { acme: left(amount) },
    });
    const payer = replaced({ kind: 'organization', name: 'acme' });
    assert.equal(watch.look(payer, ofAcme(0), fixedNow), false);
    assert.equal(watch.look(payer, ofAcme(1), fixedNow), true);
  });

  it('are no news where credits were left all the time: it is requests that wait for their cost', () => {
    const watch = new CreditsReturn();
    assert.equal(watch.look(replaced(personal), ofMine(0.5), fixedNow), false);
    assert.equal(watch.look(replaced(personal), ofMine(0.6), fixedNow), false);
  });

  it('are told after an answer that failed in between, too', () => {
    const watch = new CreditsReturn();
    watch.look(replaced(personal), ofMine(0), fixedNow);
    assert.equal(watch.look(replaced(personal), signedOut, fixedNow), false);
    assert.equal(watch.look(replaced(personal), ofMine(2), fixedNow), true);
  });

  it('don’t matter where nobody stands in, or for another reason', () => {
    for (const payer of [{ chosen: personal }, replaced(personal, 'spending-limit')]) {
      const watch = new CreditsReturn();
      watch.look(payer, ofMine(0), fixedNow);
      assert.equal(watch.look(payer, ofMine(2), fixedNow), false);
    }
  });
});
