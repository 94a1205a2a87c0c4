import { placeholderNanoUsd } from '../limits/account/credits.ts';
import type { TallyTotal } from '../limits/requests/requestTally.ts';
import type { Preferences } from './payerStore.ts';

/** What a payer may spend. Nano-USD. */
export interface Budget {
  /** As `formatProfile` writes it, for a UTC calendar month. Undefined: all payers together, from the gateway's start. */
  readonly payer?: string;
  /** From here on the gateway refuses what would be billed. */
  readonly pauseAtNanoUsd: number;
}

/** A budget as a person set it; what is missing is not set. */
export interface MonthlyBudget {
  /** Shown, and warned of. */
  readonly monthNanoUsd?: number;
  readonly pauseAtNanoUsd?: number;
}

const keyOf = (payer: string) => `budget.${payer}`;

/** @param payer as `formatProfile` writes it */
export function readBudget(preferences: Pick<Preferences, 'getPreference'>, payer: string): MonthlyBudget {
  const text = preferences.getPreference(keyOf(payer));
  if (text === undefined) return {};
  try {
    const { monthNanoUsd, pauseAtNanoUsd } = JSON.parse(text) as Record<string, unknown>;
    return { monthNanoUsd: amount(monthNanoUsd), pauseAtNanoUsd: amount(pauseAtNanoUsd) };
  } catch {
    return {};
  }
}

export function writeBudget(preferences: Preferences, payer: string, budget: MonthlyBudget): void {
  const isSet = Object.values(budget).some(value => value !== undefined);
  preferences.setPreference(keyOf(payer), isSet ? JSON.stringify(budget) : undefined);
}

/** Nano-USD that gateways counted for a payer. A request of unknown cost counts as Hugging Face's placeholder. */
export function countedNanoUsd(totals: readonly TallyTotal[], payer: string): number {
  return totals
    .filter(({ billedTo }) => billedTo === payer)
    .reduce((sum, { costNanoUsd, uncosted }) => sum + costNanoUsd + uncosted * placeholderNanoUsd, 0);
}

function amount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}
