import {
  type BudgetDecision,
  type BudgetScope,
  countedOf,
  type MonthlyBudget,
} from '../../billing/budget.ts';
import { placeholderNanoUsd } from '../../limits/account/credits.ts';
import type { PayerTotal } from '../../limits/requests/requestTally.ts';

/** A budget that is set for a payer that may pay, as the ledger has it. */
export interface StoredBudget extends BudgetScope, MonthlyBudget {
  readonly decision?: BudgetDecision;
}

/** What gateways counted this UTC month. */
export interface BudgetSpend {
  /** Requests of unknown cost count as Hugging Face's placeholder. */
  readonly countedNanoUsd: number;
  readonly uncosted: number;
}

export interface BudgetState extends BudgetScope, BudgetSpend {
  /** Shown, and warned of. Nano-USD. */
  readonly warnAtNanoUsd?: number;
  readonly pauseAtNanoUsd?: number;
  readonly decision?: BudgetDecision;
}

export function budgetStates(
  stored: readonly StoredBudget[],
  totals: readonly PayerTotal[],
  folderTotals: readonly PayerTotal[],
): BudgetState[] {
  return stored.map(({ payer, workspace, monthNanoUsd, pauseAtNanoUsd, decision }) => {
    const scope = { payer, ...(workspace !== undefined && { workspace }) };
    const spend = budgetSpend(scope, totals, folderTotals);
    return { ...scope, ...spend, warnAtNanoUsd: monthNanoUsd, pauseAtNanoUsd, decision };
  });
}

/** @param folderTotals of the scope's workspace */
export function budgetSpend(
  { payer, workspace }: BudgetScope,
  totals: readonly PayerTotal[],
  folderTotals: readonly PayerTotal[],
): BudgetSpend {
  const { costNanoUsd, uncosted } = countedOf(workspace === undefined ? totals : folderTotals, payer);
  return { countedNanoUsd: costNanoUsd + uncosted * placeholderNanoUsd, uncosted };
}
