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

function amount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}
