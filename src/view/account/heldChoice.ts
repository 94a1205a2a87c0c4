import * as l10n from '@vscode/l10n';
import { formatCount } from '../text/counts.ts';
import { type Held, heldId, waitingOf } from './heldRequests.ts';
import { heldName, waitingText, whoWaits } from './heldText.ts';

/** Whom a command lets go or sends away. */
export interface HeldTarget {
  /** As the gateway takes it; undefined: all. */
  readonly limit: string | undefined;
  readonly waiting: number;
}

export type HeldChoice =
  | { readonly kind: 'act'; readonly target: HeldTarget }
  /** Nobody waits, or not there any more. */
  | { readonly kind: 'nobody'; readonly message: string }
  | { readonly kind: 'ask'; readonly items: readonly HeldItem[] };

export interface HeldItem {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  /** Of `heldId`; undefined: all. */
  readonly id: string | undefined;
}

/** What a command does that was called for `id`, a row of the tree or a link, or for none. */
export function heldChoice(
  held: readonly Held[],
  id: string | undefined,
  now: number,
  locale: string,
): HeldChoice {
  if (id !== undefined || held.length < 2) return oneOf(held, id);
  return { kind: 'ask', items: [allOf(held, now, locale), ...held.map(each => itemOf(each, now, locale))] };
}

/** What a command does after somebody picked: those who waited may be gone meanwhile, and others may have come. */
export function pickedHeld(held: readonly Held[], { id }: HeldItem): HeldChoice {
  if (id !== undefined || held.length === 0) return oneOf(held, id);
  const waiting = held.reduce((sum, each) => sum + each.waiting, 0);
  return { kind: 'act', target: { limit: undefined, waiting } };
}

export function releasedText(waiting: number, locale: string): string {
  return waiting === 1
    ? l10n.t('Released 1 request: it is sent now, and may be refused.')
    : l10n.t('Released {0} requests: they are sent now, and may be refused.', formatCount(waiting, locale));
}

export function cancelledText(waiting: number, locale: string): string {
  return waiting === 1
    ? l10n.t('Cancelled 1 request: its program gets a 429 which says so.')
    : l10n.t('Cancelled {0} requests: their programs get a 429 which says so.', formatCount(waiting, locale));
}

/** Of the limit with this id, or of the only one. */
function oneOf(held: readonly Held[], id: string | undefined): HeldChoice {
  const found = id === undefined ? held[0] : held.find(each => heldId(each) === id);
  if (found) return { kind: 'act', target: { limit: found.limit, waiting: found.waiting } };
  const message =
    held.length === 0 ? l10n.t('No requests are waiting.') : l10n.t('No requests wait there any more.');
  return { kind: 'nobody', message };
}

function allOf(held: readonly Held[], now: number, locale: string): HeldItem {
  const waiting = waitingOf(held, now);
  return {
    label: l10n.t('All'),
    description: waiting ? waitingText(waiting, now, locale) : '',
    id: undefined,
  };
}

function itemOf(held: Held, now: number, locale: string): HeldItem {
  return {
    label: heldName(held),
    description: waitingText(waitingOf([held], now) ?? held, now, locale),
    detail: whoWaits(held, locale),
    id: heldId(held),
  };
}
