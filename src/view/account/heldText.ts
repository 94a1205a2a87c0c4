import * as l10n from '@vscode/l10n';
import type { HeldRequests } from '../../gateway/options.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { refuser } from '../refusals/refusalText.ts';
import { formatCount, joined, requestsText } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import type { HeldTotal } from './heldRequests.ts';
import { hubBucketName } from './windows.ts';

/** `Hub API`, `groq · llama-3.1-8b-instant`: the limit. Plain text. */
export function heldName(held: HeldRequests): string {
  const { owner, model } = heldNames(held);
  return joined([owner, model]);
}

/** The limit's name in two parts: `model` may be long or empty. */
export function heldNames(held: HeldRequests): { readonly owner: string; readonly model: string } {
  const { by, scope, model = '' } = held;
  const bucket = bucketOf(held);
  if (bucket !== undefined) return { owner: hubBucketName(bucket), model: '' };
  const ofAllModels = model === '' && by === 'huggingface' && scope === 'router';
  return { owner: refuser(by), model: ofAllModels ? l10n.t('Inference Providers') : oneLine(model, 60) };
}

/** A bucket of the Hub. */
function bucketOf({ by, scope = '' }: HeldRequests): string | undefined {
  const isBucket = by === 'huggingface' && scope !== '' && scope !== 'router';
  return isBucket ? oneLine(scope, 40) : undefined;
}

/** `12 waiting · 0:38`. */
export function heldTotalText({ waiting, until }: HeldTotal, now: number, locale: string): string {
  const count = formatCount(waiting, locale);
  return until === undefined
    ? l10n.t('{0} waiting', count)
    : l10n.t('{0} waiting · {1}', count, formatCountdown(until - now));
}

export function spokenHeldTotal({ waiting, until }: HeldTotal, now: number, locale: string): string {
  const count = formatCount(waiting, locale);
  if (until === undefined) {
    return waiting === 1 ? l10n.t('1 request is waiting') : l10n.t('{0} requests are waiting', count);
  }
  const left = spokenDuration(until - now, locale);
  return waiting === 1
    ? l10n.t('1 request is waiting, it can go in {0}', left)
    : l10n.t('{0} requests are waiting, the first can go in {1}', count, left);
}

/** `12 requests of 2 programs`. */
export function heldCount({ waiting, programs }: HeldRequests, locale: string): string {
  if (waiting === 1) return requestsText(waiting, locale);
  const count = formatCount(waiting, locale);
  return programs === 1
    ? l10n.t('{0} requests of one program', count)
    : l10n.t('{0} requests of {1} programs', count, formatCount(programs, locale));
}

/** `12 requests of 2 programs for the Hub’s api window`. Plain text. */
export function heldForLimit(held: HeldRequests, locale: string): string {
  const { heldBy } = held;
  const requests = heldCount(held, locale);
  if (heldBy === 'unsettled') return l10n.t('{0} for credits that open requests hold', requests);
  const bucket = bucketOf(held);
  return heldBy === 'window' && bucket !== undefined
    ? l10n.t('{0} for the Hub’s {1} window', requests, bucket)
    : l10n.t('{0} for {1}', requests, held.by === 'unknown' ? unnamed(held) : heldName(held));
}

/** In a sentence. */
function unnamed(held: HeldRequests): string {
  return heldNames(held).model || l10n.t('the server');
}

/** Why they are held, in a sentence. */
export function whyHeld({ heldBy }: HeldRequests): string {
  switch (heldBy) {
    case 'window':
      return l10n.t('The window is full: more requests would be refused before it opens again.');
    case 'refusal':
      return l10n.t(
        'The server refused a request of this limit: the next ones wait, or it would refuse them too.',
      );
    case 'unsettled':
      return l10n.t(
        'Hugging Face holds money for each request until it is settled, and too little is left for another.',
      );
    case 'concurrency':
      return l10n.t('The limit of requests at once is reached. The next one goes when one has ended.');
  }
}

/** What `headroom.releaseHeld` does. */
export function releaseExplained(): string {
  return l10n.t('Release sends them at once; the server may refuse them.');
}

/** What `headroom.cancelHeld` does. */
export function cancelExplained(): string {
  return l10n.t('Cancel answers them with a 429 which says that you cancelled them.');
}
