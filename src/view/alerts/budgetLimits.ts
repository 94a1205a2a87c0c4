import * as l10n from '@vscode/l10n';
import { scopeText } from '../../billing/budget.ts';
import { nextMonthStart } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { type BudgetModel, budgetModels } from '../account/budgets.ts';
import { budgetName } from '../account/budgetText.ts';
import { creditsModel } from '../account/creditsModel.ts';
import { runOutText } from '../account/forecastText.ts';
import { commands } from '../contributions.ts';
import { utcDayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { type LimitState, levelOf } from './limitState.ts';

export const budgetPrefix = 'budget:';

/** The user's budgets of payers that may pay. A pause has a notice of its own, with the ways to go on. */
export function budgetLimits(input: ViewInput): LimitState[] {
  return budgetModels(input).map(budget => {
    const { warnAtNanoUsd, pauseAtNanoUsd, spentNanoUsd, state } = budget;
    const size = warnAtNanoUsd ?? pauseAtNanoUsd ?? 0;
    const runsOutAt = isMeasured(budget, input) ? creditsModel(input)?.forecast?.runsOutAt : undefined;
    const level = levelOf(spentNanoUsd / size, runsOutAt?.high !== undefined);
    const isPaused = state !== 'open';
    const shown = isPaused ? 'gone' : level;
    const name = budgetName(budget, input);
    const resetsAt = nextMonthStart(input.serverNow);
    return {
      id: `${budgetPrefix}${scopeText(budget)}`,
      ...(shown && { level: shown }),
      size,
      resetsAt,
      readAt: input.serverNow,
      // gateways count as they go
      isLive: true,
      isRefused: isPaused,
      sentence: shown === undefined ? '' : sentenceOf(name, budget, resetsAt, runsOutAt?.likely, input),
      ...(shown && shown !== 'forecast' && { label: labelOf(name, shown === 'gone', isPaused) }),
      actions: [{ label: l10n.t('Set budget…'), command: commands.setBudget, argument: scopeText(budget) }],
    };
  });
}

/** Only Hugging Face knows what all programs spend, and its forecast is of that. */
function isMeasured({ payer, workspace, warnAtNanoUsd }: BudgetModel, { settings }: ViewInput): boolean {
  const isOwn = payer === 'personal' && workspace === undefined;
  return isOwn && warnAtNanoUsd !== undefined && settings.budgetNanoUsd === warnAtNanoUsd;
}

function sentenceOf(
  name: string,
  { warnAtNanoUsd, pauseAtNanoUsd, spentNanoUsd }: BudgetModel,
  resetsAt: number,
  goneAt: number | undefined,
  input: ViewInput,
): string {
  const { locale } = input;
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, locale);
  const size = warnAtNanoUsd ?? pauseAtNanoUsd ?? 0;
  if (spentNanoUsd < size) {
    const reset = utcDayText(resetsAt, locale);
    const left = l10n.t(
      '{0}: {1} of {2} are left until {3}.',
      name,
      usd(size - spentNanoUsd),
      usd(size),
      reset,
    );
    const gone = goneAt !== undefined && runOutText(goneAt, input);
    return gone ? `${left} ${l10n.t('At this pace they are gone about {0}.', gone)}` : left;
  }
  const usedUp = l10n.t('{0}: the {1} of this month are used up.', name, usd(size));
  return pauseAtNanoUsd === undefined
    ? `${usedUp} ${l10n.t('It only warns: requests go on.')}`
    : `${usedUp} ${l10n.t('What is billed pauses at {0}.', usd(pauseAtNanoUsd))}`;
}

function labelOf(name: string, isGone: boolean, isPaused: boolean): string {
  if (isPaused) return l10n.t('{0}: paused', name);
  return isGone ? l10n.t('{0}: used up', name) : l10n.t('{0}: low', name);
}
