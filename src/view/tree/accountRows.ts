import * as l10n from '@vscode/l10n';
import { personalProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { type CreditsModel, includedCreditsModel } from '../account/creditsModel.ts';
import { earlierMonthText, spokenEarlierMonth } from '../account/creditsText.ts';
import { forecastSentences, paceText } from '../account/forecastText.ts';
import { single } from '../account/parts.ts';
import { isOfEarlierMonth } from '../account/staleness.ts';
import { rowKinds } from '../contributions.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { pages } from '../text/pages.ts';
import { spokenUsd } from '../text/spoken.ts';
import { amountOfTime, utcDayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { budgetRows } from './budgetRows.ts';
import { gatewayUseRow } from './gatewayUseRow.ts';
import { organizationsRow } from './organizationsRow.ts';
import { creditsFacts, freshness, paragraphs, problemRows, staleAge, unknownPart } from './partRows.ts';
import { spendRows } from './spendRows.ts';
import { leaf, type TreeNode } from './treeNode.ts';

/** The signed-in account's own money, also while another payer is chosen. */
export function accountRows(id: string, input: ViewInput): TreeNode[] {
  const account = single('account', input.snapshot.account);
  return [
    ...problemRows(`${id}/account`, account, input),
    creditsRow(id, input),
    ...problemRows(`${id}/credits`, single('credits', input.snapshot.credits), input),
    ...budgetRows(id, personalProfile, input),
    ...spendRows(id, input),
    ...gatewayUseRow(id, input),
    ...jobsRows(id, input),
    prepaidRow(id),
    ...organizationsRow(id, input),
  ];
}

function creditsRow(id: string, input: ViewInput): TreeNode {
  const named = single('credits', input.snapshot.credits);
  const row = { id: `${id}/credits`, label: l10n.t('Credits'), url: pages.billing };
  const icon = { id: 'credit-card' };
  const credits = includedCreditsModel(input);
  if (!credits) return leaf({ ...row, icon, ...unknownPart(named, input) });
  const resets = l10n.t('resets {0}', utcDayText(credits.balance.resetsAt, input.locale));
  return leaf({
    ...row,
    ...creditsFacts(credits, named, input, joined([resets, paceText(credits, input)])),
    icon: credits.low ? { id: 'warning', color: colors.warning } : icon,
    tooltip: () => creditsTooltip(credits, input),
  });
}

function creditsTooltip(credits: CreditsModel, input: ViewInput): string {
  const { balance, earlierMonth } = credits;
  const { locale, snapshot } = input;
  const { limitNanoUsd, otherSpendNanoUsd } = balance;
  return paragraphs(
    earlierMonth === undefined &&
      l10n.t('What Inference Providers have left of the month’s included credits.'),
    escapeMarkdown(forecastSentences(credits, input).join(' ')),
    limitNanoUsd !== undefined && l10n.t('Spending limit: {0}.', formatUsd(limitNanoUsd, locale)),
    otherSpendNanoUsd !== undefined &&
      otherSpendNanoUsd > 0 &&
      l10n.t(
        'Jobs, Spaces and Endpoints took {0}, on PRO, Team and Enterprise from the same credits.',
        formatUsd(otherSpendNanoUsd, locale),
      ),
    freshness(single('credits', snapshot.credits), input),
  );
}

function jobsRows(id: string, input: ViewInput): TreeNode[] {
  const { snapshot, now, serverNow, locale } = input;
  const named = single('jobs', snapshot.jobs);
  const jobs = snapshot.jobs.value;
  const row = { id: `${id}/jobs`, label: l10n.t('Jobs'), url: pages.jobs, icon: { id: 'play-circle' } };
  const problems = problemRows(`${id}/jobs`, named, input);
  if (!jobs) return [leaf({ ...row, ...unknownPart(named, input) }), ...problems];
  const tooltip = () => freshness(named, input);
  if (isOfEarlierMonth(named, input)) {
    const at = (snapshot.jobs.asOf ?? now) + serverNow - now;
    const description = earlierMonthText(jobs.usedNanoUsd, at, locale);
    const spoken = spokenEarlierMonth(jobs.usedNanoUsd, at, locale);
    return [leaf({ ...row, kind: rowKinds.unknown, description, spoken, tooltip }), ...problems];
  }
  const running = jobs.running > 0 && l10n.t('{0} running', jobs.running);
  const facts = (amount: string) => joined([amount, amountOfTime(jobs.minutes * 60, locale), running]);
  const description = facts(formatUsd(jobs.usedNanoUsd, locale));
  const spoken = facts(spokenUsd(jobs.usedNanoUsd, locale));
  const age = staleAge(named, input);
  return [leaf({ ...row, kind: rowKinds.value, description, spoken, age, tooltip }), ...problems];
}

function prepaidRow(id: string): TreeNode {
  return leaf({
    id: `${id}/prepaid`,
    label: l10n.t('Prepaid balance'),
    kind: rowKinds.unknown,
    description: '–',
    spoken: l10n.t('not visible to tokens'),
    icon: { id: 'link-external' },
    tooltip: () => l10n.t('No token can read bought credits. The billing page shows them.'),
    copyValue: pages.billing,
    url: pages.billing,
  });
}
