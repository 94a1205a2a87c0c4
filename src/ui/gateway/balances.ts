import type { Part, Snapshot } from '../../account/snapshot.ts';
import { type BillingProfile, formatProfile, type Payer, personalProfile } from '../../billing/profile.ts';
import type { Credits } from '../../limits/account/credits.ts';
import { payerBalance } from '../../limits/account/payerBalance.ts';
import { creditsAreBack, hasCredits } from '../../view/account/creditsBack.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { GatewayProcess } from './gatewayProcess.ts';

/** Sends the gateway each new balance, and word when the chosen payer has credits again. */
export function sendBalances(
  core: Pick<CoreHandle, 'onDidChange' | 'viewInput'>,
  gateway: Pick<GatewayProcess, 'balance' | 'creditsReturned' | 'forgetBalances'>,
): { dispose(): void } {
  const creditsReturn = new CreditsReturn();
  let account: string | undefined;
  const send = ({ payer, snapshot }: ViewInput) => {
    const { id } = snapshot.account.value ?? {};
    if (id !== account) gateway.forgetBalances();
    account = id;
    if (creditsReturn.look(payer, snapshot, Date.now())) gateway.creditsReturned();
    // with money left, a 402 for credits clears by itself
    const sendOne = (profile: BillingProfile, { value, asOf }: Part<Credits>, held?: number) => {
      if (value && asOf !== undefined)
        gateway.balance(formatProfile(profile), payerBalance(value, asOf, held));
    };
    sendOne(personalProfile, snapshot.credits, snapshot.heldNanoUsd);
    for (const [name, credits] of Object.entries(snapshot.organizationCredits)) {
      sendOne({ kind: 'organization', name }, credits);
    }
  };
  const input = core.viewInput();
  if (input) send(input);
  return core.onDidChange(send);
}

/** Detects that the replaced payer has credits again: new month, another plan. */
export class CreditsReturn {
  #before: boolean | undefined;
  /** The failover whose end was reported. */
  #ended: number | undefined;

  /** True once: at the first look with credits after one without, or with figures newer than the failover. */
  look(payer: Payer, snapshot: Snapshot, now: number): boolean {
    const after = payer.standIn?.reason === 'credits' ? hasCredits(payer, snapshot, now) : undefined;
    const { standIn } = payer;
    const isBack = creditsAreBack(payer, snapshot, now) && this.#ended !== standIn?.since;
    const returned = (this.#before === false && after === true) || isBack;
    if (returned) this.#ended = standIn?.since;
    // a failed poll in between changes nothing
    if (after !== undefined || !payer.standIn) this.#before = after;
    return returned;
  }
}
