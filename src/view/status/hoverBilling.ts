import * as l10n from '@vscode/l10n';
import { payingProfile, personalProfile } from '../../billing/profile.ts';
import type { Credits } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { formatDate, formatIn } from '../../limits/headers/duration.ts';
import { type CreditsModel, creditsModel } from '../account/creditsModel.ts';
import { creditsText } from '../account/creditsText.ts';
import { heldMoney, heldMoneySentence } from '../account/heldMoney.ts';
import { creditsRefused } from '../account/moneyRefused.ts';
import { type NamedPart, organizationCredits, single } from '../account/parts.ts';
import { isOfEarlierMonth } from '../account/staleness.ts';
import { accountTitle } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { bar, joined, requestsText } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { amountOfTime } from '../text/times.ts';
import { withAge } from '../tree/partRows.ts';
import { byAmount, otherSpend } from '../tree/spendRows.ts';
import type { ViewInput } from '../viewInput.ts';
import { hoverPayer } from './hoverPayer.ts';

const barCells = 20;
const mostProviders = 5;

/** The payer, the account's credits, their spend, and a link for the prepaid balance, which no token can read. */
export function hoverBilling(input: ViewInput): string[] {
  const credits = creditsModel(input);
  const value = input.snapshot.credits.value;
  const isOwn = payingProfile(input.payer).kind === 'personal';
  const title = isOwn ? l10n.t('Credits') : accountTitle(input.snapshot.account.value);
  const heading = `**${escapeMarkdown(title)}**`;
  const lines = credits && value ? creditsLines(heading, credits, value, input) : [`${heading} –`];
  const billing = commandLink(l10n.t('open billing page'), commands.openBilling);
  lines.push(`${escapeMarkdown(l10n.t('Prepaid balance is not visible to tokens:'))} ${billing}`);
  if (isOwn) return [[...hoverPayer(input), ...lines].join('  \n')];
  return [[...hoverPayer(input), ...payerSpend(input)].join('  \n'), '---', lines.join('  \n')];
}

/** What the paying organization has spent, by provider. */
function payerSpend(input: ViewInput): string[] {
  const profile = payingProfile(input.payer);
  const named = profile.kind === 'organization' && organizationCredits(input.snapshot, profile.name);
  const value = named && ofThisMonth(named, input);
  const line = value ? spendLine(value, input) : '';
  return line === '' ? [] : [escapeMarkdown(line)];
}

function creditsLines(heading: string, credits: CreditsModel, value: Credits, input: ViewInput): string[] {
  const { balance, earlierMonth } = credits;
  const { serverNow, locale } = input;
  const isCurrent = earlierMonth === undefined;
  const resets = l10n.t(
    'resets {0} ({1})',
    formatIn(balance.resetsAt - serverNow, locale),
    formatDate(balance.resetsAt, locale, 'UTC'),
  );
  const title = balance.measuredAgainst === 'budget' ? `**${l10n.t('Your budget')}**` : heading;
  const gauge =
    balance.usedFraction === undefined || !isCurrent ? '' : `${bar(balance.usedFraction, barCells)} `;
  const amounts = joined([creditsText(credits, locale), isCurrent && resets]);
  const spend = [isCurrent ? spendLine(value, input) : '', otherLine(input)];
  return [
    `${title} ${gauge}${escapeMarkdown(amounts)}`,
    ...warnings(credits, input).map(line => `$(warning) ${escapeMarkdown(line)}`),
    ...spend.filter(Boolean).map(line => escapeMarkdown(line)),
  ];
}

function warnings({ forecast, balance, earlierMonth }: CreditsModel, input: ViewInput): string[] {
  const { locale, timeZone } = input;
  const lines: string[] = [];
  const ownMoney = payingProfile(input.payer).kind === 'personal';
  const held = ownMoney && heldMoney(personalProfile, input);
  if (held) lines.push(heldMoneySentence(held, locale));
  else if (ownMoney && creditsRefused(input)) lines.push(l10n.t('Used up: Hugging Face refuses requests.'));
  if (earlierMonth !== undefined) {
    const read = formatDate(earlierMonth, locale, 'UTC');
    lines.push(l10n.t('Read {0}, in an earlier month: the credits have begun anew since.', read));
  } else if (forecast?.runsOutAt && balance.state !== 'used-up') {
    const gone = formatDate(forecast.runsOutAt.likely, locale, timeZone);
    lines.push(l10n.t('At the present pace they are gone on {0}.', gone));
  }
  return lines;
}

/** `novita $0.80 · groq $0.22 · 412 requests`. */
function spendLine({ byProvider, requests }: Credits, { locale }: ViewInput): string {
  const shown = byAmount(byProvider)
    .slice(0, mostProviders)
    .map(({ provider, nanoUsd }) => `${oneLine(provider, 40)} ${formatUsd(nanoUsd, locale)}`);
  const rest = byProvider.length - shown.length;
  return joined([
    ...shown,
    rest > 0 && l10n.t('{0} more', rest),
    requests !== undefined && requestsText(requests, locale),
  ]);
}

/** `Jobs $0.41, 31 min · Spaces $0.10`: other compute that Hugging Face bills. */
function otherLine(input: ViewInput): string {
  const { snapshot, locale } = input;
  const named = single('jobs', snapshot.jobs);
  const jobs = ofThisMonth(named, input);
  const credits = ofThisMonth(single('credits', snapshot.credits), input);
  const others = otherSpend(credits, jobs === undefined);
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, locale);
  return joined([
    jobs &&
      (jobs.usedNanoUsd > 0 || jobs.minutes > 0) &&
      withAge(
        `${l10n.t('Jobs')} ${usd(jobs.usedNanoUsd)}, ${amountOfTime(jobs.minutes * 60, locale)}`,
        named,
        input,
      ),
    ...others.map(({ label, nanoUsd }) => `${label} ${usd(nanoUsd)}`),
  ]);
}

function ofThisMonth<Value>(named: NamedPart<Value>, input: ViewInput): Value | undefined {
  return isOfEarlierMonth(named, input) ? undefined : named.value;
}
