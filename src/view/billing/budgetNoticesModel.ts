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

/**
 * Notices about budgets that have refused a request, once for each pause, in one of all windows.
 * @param counted counts anew: a refusal may be seen before the request that used up the budget
 */
export function newBudgetNotices(
  input: ViewInput,
  reported: Preferences,
  counted: () => ViewInput,
): BudgetNotice[] {
  const news = budgetModels(input)
    .filter(budget => isNews(budget, input, reported))
    .map(scopeText);
  if (news.length === 0) return [];
  const latest = counted();
  return budgetModels(latest).flatMap(budget => {
    const scope = scopeText(budget);
    if (!news.includes(scope)) return [];
    const message = [pausedSentence(budget, latest), unknownPricesText(budget, latest.locale)];
    return [{ message: message.filter(Boolean).join(' '), scope }];
  });
}

/** Remembers it for all windows. */
function isNews(budget: BudgetModel, input: ViewInput, reported: Preferences): boolean {
  const refusedAt = budget.state === 'paused' ? budgetRefusedAt(budget, input) : undefined;
  if (refusedAt === undefined || input.now - refusedAt > freshMs) return false;
  const key = `notice/budget/${scopeText(budget)}`;
  const pause = pauseOf(budget, refusedAt);
  if (reported.getPreference(key) === pause) return false;
  reported.setPreference(key, pause);
  return true;
}

/** Differs in another month, and after each decision of a person about the budget. */
function pauseOf({ pauseAtNanoUsd, decision }: BudgetModel, refusedAt: number): string {
  return [monthStart(refusedAt), pauseAtNanoUsd, decision?.at ?? 0].join(' ');
}
