import * as l10n from '@vscode/l10n';
import { scopeText } from '../../billing/budget.ts';
import { type BillingProfile, formatProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { type BudgetModel, budgetModels } from '../account/budgets.ts';
import { budgetLinks, budgetName, pauseText, spentText, unknownPricesText } from '../account/budgetText.ts';
import { type CreditsModel, creditsModel } from '../account/creditsModel.ts';
import { creditsText, spokenCredits } from '../account/creditsText.ts';
import { forecastSentences, paceText } from '../account/forecastText.ts';
import { single } from '../account/parts.ts';
import { commands, rowKinds } from '../contributions.ts';
import { colors, type Icon } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { spokenUsd } from '../text/spoken.ts';
import type { ViewInput } from '../viewInput.ts';
import { paragraphs, staleAge } from './partRows.ts';
import { leaf, type TreeNode } from './treeNode.ts';

/** The budgets of a payer: in all folders, and in this one. */
export function budgetRows(parentId: string, profile: BillingProfile, input: ViewInput): TreeNode[] {
  const payer = formatProfile(profile);
  return budgetModels(input)
    .filter(budget => budget.payer === payer)
    .map(budget => budgetRow(parentId, budget, input));
}

const kinds = {
  open: rowKinds.budget,
  paused: rowKinds.pausedBudget,
  continues: rowKinds.continuedBudget,
} as const;

function budgetRow(parentId: string, budget: BudgetModel, input: ViewInput): TreeNode {
  const { locale } = input;
  const credits = sameAsCredits(budget, input);
  // the section above has an organization's name
  const isNamed = budget.payer === 'personal' || budget.workspace !== undefined;
  const pace = credits && paceText(credits, input);
  const facts = (usd: (nanoUsd: number) => string, money: string) => {
    const pause = pauseText(budget, input, usd);
    return joined(budget.state === 'open' ? [money, pace, pause] : [pause, money]);
  };
  const shown = (amount: number) => formatUsd(amount, locale);
  const spoken = (amount: number) => spokenUsd(amount, locale);
  return leaf({
    id: `${parentId}/budget/${scopeText(budget)}`,
    label: isNamed ? budgetName(budget, input) : l10n.t('Budget'),
    kind: kinds[budget.state],
    description: facts(shown, credits ? creditsText(credits, locale) : spentText(budget, shown)),
    spoken: facts(spoken, credits ? spokenCredits(credits, locale) : spentText(budget, spoken)),
    age:
      credits?.earlierMonth === undefined
        ? credits && staleAge(single('credits', input.snapshot.credits), input)
        : undefined,
    icon: iconOf(budget),
    tooltip: () => tooltipOf(budget, input),
    action: { label: l10n.t('Set budget…'), command: commands.setBudget, argument: scopeText(budget) },
  });
}

/** Where the status bar shows the credits against this budget, both have the same amount. */
function sameAsCredits({ payer, workspace, state }: BudgetModel, input: ViewInput): CreditsModel | undefined {
  const credits =
    payer === 'personal' && workspace === undefined && state === 'open' ? creditsModel(input) : undefined;
  const isMeasured = input.settings.budgetNanoUsd !== undefined;
  return isMeasured ? credits : undefined;
}

function iconOf({ state, spentNanoUsd, warnAtNanoUsd }: BudgetModel): Icon {
  if (state === 'paused') return { id: 'debug-pause', color: colors.warning };
  if (state === 'continues') return { id: 'debug-continue', color: colors.warning };
  const isOver = warnAtNanoUsd !== undefined && spentNanoUsd >= warnAtNanoUsd;
  return isOver ? { id: 'warning', color: colors.warning } : { id: 'target' };
}

function tooltipOf(budget: BudgetModel, input: ViewInput): string {
  const { countedNanoUsd, pauseAtNanoUsd } = budget;
  const { locale } = input;
  const credits = sameAsCredits(budget, input);
  const counted = l10n.t('Counted here this month (UTC): {0}.', formatUsd(countedNanoUsd, locale));
  const what =
    pauseAtNanoUsd === undefined
      ? l10n.t('Your own monthly budget in Headroom. Hugging Face does not know it and stops nothing.')
      : l10n.t(
          'From {0} on, Headroom’s gateway refuses what would be billed. It cuts no stream, and what is free passes: models and the Hub.',
          formatUsd(pauseAtNanoUsd, locale),
        );
  return paragraphs(
    escapeMarkdown(what),
    credits && escapeMarkdown(forecastSentences(credits, input).join(' ')),
    escapeMarkdown([counted, unknownPricesText(budget, locale)].filter(Boolean).join(' ')),
    budgetLinks(budget).join(' · '),
  );
}
