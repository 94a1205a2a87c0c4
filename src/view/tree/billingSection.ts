import * as l10n from '@vscode/l10n';
import { creditBalance } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { creditsFace } from '../account/creditsModel.ts';
import { balanceText, earlierMonthText, spokenBalance, spokenEarlierMonth } from '../account/creditsText.ts';
import { type NamedPart, single } from '../account/parts.ts';
import { isOfEarlierMonth } from '../account/staleness.ts';
import { type RowKind, rowKinds } from '../contributions.ts';
import { tokenPlace } from '../signIn/tokenPlace.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { pages } from '../text/pages.ts';
import { spokenUsd } from '../text/spoken.ts';
import { amountOfTime, utcDayText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import { gatewayUseRow } from './gatewayUseRow.ts';
import { organizationsRow } from './organizationsRow.ts';
import { freshness, problemRows, unknownReason, withAge } from './partRows.ts';
import { payerRow, payerTitle } from './payerRow.ts';
import { spendRows } from './spendRows.ts';
import { branch, colors, leaf, type TreeNode } from './treeNode.ts';

const id = 'billing';

export function billingSection(input: FaceInput): TreeNode {
  const { account, session } = input.snapshot;
  const children = [
    payerRow(id, input),
    ...problemRows(`${id}/account`, single('account', account), input),
    creditsRow(input),
    ...problemRows(`${id}/credits`, single('credits', input.snapshot.credits), input),
    ...budgetRows(input),
    ...spendRows(id, input),
    ...gatewayUseRow(id, input),
    ...jobsRows(input),
    prepaidRow(),
    ...organizationsRow(id, input),
  ];
  const row = {
    id: id,
    label: l10n.t('Billing'),
    kind: rowKinds.section,
    description: payerTitle(input),
    icon: { id: 'credit-card' },
    tooltip: () =>
      [
        session ? escapeMarkdown(tokenPlace(session.source)) : '',
        freshness(single('account', account), input),
      ]
        .filter(Boolean)
        .join('\n\n'),
    url: pages.billing,
  };
  return branch(row, true, children);
}

function creditsRow(input: FaceInput): TreeNode {
  const { snapshot, serverNow, locale } = input;
  const named = single('credits', snapshot.credits);
  const credits = snapshot.credits.value;
  const row = { id: `${id}/credits`, label: l10n.t('Credits'), url: pages.billing };
  if (!credits) {
    return leaf({
      ...row,
      kind: rowKinds.unknown,
      description: '–',
      spoken: l10n.t('not known'),
      icon: { id: 'credit-card' },
      tooltip: () => unknownReason(named, input),
    });
  }
  if (isOfEarlierMonth(named, input)) {
    return leaf({
      ...row,
      ...earlierMonth(credits.usedNanoUsd, named, input),
      icon: { id: 'credit-card' },
      tooltip: () => freshness(named, input),
    });
  }
  const balance = creditBalance(credits, serverNow);
  const whole = balance.state && credits.includedNanoUsd;
  const resets = l10n.t('resets {0}', utcDayText(balance.resetsAt, locale));
  const alarming = balance.state === 'low' || balance.state === 'used-up';
  return leaf({
    ...row,
    kind: rowKinds.value,
    description: withAge(`${balanceText(balance, whole, locale)} · ${resets}`, named, input),
    spoken: withAge(`${spokenBalance(balance, whole, locale)}, ${resets}`, named, input),
    icon: alarming ? { id: 'warning', color: colors.warning } : { id: 'credit-card' },
    tooltip: () => creditsTooltip(input),
  });
}

/** What a row says of a month that is over. */
function earlierMonth(
  usedNanoUsd: number,
  { part }: NamedPart,
  { now, serverNow, locale }: FaceInput,
): { kind: RowKind; description: string; spoken: string } {
  const at = (part.asOf ?? now) + serverNow - now;
  return {
    kind: rowKinds.unknown,
    description: earlierMonthText(usedNanoUsd, at, locale),
    spoken: spokenEarlierMonth(usedNanoUsd, at, locale),
  };
}

function creditsTooltip(input: FaceInput): string {
  const { snapshot, locale } = input;
  const face = creditsFace(input);
  const limit = face?.balance.limitNanoUsd;
  const other = face?.balance.otherSpendNanoUsd;
  return [
    l10n.t('The part of the month’s included credits that Inference Providers have not used.'),
    limit === undefined ? '' : l10n.t('Spending limit: {0}.', formatUsd(limit, locale)),
    other === undefined || other === 0
      ? ''
      : l10n.t(
          'Jobs, Spaces and Endpoints took {0}, on PRO, Team and Enterprise from the same credits.',
          formatUsd(other, locale),
        ),
    freshness(single('credits', snapshot.credits), input),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function budgetRows(input: FaceInput): TreeNode[] {
  const { options, locale, snapshot } = input;
  const face = options.budgetNanoUsd === undefined ? undefined : creditsFace(input);
  if (!face) return [];
  const { balance, wholeNanoUsd, low } = face;
  const named = single('credits', snapshot.credits);
  const row = leaf({
    id: `${id}/budget`,
    label: l10n.t('Your budget'),
    ...(face.earlierMonth === undefined
      ? {
          kind: rowKinds.value,
          description: withAge(balanceText(balance, wholeNanoUsd, locale), named, input),
          spoken: withAge(spokenBalance(balance, wholeNanoUsd, locale), named, input),
        }
      : earlierMonth(balance.usedNanoUsd, named, input)),
    icon: low ? { id: 'warning', color: colors.warning } : { id: 'target' },
    tooltip: () =>
      l10n.t('A monthly budget that you set in Headroom. Hugging Face does not know it and stops nothing.'),
  });
  return [row];
}

function jobsRows(input: FaceInput): TreeNode[] {
  const { snapshot, locale } = input;
  const named = single('jobs', snapshot.jobs);
  const jobs = snapshot.jobs.value;
  const row = { id: `${id}/jobs`, label: l10n.t('Jobs'), url: pages.jobs, icon: { id: 'play-circle' } };
  const problems = problemRows(`${id}/jobs`, named, input);
  if (!jobs) {
    const tooltip = () => unknownReason(named, input);
    const spoken = l10n.t('not known');
    return [leaf({ ...row, kind: rowKinds.unknown, description: '–', spoken, tooltip }), ...problems];
  }
  if (isOfEarlierMonth(named, input)) {
    const tooltip = () => freshness(named, input);
    return [leaf({ ...row, ...earlierMonth(jobs.usedNanoUsd, named, input), tooltip }), ...problems];
  }
  const time = amountOfTime(jobs.minutes * 60, locale);
  const running = jobs.running > 0 ? ` · ${l10n.t('{0} running', jobs.running)}` : '';
  return [
    leaf({
      ...row,
      kind: rowKinds.value,
      description: withAge(`${formatUsd(jobs.usedNanoUsd, locale)} · ${time}${running}`, named, input),
      spoken: withAge(`${spokenUsd(jobs.usedNanoUsd, locale)}, ${time}${running}`, named, input),
      tooltip: () => freshness(named, input),
    }),
    ...problems,
  ];
}

function prepaidRow(): TreeNode {
  return leaf({
    id: `${id}/prepaid`,
    label: l10n.t('Prepaid balance'),
    kind: rowKinds.unknown,
    description: '–',
    spoken: l10n.t('not visible to tokens'),
    icon: { id: 'link-external' },
    tooltip: () =>
      l10n.t('Credits that were bought are not visible to any token. The billing page shows them.'),
    copyValue: pages.billing,
    url: pages.billing,
  });
}
