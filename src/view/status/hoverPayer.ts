import * as l10n from '@vscode/l10n';
import { providerName } from '../../billing/providers.ts';
import { organizationCreditsFace } from '../account/creditsModel.ts';
import { balanceText, earlierMonthText } from '../account/creditsText.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { payerName, payingProfile, standInSentence } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { ageText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';

/** Lines of Markdown: who pays, what is left there, and the way to change it. */
export function hoverPayer(input: FaceInput): string[] {
  const account = input.snapshot.account.value;
  const profile = payingProfile(input.payer);
  const facts = [payerName(profile, account), payerFact(input)]
    .filter(Boolean)
    .map(fact => escapeMarkdown(fact));
  const change = commandLink(l10n.t('Switch…'), commands.switchBilling);
  const lines = [`**${l10n.t('Bills')}** ${facts.join(' · ')} ${change}`];
  const standIn = standInSentence(input.payer, account);
  if (standIn !== undefined) lines.push(`$(arrow-swap) ${escapeMarkdown(standIn)}`);
  const refused = profile.kind === 'personal' ? undefined : moneyRefused(profile, input);
  if (refused) {
    const why =
      refused === 'credits'
        ? l10n.t('Its credits are used up: requests are refused.')
        : l10n.t('Its spending limit is reached: requests are refused.');
    lines.push(`$(warning) ${escapeMarkdown(why)}`);
  }
  return lines;
}

/** What is known of the payer's money, in a few words; of the own credits the other lines tell. Plain text. */
export function payerFact(input: FaceInput): string {
  const { now, locale } = input;
  const profile = payingProfile(input.payer);
  switch (profile.kind) {
    case 'personal':
      return '';
    case 'provider-key':
      return l10n.t('billed by {0}, credits don’t apply', oneLine(providerName(profile.provider), 40));
    case 'resource-group':
      return l10n.t('what is left is not visible to tokens');
    case 'organization': {
      const face = organizationCreditsFace(profile.name, input);
      if (!face) return l10n.t('what is left is not known');
      const { balance, wholeNanoUsd, earlierMonth, asOf, stale } = face;
      const text =
        earlierMonth === undefined
          ? balanceText(balance, wholeNanoUsd, locale)
          : earlierMonthText(balance.usedNanoUsd, earlierMonth, locale);
      return stale ? `${text} · ${ageText(asOf, now, locale)}` : text;
    }
  }
}
