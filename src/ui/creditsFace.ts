import type { Snapshot } from '../account/snapshot.ts';
import type { Account } from '../limits/account.ts';
import { type CreditBalance, type Credits, creditBalance, placeholderNanoUsd } from '../limits/credits.ts';
import { runsOutAt } from '../limits/forecast.ts';
import type { FaceInput, FaceOptions } from './faceInput.ts';
import { single } from './parts.ts';
import { isOfEarlierMonth, isStale } from './staleness.ts';

/** How long after a refusal for want of credits the faces call them refused. */
export const refusedForMs = 10 * 60_000;

/** The account's credits as all faces see them. */
export interface CreditsFace {
  readonly balance: CreditBalance;
  /** What `balance.remainingNanoUsd` is a part of; undefined when what is left can't be told. */
  readonly wholeNanoUsd?: number;
  /** Epoch ms of the answer. */
  readonly asOf: number;
  readonly stale: boolean;
  /** Epoch ms in the month of the answer, when that month is over: then only what was used is known. */
  readonly earlierMonth?: number;
  /** The included credits are used up, Hugging Face charges what goes on, and no budget of the user's is set. */
  readonly payAsYouGo: boolean;
  /** Less than a fifth is left. */
  readonly low: boolean;
  /** Epoch ms; undefined: not before the credits reset at the present pace, or unknown. */
  readonly runsOutAt?: number;
}

/** Undefined while nothing is known. */
export function creditsFace(input: FaceInput): CreditsFace | undefined {
  const { snapshot, options, now, serverNow } = input;
  const { value, asOf } = snapshot.credits;
  if (!value || asOf === undefined) return undefined;
  const { budgetNanoUsd } = options;
  const toldAt = asOf + serverNow - now;
  const named = single('credits', snapshot.credits);
  if (isOfEarlierMonth(named, input)) {
    const { usedNanoUsd } = value;
    const balance = creditBalance({ usedNanoUsd, byProvider: [], otherSpend: {} }, toldAt);
    return { balance, asOf, stale: true, earlierMonth: toldAt, payAsYouGo: false, low: false };
  }
  const balance = creditBalance(value, serverNow, budgetNanoUsd === undefined ? {} : { budgetNanoUsd });
  const wholeNanoUsd = balance.state && (budgetNanoUsd ?? value.includedNanoUsd);
  // from the time of the answer, or the day would move on with the clock
  const emptyAt = runsOutAt(balance.remainingNanoUsd, options.nanoUsdPerHour, toldAt);
  return {
    balance,
    asOf,
    stale: isStale(named, input),
    ...(wholeNanoUsd === undefined ? {} : { wholeNanoUsd }),
    payAsYouGo: budgetNanoUsd === undefined && paysAsItGoes(value, snapshot.account.value),
    low: balance.state === 'low' || balance.state === 'used-up',
    ...(emptyAt === undefined ? {} : { runsOutAt: emptyAt }),
  };
}

/** More used than was included proves that it goes on; so does a payment method when all of it is used. */
function paysAsItGoes({ usedNanoUsd, includedNanoUsd }: Credits, account: Account | undefined): boolean {
  if (includedNanoUsd === undefined) return false;
  return (
    usedNanoUsd > includedNanoUsd ||
    (usedNanoUsd === includedNanoUsd && usedNanoUsd > 0 && account?.canPay === true)
  );
}

/** A refusal for want of credits in the last minutes, while the last figures leave no room for a request. */
export function creditsRefused(input: FaceInput): boolean {
  const { snapshot, now } = input;
  if (!hasNothingLeft(input)) return false;
  const me = snapshot.account.value?.name;
  return snapshot.refusals.some(
    ({ at, cause, by, billedTo }) =>
      (cause === 'credits' || cause === 'spending-limit') &&
      by === 'huggingface' &&
      (billedTo === undefined || billedTo === me) &&
      at <= now &&
      now - at < refusedForMs,
  );
}

/** Hugging Face refuses when the placeholder for one more request does not fit. */
function hasNothingLeft(input: FaceInput): boolean {
  const { credits } = input.snapshot;
  if (!credits.value || isOfEarlierMonth(single('credits', credits), input)) return false;
  const { remainingNanoUsd, limitNanoUsd, usedNanoUsd } = creditBalance(credits.value, input.serverNow);
  if (limitNanoUsd !== undefined && limitNanoUsd - usedNanoUsd < placeholderNanoUsd) return true;
  return remainingNanoUsd !== undefined && remainingNanoUsd < placeholderNanoUsd;
}

/** What the status bar's amount is. `left` only when it can be known. */
export function shownAmount(
  { wholeNanoUsd, balance }: CreditsFace,
  show: FaceOptions['show'],
  account: Snapshot['account']['value'],
): 'left' | 'used' {
  if (wholeNanoUsd === undefined || show === 'used') return 'used';
  if (show !== 'auto' || balance.measuredAgainst === 'budget') return 'left';
  // paid by invoice as they go: the included part says little about what can still be spent
  return account?.plan === 'enterprise' || account?.plan === 'enterprise-plus' ? 'used' : 'left';
}
