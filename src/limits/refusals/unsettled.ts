import { placeholderNanoUsd } from '../account/credits.ts';
import type { PayerBalance } from '../account/payerBalance.ts';
import type { AcceptedRequests } from '../requests/requestTally.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalCause } from './refusalRule.ts';

/** A finished request whose placeholder Hugging Face may still hold. */
export interface OpenRequest {
  /** Epoch ms of the response. */
  readonly at: number;
  /** Estimate; undefined: not known. */
  readonly costNanoUsd?: number;
}

/** HF asks providers for the cost every minute; after 5 minutes most have reported it. */
export const settlingMs = 5 * 60_000;

/** The requests that may be unsettled. */
export function stillOpen<T extends OpenRequest>(requests: readonly T[], now: number): T[] {
  return requests.filter(({ at }) => at <= now && now - at < settlingMs);
}

/** What is known of a payer's money. */
export interface PayerEvidence {
  /** The payer's requests of any age. */
  readonly requests: readonly OpenRequest[];
  /** At most so many are answered at the moment, the refused one included. */
  readonly inFlight?: number;
  /** Those of other gateways, looked for only if the rest explains nothing. */
  readonly others?: () => readonly OpenRequest[];
  readonly balance?: PayerBalance;
}

/**
 * The refusal, with the cause `unsettled` if it passes by itself: HF reported enough money lately, or the payer's
 * placeholders hold enough beyond their cost for one more request. An unknown cost counts as 0 unless the balance
 * shows that it was high: waiting in vain ends with the settling time, giving up too early spends another payer's money.
 */
export function withUnsettled(refusal: Refusal, evidence: PayerEvidence, now: number): Refusal {
  if (!isOfOwnCredits(refusal)) return refusal;
  const { requests, balance, others } = evidence;
  const isHeld = (open: readonly OpenRequest[]) => givenBack(open, now, balance) >= placeholderNanoUsd;
  const isUnsettled = balanceExplains(evidence, now) ?? (isHeld(requests) || isHeld(others?.() ?? []));
  return isUnsettled ? { ...refusal, cause: 'unsettled' } : refusal;
}

/** Nano-USD that settling gives back: the last accepted request left 0 or more. */
function givenBack(requests: readonly OpenRequest[], now: number, balance: PayerBalance | undefined): number {
  const unknown = balance?.isCostly ? placeholderNanoUsd : 0;
  return stillOpen(requests, now).reduce(
    (sum, { costNanoUsd = unknown }) => sum + Math.max(0, placeholderNanoUsd - costNanoUsd),
    0,
  );
}

/**
 * Whether holds explain a refusal in spite of the reported money. False if all placeholders since would have left room
 * for one more, and a cost is unknown: then that was high. Undefined: the balance has too little, or is too old.
 */
function balanceExplains(
  { requests, inFlight = 1, balance }: PayerEvidence,
  now: number,
): boolean | undefined {
  const { leftNanoUsd = 0, heldNanoUsd = 0, asOf = 0 } = balance ?? {};
  if (now - asOf >= settlingMs || asOf > now) return undefined;
  const since = requests.filter(({ at }) => at > asOf);
  const spent = since.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
  if (leftNanoUsd + heldNanoUsd - spent < placeholderNanoUsd) return undefined;
  const isCostUnknown = since.some(({ costNanoUsd }) => costNanoUsd === undefined);
  return !isCostUnknown || (since.length + inFlight) * placeholderNanoUsd > leftNanoUsd;
}

/** The same for a refusal that a program printed, by what is known of its payer. */
export function withHolds(
  refusal: Refusal,
  accepted: AcceptedRequests | undefined,
  now: number,
  balance?: PayerBalance,
): Refusal {
  const explained = withUnsettled(refusal, { requests: [], balance }, now);
  if (explained !== refusal || !isOfOwnCredits(refusal)) return explained;
  return (accepted?.heldNanoUsd ?? 0) < placeholderNanoUsd ? refusal : { ...refusal, cause: 'unsettled' };
}

/**
 * The cause of a refusal for credits by the usage that was read soon after it.
 * @param placeholdersNanoUsd of the payer's unsettled requests, as far as this machine knows them
 */
export function causeByReading(
  refusal: Refusal,
  { leftNanoUsd, heldNanoUsd, isCostly }: PayerBalance,
  placeholdersNanoUsd = 0,
): RefusalCause {
  const credits: Refusal = { ...refusal, cause: 'credits' };
  const isOfCredits = refusal.cause === 'unsettled' || isOfOwnCredits(refusal);
  if (!isOfCredits || !isOfOwnCredits(credits) || leftNanoUsd === undefined) return refusal.cause;
  const held = Math.max(heldNanoUsd ?? 0, isCostly ? 0 : placeholdersNanoUsd);
  return leftNanoUsd + held >= placeholderNanoUsd ? 'unsettled' : 'credits';
}

/** Not of an account at a provider: HF's placeholders do not touch it. */
function isOfOwnCredits({ status, cause, by, scope }: Refusal): boolean {
  return status === 402 && cause === 'credits' && by === 'huggingface' && scope !== 'provider balance';
}
