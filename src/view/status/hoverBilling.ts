import * as l10n from '@vscode/l10n';
import type { Credits } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { formatDate, formatIn } from '../../limits/headers/duration.ts';
import { type CreditsFace, creditsFace } from '../account/creditsModel.ts';
import { balanceText, earlierMonthText } from '../account/creditsText.ts';
import { creditsRefused } from '../account/moneyRefused.ts';
import { type NamedPart, single } from '../account/parts.ts';
import { isOfEarlierMonth } from '../account/staleness.ts';
import { payingProfile } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { bar } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { amountOfTime } from '../text/times.ts';
import { withAge } from '../tree/partRows.ts';
import { byAmount, requestsText } from '../tree/spendRows.ts';
import type { FaceInput } from '../viewInput.ts';
import { hoverPayer } from './hoverPayer.ts';

const barCells = 20;
const mostProviders = 5;

/** Who pays, the own credits, what they were spent on, and what a token can't see. */
export function hoverBilling(input: FaceInput): string[] {
  const face = creditsFace(input);
  const credits = input.snapshot.credits.value;
  const lines = face && credits ? creditsLines(face, credits, input) : [`**${l10n.t('Credits')}** –`];
  const billing = commandLink(l10n.t('open billing page'), commands.openBilling);
  lines.push(`${escapeMarkdown(l10n.t('Prepaid balance is not visible to tokens:'))} ${billing}`);
  return [[...hoverPayer(input), ...lines].join('  \n')];
}

function creditsLines(face: CreditsFace, credits: Credits, input: FaceInput): string[] {
  const { balance, wholeNanoUsd } = face;
  const { serverNow, locale } = input;
  if (face.earlierMonth !== undefined) {
    const used = earlierMonthText(balance.usedNanoUsd, face.earlierMonth, locale);
    return [
      `**${l10n.t('Credits')}** ${escapeMarkdown(used)}`,
      ...warnings(face, input).map(line => `$(warning) ${escapeMarkdown(line)}`),
      ...[otherLine(input)].filter(Boolean).map(line => escapeMarkdown(line)),
    ];
  }
  const resets = l10n.t(
    'resets {0} ({1})',
    formatIn(balance.resetsAt - serverNow, locale),
    formatDate(balance.resetsAt, locale, 'UTC'),
  );
  const title = balance.measuredAgainst === 'budget' ? l10n.t('Your budget') : l10n.t('Credits');
  const gauge = balance.usedFraction === undefined ? '' : `${bar(balance.usedFraction, barCells)} `;
  const amounts = escapeMarkdown(`${balanceText(balance, wholeNanoUsd, locale)} · ${resets}`);
  return [
    `**${title}** ${gauge}${amounts}`,
    ...warnings(face, input).map(line => `$(warning) ${escapeMarkdown(line)}`),
    ...[spendLine(credits, input), otherLine(input)].filter(Boolean).map(line => escapeMarkdown(line)),
  ];
}

function warnings({ runsOutAt, balance, earlierMonth }: CreditsFace, input: FaceInput): string[] {
  const { locale, options } = input;
  const lines: string[] = [];
  const ownMoney = payingProfile(input.payer).kind === 'personal';
  if (ownMoney && creditsRefused(input)) lines.push(l10n.t('Used up: Hugging Face refuses requests.'));
  if (earlierMonth !== undefined) {
    lines.push(
      l10n.t(
        'Read {0}, in an earlier month: the credits have begun anew since.',
        formatDate(earlierMonth, locale, 'UTC'),
      ),
    );
  } else if (runsOutAt !== undefined && balance.state !== 'used-up') {
    lines.push(
      l10n.t('At the present pace they are gone on {0}.', formatDate(runsOutAt, locale, options.timeZone)),
    );
  }
  return lines;
}

/** `novita $0.80 · groq $0.22 · 412 requests`. */
function spendLine({ byProvider, requests }: Credits, { locale }: FaceInput): string {
  const shown = byAmount(byProvider)
    .slice(0, mostProviders)
    .map(({ provider, nanoUsd }) => `${oneLine(provider, 40)} ${formatUsd(nanoUsd, locale)}`);
  const rest = byProvider.length - shown.length;
  if (rest > 0) shown.push(l10n.t('{0} more', rest));
  if (requests !== undefined) shown.push(requestsText(requests, locale));
  return shown.join(' · ');
}

/** `Jobs $0.41, 31 min · Spaces $0.10`: compute that Hugging Face bills besides. */
function otherLine(input: FaceInput): string {
  const { snapshot, locale } = input;
  const jobs = ofThisMonth(single('jobs', snapshot.jobs), snapshot.jobs.value, input);
  const credits = ofThisMonth(single('credits', snapshot.credits), snapshot.credits.value, input);
  const { jobs: jobsSpend, spaces, endpoints, privateStorage } = credits?.otherSpend ?? {};
  const money = (label: string, nanoUsd: number | undefined) =>
    nanoUsd ? [`${label} ${formatUsd(nanoUsd, locale)}`] : [];
  const jobsText =
    jobs && (jobs.usedNanoUsd > 0 || jobs.minutes > 0)
      ? [
          withAge(
            `${l10n.t('Jobs')} ${formatUsd(jobs.usedNanoUsd, locale)}, ${amountOfTime(jobs.minutes * 60, locale)}`,
            single('jobs', snapshot.jobs),
            input,
          ),
        ]
      : money(l10n.t('Jobs'), jobs ? undefined : jobsSpend);
  return [
    ...jobsText,
    ...money(l10n.t('Spaces'), spaces),
    ...money(l10n.t('Inference Endpoints'), endpoints),
    ...money(l10n.t('Private storage'), privateStorage),
  ].join(' · ');
}

function ofThisMonth<T>(named: NamedPart, value: T | undefined, input: FaceInput): T | undefined {
  return isOfEarlierMonth(named, input) ? undefined : value;
}
