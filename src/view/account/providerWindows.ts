import * as l10n from '@vscode/l10n';
import { formatCountdown, formatIn } from '../../limits/headers/duration.ts';
import {
  type ProviderWindow,
  shownUntil,
  windowNow,
  windowWords,
} from '../../limits/pacing/providerWindow.ts';
import { oneLine } from '../text/plainText.ts';
import { countsDownMs, nextCountdownChangeAt, nextInChangeAt } from '../text/times.ts';

const minuteMs = 60_000;
/** Who asks many models would find nothing else in the tree. */
const mostShown = 30;

/** Those that still matter: of many the ones that were told of last, in their own order. */
export function shownWindows(windows: readonly ProviderWindow[] = [], now: number): ProviderWindow[] {
  const current = windows.filter(window => shownUntil(window) > now);
  if (current.length <= mostShown) return current;
  const last = new Set([...current].sort((a, b) => b.asOf - a.asOf).slice(0, mostShown));
  return current.filter(window => last.has(window));
}

/** Of the user's own keys: what Hugging Face's account shares with all its users is nobody's alarm. */
export function ownWindows(windows: readonly ProviderWindow[] | undefined, now: number): ProviderWindow[] {
  return shownWindows(windows, now).filter(({ isShownOnly }) => !isShownOnly);
}

/** `groq · tokens per minute`. Plain text. */
export function windowTitle(window: ProviderWindow): string {
  return `${oneLine(window.provider, 24)} · ${windowName(window)}`;
}

/** `0:07` of the last minute, or of the last hour when it is nearly full; else `in 5 h`. */
export function resetCountdown(window: ProviderWindow, now: number, locale: string, stepMs = 1): string {
  const { resetsAt } = windowNow(window, now);
  if (resetsAt === undefined) return '';
  const left = resetsAt - now;
  if (!countsSeconds(window, now)) return formatIn(left, locale);
  return formatCountdown(Math.ceil(left / stepMs) * stepMs);
}

/** Epoch ms at which something about it looks different; undefined: never. */
export function nextWindowChangeAt(
  window: ProviderWindow,
  now: number,
  watched: boolean,
): number | undefined {
  const { resetsAt } = windowNow(window, now);
  const gone = shownUntil(window);
  if (resetsAt === undefined || !watched) return Math.min(gone, resetsAt ?? gone);
  const change = countsSeconds(window, now)
    ? nextCountdownChangeAt(resetsAt, now)
    : nextInChangeAt(resetsAt, now);
  return Math.min(gone, change ?? gone);
}

function countsSeconds(window: ProviderWindow, now: number): boolean {
  const { resetsAt = now, state } = windowNow(window, now);
  const counts = state === 'full' || state === 'nearly-full';
  return resetsAt - now <= (counts ? countsDownMs : minuteMs);
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
