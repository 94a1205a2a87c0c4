import type { Part } from '../../account/snapshot.ts';
import { type CreditBalance, type Credits, creditBalance } from '../../limits/account/credits.ts';
import { runsOutAt } from '../../limits/account/forecast.ts';
import type { Plan } from '../../limits/account/plans.ts';
import { organizationOf } from '../billing/payerText.ts';
import type { FaceInput, FaceOptions } from '../viewInput.ts';
import { byName, type NamedPart, single } from './parts.ts';
import { isOfEarlierMonth, isStale } from './staleness.ts';

/** Somebody's credits as all faces see them. */
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

/** Whose credits, and what is known of them besides. */
interface Purse {
  readonly part: Part<Credits>;
  /** The same part with its name, for its age. */
  readonly named: NamedPart;
  readonly canPay?: boolean;
  /** The user's own for this purse. */
  readonly budgetNanoUsd?: number;
  readonly nanoUsdPerHour?: number;
}

/** The signed-in account's credits. Undefined while nothing is known. */
export function creditsFace(input: FaceInput): CreditsFace | undefined {
  const { credits: part, account } = input.snapshot;
  const { budgetNanoUsd, nanoUsdPerHour } = input.options;
  const canPay = account.value?.canPay;
  return faceOf({ part, named: single('credits', part), canPay, budgetNanoUsd, nanoUsdPerHour }, input);
}

/** An organization's credits. Undefined while nothing is known: not every token may read them. */
export function organizationCreditsFace(name: string, input: FaceInput): CreditsFace | undefined {
  const { organizationCredits, account } = input.snapshot;
  const named = byName('organizationCredits', organizationCredits).find(({ of }) => of === name);
  const part = named && organizationCredits[name];
  if (!part) return undefined;
  return faceOf({ part, named, canPay: organizationOf(name, account.value)?.canPay }, input);
}

function faceOf(purse: Purse, input: FaceInput): CreditsFace | undefined {
  const { now, serverNow } = input;
  const { named, budgetNanoUsd } = purse;
  const { value, asOf } = purse.part;
  if (!value || asOf === undefined) return undefined;
  const toldAt = asOf + serverNow - now;
  if (isOfEarlierMonth(named, input)) {
    const { usedNanoUsd } = value;
    const balance = creditBalance({ usedNanoUsd, byProvider: [], otherSpend: {} }, toldAt);
    return { balance, asOf, stale: true, earlierMonth: toldAt, payAsYouGo: false, low: false };
  }
  const balance = creditBalance(value, serverNow, budgetNanoUsd === undefined ? {} : { budgetNanoUsd });
  const wholeNanoUsd = balance.state && (budgetNanoUsd ?? value.includedNanoUsd);
  // from the time of the answer, or the day would move on with the clock
  const emptyAt = runsOutAt(balance.remainingNanoUsd, purse.nanoUsdPerHour, toldAt);
  return {
    balance,
    asOf,
    stale: isStale(named, input),
    ...(wholeNanoUsd === undefined ? {} : { wholeNanoUsd }),
    payAsYouGo: budgetNanoUsd === undefined && paysAsItGoes(value, purse.canPay),
    low: balance.state === 'low' || balance.state === 'used-up',
    ...(emptyAt === undefined ? {} : { runsOutAt: emptyAt }),
  };
}

/** More used than was included proves that it goes on; so does a payment method when all of it is used. */
function paysAsItGoes({ usedNanoUsd, includedNanoUsd }: Credits, canPay: boolean | undefined): boolean {
  if (includedNanoUsd === undefined) return false;
  return (
    usedNanoUsd > includedNanoUsd || (usedNanoUsd === includedNanoUsd && usedNanoUsd > 0 && canPay === true)
  );
}

/** What the status bar's amount is. `left` only when it can be known. */
export function shownAmount(
  { wholeNanoUsd, balance }: CreditsFace,
  show: FaceOptions['show'],
  plan: Plan | undefined,
): 'left' | 'used' {
  if (wholeNanoUsd === undefined || show === 'used') return 'used';
  if (show !== 'auto' || balance.measuredAgainst === 'budget') return 'left';
  // paid by invoice as they go: the included part says little about what can still be spent
  return plan === 'enterprise' || plan === 'enterprise-plus' ? 'used' : 'left';
}
