import * as l10n from '@vscode/l10n';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { type Held, heldId, shownHeld } from '../account/heldRequests.ts';
import { whoWaitsForWhat } from '../account/heldText.ts';
import { commands } from '../contributions.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import type { FaceInput } from '../viewInput.ts';

/** A hover that is sent anew each second would flicker. */
const hoverStepMs = 10_000;
const mostLimits = 3;

/** `Waiting 12 requests of 2 programs for the Hub’s api window · 0:40 · Release · Cancel`, a line for each limit. */
export function hoverHeld(input: FaceInput): string[] {
  const held = shownHeld(input.options.held, input.now);
  if (held.length === 0) return [];
  const lines = held.slice(0, mostLimits).map(each => heldLine(each, input));
  const rest = held.length - lines.length;
  const others = rest > 0 ? [`${escapeMarkdown(l10n.t('{0} more', rest))} · ${links()}`] : [];
  return [[...lines, ...others].join('  \n')];
}

function heldLine(held: Held, { now, locale }: FaceInput): string {
  const { until } = held;
  const facts = [whoWaitsForWhat(held, locale)];
  if (until !== undefined && until > now) {
    facts.push(formatCountdown(Math.ceil((until - now) / hoverStepMs) * hoverStepMs));
  }
  return `**${l10n.t('Waiting')}** ${escapeMarkdown(facts.join(' · '))} · ${links(heldId(held))}`;
}

/** Without an id they ask which. */
function links(id?: string): string {
  const release = commandLink(l10n.t('Release'), commands.releaseHeld, id);
  return `${release} · ${commandLink(l10n.t('Cancel'), commands.cancelHeld, id)}`;
}
