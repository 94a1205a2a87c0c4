import * as l10n from '@vscode/l10n';
import { formatCount } from '../text/counts.ts';
import { type Held, heldId, heldTotal } from './heldRequests.ts';
import { heldCount, heldName, heldTotalText } from './heldText.ts';

/** The requests that a command releases or cancels. */
export interface HeldTarget {
  /** The gateway's name of the limit; undefined: all limits. */
  readonly limit: string | undefined;
  readonly waiting: number;
}

export type HeldChoice =
  | { readonly kind: 'act'; readonly target: HeldTarget }
  /** No requests are held, or none by this limit any more. */
  | { readonly kind: 'none'; readonly message: string }
  | { readonly kind: 'ask'; readonly items: readonly HeldItem[] };

export interface HeldItem {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  /** From `heldId`; undefined: all limits. */
  readonly id: string | undefined;
}

/** `id`: of the tree's row or the hover's link that ran the command; undefined: from the palette. */
export function heldChoice(
  held: readonly Held[],
  id: string | undefined,
  now: number,
  locale: string,
): HeldChoice {
  if (id !== undefined || held.length < 2) return oneLimit(held, id);
  return { kind: 'ask', items: [allItem(held, now, locale), ...held.map(each => itemOf(each, now, locale))] };
}

/** The choice after the picker closed: the held requests may have changed meanwhile. */
export function pickedHeld(held: readonly Held[], { id }: HeldItem): HeldChoice {
  if (id !== undefined || held.length === 0) return oneLimit(held, id);
  const waiting = held.reduce((sum, each) => sum + each.waiting, 0);
  return { kind: 'act', target: { limit: undefined, waiting } };
}

export function releasedText(waiting: number, locale: string): string {
  return waiting === 1
    ? l10n.t('Released 1 request: it goes out now; the server may refuse it.')
    : l10n.t(
        'Released {0} requests: they go out now; the server may refuse them.',
        formatCount(waiting, locale),
      );
}

export function cancelledText(waiting: number, locale: string): string {
  return waiting === 1
    ? l10n.t('Cancelled 1 request: its program gets a 429 which says so.')
    : l10n.t('Cancelled {0} requests: their programs get a 429 which says so.', formatCount(waiting, locale));
}

/** The limit with this id, or the only one. */
function oneLimit(held: readonly Held[], id: string | undefined): HeldChoice {
  const found = id === undefined ? held[0] : held.find(each => heldId(each) === id);
  if (found) return { kind: 'act', target: { limit: found.limit, waiting: found.waiting } };
  const message =
    held.length === 0 ? l10n.t('No requests are waiting.') : l10n.t('No requests wait there any more.');
  return { kind: 'none', message };
}

function allItem(held: readonly Held[], now: number, locale: string): HeldItem {
  const total = heldTotal(held, now);
  return {
    label: l10n.t('All'),
    description: total ? heldTotalText(total, now, locale) : '',
    id: undefined,
  };
}

function itemOf(held: Held, now: number, locale: string): HeldItem {
  return {
    label: heldName(held),
    description: heldTotalText(heldTotal([held], now) ?? held, now, locale),
    detail: heldCount(held, locale),
    id: heldId(held),
  };
}
