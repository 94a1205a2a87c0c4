import { payingProfile, personalProfile } from '../../billing/profile.ts';
import { alerts } from '../alerts/alerts.ts';
import { budgetPrefix } from '../alerts/budgetLimits.ts';
import { creditsId, creditsPrefix, spendingLimitId } from '../alerts/creditsLimits.ts';
import type { Alert } from '../alerts/limitState.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import type { ViewInput } from '../viewInput.ts';

/** Sentences about the payer's limits, as in the notices. Plain text. */
export function payerAlerts(input: ViewInput): string[] {
  const profile = payingProfile(input.payer);
  const ids = [creditsId(profile), spendingLimitId(profile)];
  return troubles(input)
    .filter(alert => ids.includes(alert.id) && !isInLine(alert, input))
    .map(({ sentence }) => sentence);
}

/** Lines of Markdown about other limits. */
export function otherAlerts(input: ViewInput): string[] {
  const { payer } = input;
  const paying = payingProfile(payer);
  // the stand-in's sentence tells of the profile that it replaces
  const told = [paying, payer.chosen].flatMap(profile => [creditsId(profile), spendingLimitId(profile)]);
  return troubles(input)
    .filter(alert => !told.includes(alert.id) && !isInLine(alert, input))
    .map(({ sentence }) => `$(warning) ${escapeMarkdown(sentence)}`);
}

/** A paused budget has lines with its commands. */
function troubles(input: ViewInput): Alert[] {
  return alerts(input).filter(({ id, label, isRefused }) => {
    return label !== undefined && !(isRefused && id.startsWith(budgetPrefix));
  });
}

/** A bar with its amount tells of credits that are low. */
function isInLine({ id, level }: Alert, { settings }: ViewInput): boolean {
  if (level !== 'low' || !id.startsWith(creditsPrefix)) return false;
  return id !== creditsId(personalProfile) || settings.budgetNanoUsd === undefined;
}
