import type { Snapshot } from '../../account/snapshot.ts';
import { formatProfile, type Payer } from '../../billing/profile.ts';
import { creditBalance, placeholderNanoUsd } from '../../limits/account/credits.ts';
import { knownBalances } from '../../view/account/knownBalances.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { GatewayProcess } from './gatewayProcess.ts';

/** Sends the gateway each new balance, and word when the chosen payer has credits again. */
export function sendBalances(
  core: Pick<CoreHandle, 'onDidChange' | 'shown'>,
  gateway: Pick<GatewayProcess, 'balance' | 'creditsReturned'>,
): { dispose(): void } {
  const creditsReturn = new CreditsReturn();
  const send = ({ payer, snapshot }: ViewInput) => {
    if (creditsReturn.look(payer, snapshot, Date.now())) gateway.creditsReturned();
    for (const { profile, balance } of knownBalances(snapshot)) {
      gateway.balance(formatProfile(profile), balance);
    }
  };
  if (core.shown) send(core.shown);
  return core.onDidChange(send);
}

/** Detects that the payer whom a stand-in replaces has credits again: new month, another plan. */
export class CreditsReturn {
  #before: boolean | undefined;

  /** True once, at the first look with credits after one without. */
  look(payer: Payer, snapshot: Snapshot, now: number): boolean {
    const after = payer.standIn?.reason === 'credits' ? hasCredits(payer, snapshot, now) : undefined;
    const returned = this.#before === false && after === true;
    // a failed poll in between changes nothing
    if (after !== undefined || !payer.standIn) this.#before = after;
    return returned;
  }
}

/** Whether the chosen payer has credits for a request; undefined: unknown, or not counted in credits. */
function hasCredits({ chosen }: Payer, snapshot: Snapshot, now: number): boolean | undefined {
  const { credits, organizationCredits } = snapshot;
  const { value, asOf } =
    chosen.kind === 'personal'
      ? credits
      : (chosen.kind === 'organization' && organizationCredits[chosen.name]) || {};
  if (!value || asOf === undefined) return undefined;
  const { remainingNanoUsd } = creditBalance(value, now);
  return remainingNanoUsd === undefined ? undefined : remainingNanoUsd >= placeholderNanoUsd;
}
