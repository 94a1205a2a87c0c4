import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { formatDate } from '../../limits/headers/duration.ts';
import { type CreditsModel, creditsModel, organizationCreditsModel } from '../account/creditsModel.ts';
import { balanceFact, creditsText } from '../account/creditsText.ts';
import { heldMoney, heldMoneySentence } from '../account/heldMoney.ts';
import { figuresOf, moneyRefused } from '../account/moneyRefused.ts';
import { whyUnknown } from '../account/payerFact.ts';
import { payerIcon, paysText, standInSentence } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { barImage } from '../text/barImage.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { ageText, clockText, dayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';

/** Lines of Markdown: the payer, its money, and what is wrong with it. */
export function hoverPayer(input: ViewInput, agesAt: number): string[] {
  return [title(input, agesAt), money(input), ...notes(input)];
}

/** `[icon] acme pays · Team · updated 40 s ago ↻` */
function title(input: ViewInput, agesAt: number): string {
  const { payer, snapshot, locale } = input;
  const profile = payingProfile(payer);
  const { pays, facts } = paysText(input);
  const { asOf } = figuresOf(profile, input) ?? snapshot.credits;
  const age =
    asOf === undefined ? l10n.t('not read yet') : l10n.t('updated {0}', ageText(asOf, agesAt, locale));
  const text = joined([
    `**${escapeMarkdown(pays)}**`,
    escapeMarkdown(joined([...facts, snapshot.session && age])),
  ]);
  const refresh = `[$(refresh)](command:${commands.refresh} "${l10n.t('Refresh')}")`;
  return `$(${payerIcon(profile)}) ${text}${snapshot.session ? ` ${refresh}` : ''}`;
}

/** `▬▬ $6.10 left of $10.00 · resets Tue, Dec 1 · lasts until then`; a dash and why while it is not known. */
function money(input: ViewInput): string {
  const { payer, locale } = input;
  const profile = payingProfile(payer);
  const isOwn = profile.kind === 'personal';
  const credits = isOwn
    ? creditsModel(input)
    : organizationCreditsModel(profile.kind === 'organization' ? profile.name : '', input);
  if (!credits) {
    return escapeMarkdown(joined(['–', isOwn ? balanceFact(undefined, input) : whyUnknown(input)]));
  }
  const { balance, earlierMonth } = credits;
  if (earlierMonth !== undefined) return creditsLine(credits, input);
  const facts = joined([
    l10n.t('resets {0}', dayText(balance.resetsAt, { locale, timeZone: 'UTC' })),
    lastsUntil(credits, input),
  ]);
  const budget = balance.measuredAgainst === 'budget' ? `${escapeMarkdown(l10n.t('Your budget'))} ` : '';
  return `${budget}${creditsLine(credits, input)} · ${escapeMarkdown(facts)}`;
}

/** Markdown: `▬▬ $0.98 left of $2.00`. */
export function creditsLine(credits: CreditsModel, input: ViewInput): string {
  const { usedFraction } = credits.balance;
  const text = escapeMarkdown(balanceFact(credits, input));
  if (usedFraction === undefined) return text;
  const alt = creditsText(credits, input.locale);
  return `${barImage(1 - usedFraction, credits.low ? 'little' : 'plenty', alt)} ${text}`;
}

/** At the month's pace; empty: not known, or nothing is left. */
function lastsUntil({ forecast, balance }: CreditsModel, input: ViewInput): string {
  if (!forecast || (balance.state !== 'ok' && balance.state !== 'low')) return '';
  const { likely } = forecast.runsOutAt ?? {};
  if (likely === undefined) return l10n.t('lasts until then');
  const day = dayText(likely, input);
  return day === dayText(input.now, input)
    ? l10n.t('gone today about {0}', clockText(likely, input))
    : l10n.t('gone about {0}', day);
}

function notes(input: ViewInput): string[] {
  const { locale, snapshot, payer } = input;
  const profile = payingProfile(payer);
  const notes: [icon: string, text: string | undefined][] = [['arrow-swap', standInSentence(input)]];
  const held = heldMoney(profile, input);
  const refused = moneyRefused(profile, input);
  if (held) notes.push(['watch', heldMoneySentence(held, locale)]);
  else if (refused === 'credits') notes.push(['warning', l10n.t('Credits used up: requests are refused.')]);
  else if (refused) notes.push(['warning', l10n.t('Spending limit reached: requests are refused.')]);
  const { earlierMonth } = (profile.kind === 'personal' && creditsModel(input)) || {};
  if (earlierMonth !== undefined && snapshot.session) {
    const read = formatDate(earlierMonth, locale, 'UTC');
    const text = l10n.t('Read {0}, in an earlier month: the credits have begun anew since.', read);
    notes.push(['warning', text]);
  }
  return notes.flatMap(([icon, text]) => (text === undefined ? [] : [`$(${icon}) ${escapeMarkdown(text)}`]));
}
