import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { heldMoney, heldMoneySentence } from '../account/heldMoney.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { payerFact } from '../account/payerFact.ts';
import { payerName, standInSentence } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import type { ViewInput } from '../viewInput.ts';

/** Lines of Markdown: the payer, what is left there, and the command that changes it. */
export function hoverPayer(input: ViewInput): string[] {
  const account = input.snapshot.account.value;
  const profile = payingProfile(input.payer);
  const facts = [payerName(profile, account), payerFact(input)].map(fact => escapeMarkdown(fact));
  const change = commandLink(l10n.t('Switch…'), commands.switchBilling);
  const lines = [`**${l10n.t('Bills')}** ${joined(facts)} ${change}`];
  const standIn = standInSentence(input);
  if (standIn !== undefined) lines.push(`$(arrow-swap) ${escapeMarkdown(standIn)}`);
  const held = profile.kind === 'personal' ? undefined : heldMoney(profile, input);
  if (held) lines.push(`$(watch) ${escapeMarkdown(heldMoneySentence(held, input.locale))}`);
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
