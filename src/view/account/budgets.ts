import { type BudgetScope, continues } from '../../billing/budget.ts';
import { parseProfile } from '../../billing/profile.ts';
import { monthStart } from '../../limits/account/credits.ts';
import { budgetScopes } from '../../limits/refusals/ownBudget.ts';
import { lastOf } from '../../limits/refusals/refusal.ts';
import type { ViewInput } from '../viewInput.ts';
import type { BudgetSpend, BudgetState } from './budgetState.ts';
import { figuresOf } from './moneyRefused.ts';

/** A budget at this moment. */
export interface BudgetModel extends BudgetState {
  /** Counted here, or Hugging Face's own figure where it is higher. */
  readonly spentNanoUsd: number;
  /** `paused`: what would be billed is refused. `continues`: it is used up, and a person lets billing go on. */
  readonly state: 'open' | 'paused' | 'continues';
}

/** A refusal says that a budget is used up before the figures do. */
const refusedForMs = 60_000;

/** The budgets of all payers that may pay, in their order; each payer's own before the folder's. */
export function budgetModels(input: ViewInput): BudgetModel[] {
  return (input.budgets ?? []).map(budget => {
    const spent = spentNanoUsd(budget, budget, input);
    return { ...budget, spentNanoUsd: spent, state: stateOf(budget, spent, input) };
  });
}

/** What gateways counted here, or Hugging Face's own figure where it is higher. */
export function spentNanoUsd(
  scope: BudgetScope,
  { countedNanoUsd }: Pick<BudgetSpend, 'countedNanoUsd'>,
  input: ViewInput,
): number {
  return Math.max(countedNanoUsd, reportedNanoUsd(scope, input));
}

/** Hugging Face's figure of this month, in which other programs are; 0: not known. It knows no folders. */
function reportedNanoUsd({ payer, workspace }: BudgetScope, input: ViewInput): number {
  const profile = parseProfile(payer);
  const { value, asOf } = (workspace === undefined && profile && figuresOf(profile, input)) || {};
  const { now, serverNow } = input;
  const isCurrent = asOf !== undefined && monthStart(asOf + serverNow - now) === monthStart(serverNow);
  return value && isCurrent ? value.usedNanoUsd : 0;
}

function stateOf(budget: BudgetState, spentNanoUsd: number, input: ViewInput): BudgetModel['state'] {
  const { pauseAtNanoUsd, decision } = budget;
  const isUsedUp = pauseAtNanoUsd !== undefined && spentNanoUsd >= pauseAtNanoUsd;
  if (!isUsedUp && !isRefused(budget, input)) return 'open';
  return continues(decision, input.now) ? 'continues' : 'paused';
}

function isRefused(budget: BudgetState, input: ViewInput): boolean {
  const at = budgetRefusedAt(budget, input);
  return at !== undefined && input.now - at < refusedForMs;
}

/** When the gateway last refused a request because of the budget, epoch ms, since the last decision about it. */
export function budgetRefusedAt(
  { payer, workspace, pauseAtNanoUsd, decision }: BudgetState,
  { snapshot, now }: ViewInput,
): number | undefined {
  if (pauseAtNanoUsd === undefined) return undefined;
  return snapshot.refusals
    .filter(({ by, billedTo }) => by === 'headroom' && billedTo === payer)
    .filter(({ scope }) => scope === budgetScopes[workspace === undefined ? 'payer' : 'folder'])
    .map(lastOf)
    .filter(at => at <= now && at > (decision?.at ?? 0))
    .sort((one, other) => other - one)[0];
}
