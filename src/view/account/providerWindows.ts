import * as l10n from '@vscode/l10n';
import { formatCountdown, formatIn } from '../../limits/headers/duration.ts';
import {
  type ProviderWindow,
  shownUntil,
  windowNow,
  windowWords,
} from '../../limits/pacing/providerWindow.ts';
import { oneLine } from '../text/plainText.ts';
import { countsDownMs } from '../text/times.ts';

const minuteMs = 60_000;
/** The windows of many models would bury the rest of the tree. */
const mostShown = 30;

/** The windows that are not over; of many the last reported ones, in their own order. */
export function shownWindows(windows: readonly ProviderWindow[], now: number): ProviderWindow[] {
  const current = windows.filter(window => shownUntil(window) > now);
  if (current.length <= mostShown) return current;
  const last = new Set([...current].sort((a, b) => b.asOf - a.asOf).slice(0, mostShown));
  return current.filter(window => last.has(window));
}

/** The windows of the user's own keys. All users share those of Hugging Face's account: they raise no alarm. */
export function ownWindows(windows: readonly ProviderWindow[], now: number): ProviderWindow[] {
  return shownWindows(windows, now).filter(({ isShownOnly }) => !isShownOnly);
}

/** `groq · tokens per minute`. Plain text. */
export function windowTitle(window: ProviderWindow): string {
  return `${oneLine(window.provider, 24)} · ${windowName(window)}`;
}

/** `0:07` in the last minute, or in the last hour of a nearly full window; else `in 5 h`. */
export function resetCountdown(window: ProviderWindow, now: number, locale: string, stepMs = 1): string {
  const { resetsAt } = windowNow(window, now);
  if (resetsAt === undefined) return '';
  const left = resetsAt - now;
  if (!countsSeconds(window, now)) return formatIn(left, locale);
  return formatCountdown(Math.ceil(left / stepMs) * stepMs);
}

export function countsSeconds(window: ProviderWindow, now: number): boolean {
  const { resetsAt, state } = windowNow(window, now);
  const isTight = state === 'full' || state === 'nearly-full';
  return resetsAt !== undefined && resetsAt - now <= (isTight ? countsDownMs : minuteMs);
}

/** `tokens per minute`. Plain text. */
export function windowName(window: ProviderWindow): string {
  const words = windowWords(window);
  return Object.hasOwn(names, words) ? (names[words]?.() ?? words) : oneLine(words, 40);
}

const names: Readonly<Record<string, () => string>> = {
  'requests per minute': () => l10n.t('requests per minute'),
  'requests per hour': () => l10n.t('requests per hour'),
  'requests per day': () => l10n.t('requests per day'),
  'tokens per minute': () => l10n.t('tokens per minute'),
  'tokens per hour': () => l10n.t('tokens per hour'),
  'tokens per day': () => l10n.t('tokens per day'),
  requests: () => l10n.t('requests'),
  tokens: () => l10n.t('tokens'),
  'prompt tokens': () => l10n.t('prompt tokens'),
  'cache-adjusted prompt tokens': () => l10n.t('cache-adjusted prompt tokens'),
  'generated tokens': () => l10n.t('generated tokens'),
};
