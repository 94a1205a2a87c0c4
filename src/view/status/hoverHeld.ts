import * as l10n from '@vscode/l10n';
import { type Held, heldId, shownHeld } from '../account/heldRequests.ts';
import { heldForLimit } from '../account/heldText.ts';
import { commands } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { clockWithSeconds } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';

const mostLimits = 3;

/** `Waiting 12 requests of 2 programs for the Hub’s api window · 0:40 · Release · Cancel`, a line for each limit. */
export function hoverHeld(input: ViewInput): string[] {
  const held = shownHeld(input.held, input.now);
  if (held.length === 0) return [];
  const lines = held.slice(0, mostLimits).map(each => heldLine(each, input));
  const rest = held.length - lines.length;
  const others = rest > 0 ? [`${escapeMarkdown(l10n.t('{0} more', rest))} · ${links()}`] : [];
  return [[...lines, ...others].join('  \n')];
}

function heldLine(held: Held, input: ViewInput): string {
  const { until = 0 } = held;
  const end = until > input.now && l10n.t('until {0}', clockWithSeconds(until, input));
  const facts = joined([heldForLimit(held, input.locale), end]);
  return `**${l10n.t('Waiting')}** ${escapeMarkdown(facts)} · ${links(heldId(held))}`;
}

/** Without an id the commands ask. */
function links(id?: string): string {
  const release = commandLink(l10n.t('Release'), commands.releaseHeld, id);
  return `${release} · ${commandLink(l10n.t('Cancel'), commands.cancelHeld, id)}`;
}
