import type { Snapshot } from '../../account/snapshot.ts';
import type { Payer } from '../../billing/profile.ts';
import { creditBalance, placeholderNanoUsd } from '../../limits/account/credits.ts';

/** Whether the chosen payer has credits for a request; undefined: not known, or not counted in credits. */
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

/** Tells when credits came back for whom another one stands in: a new month, or another plan. */
export class CreditsReturn {
  #before: boolean | undefined;

  /** True once, when there were none before and are now. */
  look(payer: Payer, snapshot: Snapshot, now: number): boolean {
    const after = payer.standIn?.reason === 'credits' ? hasCredits(payer, snapshot, now) : undefined;
    const returned = this.#before === false && after === true;
    // an answer that fails in between changes nothing
    if (after !== undefined || !payer.standIn) this.#before = after;
    return returned;
  }
}
