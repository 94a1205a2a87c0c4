import { scopeText } from '../../billing/budget.ts';
import type { Preferences } from '../../billing/payerStore.ts';
import { monthStart } from '../../limits/account/credits.ts';
import { type BudgetModel, budgetModels, budgetRefusedAt } from '../account/budgets.ts';
import { pausedSentence, unknownPricesText } from '../account/budgetText.ts';
import type { ViewInput } from '../viewInput.ts';

/** An older refusal is no news: its program has printed it. */
const freshMs = 2 * 60_000;

export interface BudgetNotice {
  readonly message: string;
  /** For the commands of its buttons. */
  readonly scope: string;
}

/** Notices about budgets that have refused a request, once for each pause, in one of all windows. */
export function newBudgetNotices(input: ViewInput, reported: Preferences): BudgetNotice[] {
  return budgetModels(input).flatMap(budget => {
    const refusedAt = budget.state === 'paused' ? budgetRefusedAt(budget, input) : undefined;
    if (refusedAt === undefined || input.now - refusedAt > freshMs) return [];
    const scope = scopeText(budget);
    const key = `notice/budget/${scope}`;
    const pause = pauseOf(budget, refusedAt);
    if (reported.getPreference(key) === pause) return [];
    reported.setPreference(key, pause);
    const message = [pausedSentence(budget, input), unknownPricesText(budget, input.locale)];
    return [{ message: message.filter(Boolean).join(' '), scope }];
  });
}

/** Differs in another month, and after each decision of a person about the budget. */
function pauseOf({ pauseAtNanoUsd, decision }: BudgetModel, refusedAt: number): string {
  return [monthStart(refusedAt), pauseAtNanoUsd, decision?.at ?? 0].join(' ');
}
