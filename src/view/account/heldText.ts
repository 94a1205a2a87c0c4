import * as l10n from '@vscode/l10n';
import type { HeldRequests } from '../../gateway/options.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { refuser } from '../refusals/refusalText.ts';
import { formatCount } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { requestsText } from '../tree/spendRows.ts';
import { hubBucketName } from './buckets.ts';
import type { Waiting } from './heldRequests.ts';

/** `Hub API`, `groq · llama-3.1-8b-instant`: the limit in front of which they wait. Plain text. */
export function heldName(held: HeldRequests): string {
  const { who, what } = heldNames(held);
  return [who, what].filter(Boolean).join(' · ');
}

/** The same in two parts, of which the second may be long or empty. */
export function heldNames(held: HeldRequests): { readonly who: string; readonly what: string } {
  const { by, scope, model = '' } = held;
  const bucket = bucketOf(held);
  if (bucket !== undefined) return { who: hubBucketName(bucket), what: '' };
  const isOfAll = model === '' && by === 'huggingface' && scope === 'router';
  return { who: refuser(by), what: isOfAll ? l10n.t('Inference Providers') : oneLine(model, 60) };
}

/** Of the Hub. */
function bucketOf({ by, scope = '' }: HeldRequests): string | undefined {
  const isBucket = by === 'huggingface' && scope !== '' && scope !== 'router';
  return isBucket ? oneLine(scope, 40) : undefined;
}

/** `12 waiting · 0:38`. */
export function waitingText({ waiting, until }: Waiting, now: number, locale: string): string {
  const count = formatCount(waiting, locale);
  return until === undefined
    ? l10n.t('{0} waiting', count)
    : l10n.t('{0} waiting · {1}', count, formatCountdown(until - now));
}

/** The same in words. */
export function spokenWaiting({ waiting, until }: Waiting, now: number, locale: string): string {
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
export function whoWaits({ waiting, programs }: HeldRequests, locale: string): string {
  if (waiting === 1) return requestsText(waiting, locale);
  const count = formatCount(waiting, locale);
  return programs === 1
    ? l10n.t('{0} requests of one program', count)
    : l10n.t('{0} requests of {1} programs', count, formatCount(programs, locale));
}

/** Who waits, and for what: `12 requests of 2 programs for the Hub’s api window`. Plain text. */
export function whoWaitsForWhat(held: HeldRequests, locale: string): string {
  const { heldBy } = held;
  const who = whoWaits(held, locale);
  if (heldBy === 'unsettled') return l10n.t('{0} for credits that open requests hold', who);
  const bucket = bucketOf(held);
  return heldBy === 'window' && bucket !== undefined
    ? l10n.t('{0} for the Hub’s {1} window', who, bucket)
    : l10n.t('{0} for {1}', who, heldName(held));
}

/** Why they wait, in a sentence. */
export function whyHeld({ heldBy }: HeldRequests): string {
  switch (heldBy) {
    case 'window':
      return l10n.t('The window is spent: more requests would be refused before it opens again.');
    case 'refusal':
      return l10n.t(
        'A request was refused: others of the same limit wait, so that they are not refused too.',
      );
    case 'unsettled':
      return l10n.t(
        'Hugging Face holds money for each request until it is settled, and what is left is not enough for more.',
      );
    case 'concurrency':
      return l10n.t('As many requests are open as are answered at once. One goes when another has ended.');
  }
}

/** What `headroom.releaseHeld` does, without more hope than there is. */
export function releaseExplained(): string {
  return l10n.t('Release sends them at once; they may be refused.');
}

/** What `headroom.cancelHeld` does. */
export function cancelExplained(): string {
  return l10n.t('Cancel answers them with a 429 which says that you cancelled them.');
}
