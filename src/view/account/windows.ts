import * as l10n from '@vscode/l10n';
import { mergeWindows } from '../../limits/account/mergeWindows.ts';
import { formatCountdown, formatIn } from '../../limits/headers/duration.ts';
import { type RateWindow, windowState } from '../../limits/headers/rateLimit.ts';
import { shownUntil, windowNow, windowWords } from '../../limits/pacing/providerWindow.ts';
import { oneLine } from '../text/plainText.ts';
import { countsDownMs, minutesLeft } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';

/** The Hub's windows are of 5 minutes: https://huggingface.co/docs/hub/rate-limits. */
const hubWindowSeconds = 300;
const minuteMs = 60_000;
/** The windows of many models would bury the rest of the tree. */
const mostShown = 30;

/** A window as it stands now: the Hub's, or a provider's. */
export interface ShownWindow extends RateWindow {
  /** The use since its end is not known. */
  readonly isOver: boolean;
}

/** The Hub's windows, one for each bucket, merged from the gauge and the headers of all responses. */
export function hubWindows({ snapshot, learnedHubWindows, now }: ViewInput): ShownWindow[] {
  const fromHeaders = [...snapshot.headerWindows, ...learnedHubWindows];
  return mergeWindows(snapshot.gauges.value?.windows ?? [], fromHeaders, now).map(window => {
    const { resetsAt, asOf, windowSeconds = hubWindowSeconds } = window;
    // a gauge has no reset
    const isOver = (resetsAt ?? asOf + windowSeconds * 1000) <= now;
    return { ...window, isOver, state: isOver ? undefined : windowState(window, now) };
  });
}

/** Providers' windows; of many the last reported ones, in their own order. */
export function providerWindows({ providerWindows: windows, now }: ViewInput): ShownWindow[] {
  const current = windows.filter(window => shownUntil(window) > now);
  const last = new Set(current.toSorted((a, b) => b.asOf - a.asOf).slice(0, mostShown));
  return current.flatMap(window => {
    if (!last.has(window)) return [];
    const known = windowNow(window, now);
    return { ...known, isOver: window.remaining !== undefined && known.remaining === undefined };
  });
}

/** The windows that raise alarms. Not those of Hugging Face's accounts at providers: all users share them. */
export function ownWindows(input: ViewInput): ShownWindow[] {
  return [...hubWindows(input), ...providerWindows(input).filter(({ isShownOnly }) => !isShownOnly)];
}

/** Full or nearly: its reset counts down in seconds. */
export function isNearlyFull({ state }: RateWindow): boolean {
  return state === 'nearly-full' || state === 'full';
}

/** In the last hour of a nearly full window, and in the last minute of a provider's. */
export function countsSeconds(window: RateWindow, now: number): boolean {
  const { resetsAt = now, provider } = window;
  const longestMs = isNearlyFull(window) ? countsDownMs : provider === undefined ? 0 : minuteMs;
  return resetsAt > now && resetsAt - now <= longestMs;
}

/** `0:07`, `2 min` of the Hub's, `in 5 h` of a provider's; empty: not known. */
export function resetText(window: RateWindow, { now, locale }: ViewInput): string {
  const left = (window.resetsAt ?? now) - now;
  if (left <= 0) return '';
  if (countsSeconds(window, now)) return formatCountdown(left);
  return window.provider === undefined ? minutesLeft(left, locale) : formatIn(left, locale);
}

/** `Hub API`, `groq · tokens per minute`. Plain text. */
export function windowTitle(window: RateWindow): string {
  const { provider, bucket } = window;
  return provider === undefined ? hubBucketName(bucket) : `${oneLine(provider, 24)} · ${windowName(window)}`;
}

/** `Hub API`, `Hub downloads`, `Hub search`. */
export function hubBucketName(bucket: string): string {
  const name = oneLine(bucket, 24);
  return buckets.get(name)?.hub() ?? (name === '' ? l10n.t('Hub') : l10n.t('Hub {0}', name));
}

/** `downloads`, `groq`: the window's limit in a section's summary. Plain text. */
export function windowOwner({ provider, bucket }: RateWindow): string {
  return oneLine(provider ?? buckets.get(bucket)?.short() ?? bucket, 40);
}

/** `Downloads`, `tokens per minute`; `tokens/min` with `shortLimitName`. Plain text. */
export function windowName(window: RateWindow, nameOf = limitName): string {
  const { provider, bucket } = window;
  if (provider === undefined) return buckets.get(bucket)?.long() ?? oneLine(bucket, 40);
  return nameOf(windowWords(window));
}

/** `tokens per minute` in the reader's language; a server's other words as they came. Plain text. */
export function limitName(words: string): string {
  return names.get(words)?.() ?? oneLine(words, 60);
}

/** `tokens/min`, for a narrow row. Plain text. */
export function shortLimitName(words: string): string {
  return shortNames.get(words)?.() ?? limitName(words);
}

/** The requests that a window of the Hub counts, in a sentence. */
export function bucketMeaning(bucket: string): string {
  return buckets.get(bucket)?.meaning() ?? l10n.t('Hugging Face does not document which requests it counts.');
}

/** The Hub's names of its windows say little: https://huggingface.co/docs/hub/rate-limits. */
const buckets: ReadonlyMap<
  string,
  Readonly<Record<'hub' | 'short' | 'long' | 'meaning', () => string>>
> = new Map([
  [
    'api',
    {
      hub: () => l10n.t('Hub API'),
      short: () => l10n.t('API calls'),
      long: () => l10n.t('API calls'),
      meaning: () => l10n.t('Calls of the Hub’s API: to search, to read about repositories, to upload.'),
    },
  ],
  [
    'resolvers',
    {
      hub: () => l10n.t('Hub downloads'),
      short: () => l10n.t('downloads'),
      long: () => l10n.t('Downloads'),
      meaning: () => l10n.t('Files of models, datasets and Spaces.'),
    },
  ],
  [
    'pages',
    {
      hub: () => l10n.t('Hub pages'),
      short: () => l10n.t('web pages'),
      long: () => l10n.t('Web pages'),
      meaning: () => l10n.t('Pages of huggingface.co.'),
    },
  ],
]);

const names = new Map<string, () => string>([
  ['requests per minute', () => l10n.t('requests per minute')],
  ['requests per hour', () => l10n.t('requests per hour')],
  ['requests per day', () => l10n.t('requests per day')],
  ['tokens per minute', () => l10n.t('tokens per minute')],
  ['tokens per hour', () => l10n.t('tokens per hour')],
  ['tokens per day', () => l10n.t('tokens per day')],
  ['requests', () => l10n.t('requests')],
  ['tokens', () => l10n.t('tokens')],
  ['prompt tokens', () => l10n.t('prompt tokens')],
  ['cache-adjusted prompt tokens', () => l10n.t('cache-adjusted prompt tokens')],
  ['generated tokens', () => l10n.t('generated tokens')],
]);

const shortNames = new Map<string, () => string>([
  ['requests per minute', () => l10n.t('requests/min')],
  ['requests per hour', () => l10n.t('requests/h')],
  ['requests per day', () => l10n.t('requests/day')],
  ['tokens per minute', () => l10n.t('tokens/min')],
  ['tokens per hour', () => l10n.t('tokens/h')],
  ['tokens per day', () => l10n.t('tokens/day')],
]);
