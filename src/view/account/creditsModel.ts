import { type BillingProfile, personalProfile } from '../../billing/profile.ts';
import { type CreditBalance, type Credits, creditBalance } from '../../limits/account/credits.ts';
import { type BalanceSample, type Forecast, forecastMonth } from '../../limits/account/forecast.ts';
import type { Plan } from '../../limits/account/plans.ts';
import { organizationOf } from '../billing/payerText.ts';
import type { ViewInput } from '../viewInput.ts';
import { freedNanoUsd, heldMoney } from './heldMoney.ts';
import { type NamedPart, organizationCredits, single } from './parts.ts';
import { isOfEarlierMonth, isStale } from './staleness.ts';

/** The credits of an account or organization, as all views show them. */
export interface CreditsModel {
  readonly balance: CreditBalance;
  /** `balance.remainingNanoUsd` is a part of it; undefined: what is left is not known. */
  readonly wholeNanoUsd?: number;
  /** A part of what is left that open requests hold, since a request was refused for it; not in what is used. */
  readonly heldNanoUsd?: number;
  /** Epoch ms of the answer. */
  readonly asOf: number;
  readonly stale: boolean;
  /** Epoch ms in the answer's month, when that month is over: then only what was used is known. */
  readonly earlierMonth?: number;
  /** The included credits are used up, Hugging Face charges for more, and the user set no budget. */
  readonly payAsYouGo: boolean;
  /** Less than a fifth is left. */
  readonly low: boolean;
  /** Of the rest of the month; undefined: too little is known, or its samples are of another account. */
  readonly forecast?: Forecast;
}

/** The signed-in account's credits, measured against the user's budget if there is one. Undefined: not known. */
export function creditsModel(input: ViewInput): CreditsModel | undefined {
  return accountCredits(input, input.settings.budgetNanoUsd);
}

/** The signed-in account's credits, whatever the user's budget. Undefined: not known. */
export function includedCreditsModel(input: ViewInput): CreditsModel | undefined {
  return accountCredits(input, undefined);
}

/** Undefined: not known, since not every token may read an organization's credits. */
export function organizationCreditsModel(name: string, input: ViewInput): CreditsModel | undefined {
  const { snapshot } = input;
  const credits = organizationCredits(snapshot, name);
  const { canPay } = organizationOf(name, snapshot.account.value) ?? {};
  return credits && modelOf(credits, { profile: { kind: 'organization', name }, canPay }, input);
}

function accountCredits(input: ViewInput, budgetNanoUsd: number | undefined): CreditsModel | undefined {
  const { credits, account, spend } = input.snapshot;
  const owner = { profile: personalProfile, canPay: account.value?.canPay, budgetNanoUsd, spend };
  return modelOf(single('credits', credits), owner, input);
}

interface CreditsOwner {
  readonly profile: BillingProfile;
  readonly canPay?: boolean;
  readonly budgetNanoUsd?: number;
  readonly spend?: readonly BalanceSample[];
}

function modelOf(
  credits: NamedPart<Credits>,
  { profile, canPay, budgetNanoUsd, spend }: CreditsOwner,
  input: ViewInput,
): CreditsModel | undefined {
  const { now, serverNow } = input;
  const { value, asOf } = credits;
  if (!value || asOf === undefined) return undefined;
  const readAt = asOf + serverNow - now;
  if (isOfEarlierMonth(credits, input)) {
    const { usedNanoUsd } = value;
    const balance = creditBalance({ usedNanoUsd, byProvider: [], otherSpend: {} }, readAt);
    return { balance, asOf, stale: true, earlierMonth: readAt, payAsYouGo: false, low: false };
  }
  const held = heldMoney(profile, input);
  const left = held ? held.leftNanoUsd : freedNanoUsd(profile, input);
  const { includedNanoUsd = 0 } = value;
  // all views call left what is not spent, also while it is held
  const usedNanoUsd = left === undefined ? value.usedNanoUsd : includedNanoUsd - left;
  const balance = creditBalance({ ...value, usedNanoUsd }, serverNow, budgetNanoUsd);
  return {
    balance,
    heldNanoUsd: held?.nanoUsd,
    asOf,
    stale: isStale(credits, input),
    wholeNanoUsd: balance.state && (budgetNanoUsd ?? value.includedNanoUsd),
    payAsYouGo: budgetNanoUsd === undefined && paysAsItGoes(value, canPay),
    low: balance.state === 'low' || balance.state === 'used-up',
    // from the answer's time, or the day would move on with the clock
    forecast: spend && forecastOf(spend, budgetNanoUsd ?? value.includedNanoUsd, readAt),
  };
}

/** More used than included proves it; so does a payment method once all of it is used. */
function paysAsItGoes({ usedNanoUsd, includedNanoUsd }: Credits, canPay: boolean | undefined): boolean {
  if (includedNanoUsd === undefined) return false;
  return (
    usedNanoUsd > includedNanoUsd || (usedNanoUsd === includedNanoUsd && usedNanoUsd > 0 && canPay === true)
  );
}

/** The status bar's amount: `left` only when it is known. */
export function shownAmount(
  { wholeNanoUsd, balance }: CreditsModel,
  show: ViewInput['settings']['show'],
  plan: Plan | undefined,
): 'left' | 'used' {
  if (wholeNanoUsd === undefined || show === 'used') return 'used';
  if (show !== 'auto' || balance.measuredAgainst === 'budget') return 'left';
  // Enterprise pays by invoice: its included part says little about what it can still spend
  return plan === 'enterprise' || plan === 'enterprise-plus' ? 'used' : 'left';
}

const forecasts = new WeakMap<readonly BalanceSample[], Map<string, Forecast | undefined>>();

/** Kept with the samples: it takes a millisecond, and views ask each second. */
function forecastOf(
  samples: readonly BalanceSample[],
  wholeNanoUsd: number | undefined,
  at: number,
): Forecast | undefined {
  const known = forecasts.get(samples) ?? new Map<string, Forecast | undefined>();
  forecasts.set(samples, known);
  const key = `${wholeNanoUsd} ${at}`;
  if (!known.has(key)) known.set(key, forecastMonth(samples, wholeNanoUsd, at));
  return known.get(key);
}
