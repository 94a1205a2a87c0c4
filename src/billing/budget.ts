import { placeholderNanoUsd } from '../limits/account/credits.ts';
import { parseObject } from '../limits/parseObject.ts';
import type { PayerTotal } from '../limits/requests/requestTally.ts';
import type { Preferences } from './payerStore.ts';

/** What a budget counts: what a payer is billed for in a UTC calendar month. */
export interface BudgetScope {
  /** As `formatProfile` writes it. */
  readonly payer: string;
  /** Id of the folder's workspace, whose gateways alone count; undefined: all folders. */
  readonly workspace?: string;
}

/** What may be spent. Nano-USD. Without `payer`: by all payers together, from the gateway's start. */
export interface Budget extends Partial<BudgetScope> {
  /** From here on the gateway refuses what would be billed. */
  readonly pauseAtNanoUsd: number;
}

/** A budget as a person set it; what is missing is not set. */
export interface MonthlyBudget {
  /** Shown, and warned of. */
  readonly monthNanoUsd?: number;
  readonly pauseAtNanoUsd?: number;
}

/** A person's last decision about a budget: a change of it, or that billing goes on while it is used up. */
export interface BudgetDecision {
  /** Epoch ms. Refusals from before it are no news. */
  readonly at: number;
  /** Billing goes on until then, epoch ms. */
  readonly until?: number;
  /** The next billed request passes. */
  readonly once?: true;
}

/** The ledger's preferences, of which one is replaced by one process only. */
export interface DecisionStore extends Preferences {
  /** False when the value is another one by now. */
  swapPreference(key: string, expected: string, value: string): boolean;
}

/** The ledger's sums. */
export interface Sums {
  tallyTotals(since: number): readonly PayerTotal[];
  workspaceTotals(workspace: string, since: number): readonly PayerTotal[];
}

const budgetKey = (scope: BudgetScope) => `budget.${scopeText(scope)}`;
const decisionKey = (scope: BudgetScope) => `budgetDecision.${scopeText(scope)}`;

/** For keys of preferences and rows. */
export function scopeText({ payer, workspace }: BudgetScope): string {
  return workspace === undefined ? payer : `${payer}/${workspace}`;
}

export function readBudget(
  preferences: Pick<Preferences, 'getPreference'>,
  scope: BudgetScope,
): MonthlyBudget {
  const { monthNanoUsd, pauseAtNanoUsd } = parseObject(preferences.getPreference(budgetKey(scope)));
  return { monthNanoUsd: positive(monthNanoUsd), pauseAtNanoUsd: positive(pauseAtNanoUsd) };
}

/** @param now epoch ms; an earlier decision ends */
export function writeBudget(
  preferences: Preferences,
  scope: BudgetScope,
  budget: MonthlyBudget,
  now: number,
): void {
  preferences.setPreference(budgetKey(scope), isSet(budget) ? JSON.stringify(budget) : undefined);
  decide(preferences, scope, isSet(budget) ? { at: now } : undefined);
}

export function isSet({ monthNanoUsd, pauseAtNanoUsd }: MonthlyBudget): boolean {
  return monthNanoUsd !== undefined || pauseAtNanoUsd !== undefined;
}

/** What gateways of the workspace have to keep for these payers: a budget that pauses nothing is left out. */
export function pausingBudgets(
  preferences: Pick<Preferences, 'getPreference'>,
  payers: readonly string[],
  workspace: string | undefined,
): Budget[] {
  return scopesOf(payers, workspace).flatMap(scope => {
    const { pauseAtNanoUsd } = readBudget(preferences, scope);
    return pauseAtNanoUsd === undefined ? [] : [{ ...scope, pauseAtNanoUsd }];
  });
}

/** The budgets that count for requests of these payers in the workspace. */
export function scopesOf(payers: readonly string[], workspace: string | undefined): BudgetScope[] {
  return [...new Set(payers)].flatMap(payer =>
    workspace === undefined ? [{ payer }] : [{ payer }, { payer, workspace }],
  );
}

export function readDecision(
  preferences: Pick<Preferences, 'getPreference'>,
  scope: BudgetScope,
): BudgetDecision | undefined {
  const { at, until, once } = parseObject(preferences.getPreference(decisionKey(scope)));
  if (typeof at !== 'number') return undefined;
  return { at, ...(typeof until === 'number' && { until }), ...(once === true && { once }) };
}

export function decide(
  preferences: Preferences,
  scope: BudgetScope,
  decision: BudgetDecision | undefined,
): void {
  preferences.setPreference(decisionKey(scope), decision && JSON.stringify(decision));
}

/** Whether billing goes on although the budget is used up. */
export function continues(decision: BudgetDecision | undefined, now: number): boolean {
  return decision?.once === true || (decision?.until !== undefined && now < decision.until);
}

/** The same for one request. `once` is used up by it: of several requests and gateways only one gets true. */
export function takeContinuation(store: DecisionStore, scope: BudgetScope, now: number): boolean {
  const decision = readDecision(store, scope);
  if (!continues(decision, now) || !decision?.once) return continues(decision, now);
  const used: BudgetDecision = { at: now };
  return store.swapPreference(decisionKey(scope), JSON.stringify(decision), JSON.stringify(used));
}

/** Nano-USD that gateways counted. A request of unknown cost counts as Hugging Face's placeholder. */
export function countedNanoUsd(sums: Sums, { payer, workspace }: BudgetScope, since: number): number {
  const totals = workspace === undefined ? sums.tallyTotals(since) : sums.workspaceTotals(workspace, since);
  const { costNanoUsd, uncosted } = countedOf(totals, payer);
  return costNanoUsd + uncosted * placeholderNanoUsd;
}

/** What a payer's requests cost, and how many are of unknown cost. */
export function countedOf(totals: readonly PayerTotal[], payer: string): Omit<PayerTotal, 'billedTo'> {
  return totals
    .filter(({ billedTo }) => billedTo === payer)
    .reduce(
      (sum, { costNanoUsd, uncosted }) => ({
        costNanoUsd: sum.costNanoUsd + costNanoUsd,
        uncosted: sum.uncosted + uncosted,
      }),
      { costNanoUsd: 0, uncosted: 0 },
    );
}

function positive(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}
