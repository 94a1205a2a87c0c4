import * as l10n from '@vscode/l10n';
import { byLocale, memo } from '../../limits/headers/memo.ts';

/** `0.98 US dollars`: screen readers may spell `$`. */
export function spokenUsd(nanoUsd: number, locale: string): string {
  const format = usdInWords(2)(locale);
  if (nanoUsd > 0 && nanoUsd < 10_000_000) return l10n.t('less than {0}', format.format(0.01));
  return format.format(nanoUsd / 1e9);
}

/** `1 minute 52 seconds`; from an hour on without seconds. Rounded up, as `formatCountdown`. */
export function spokenDuration(ms: number, locale: string): string {
  const total = Math.ceil(Math.max(0, ms) / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = total % 60;
  const words: string[] = [];
  if (hours > 0) words.push(inWords('hour')(locale).format(hours));
  if (minutes > 0) words.push(inWords('minute')(locale).format(minutes));
  if (hours === 0 && (seconds > 0 || minutes === 0)) words.push(inWords('second')(locale).format(seconds));
  return words.join(' ');
}

/** `40 seconds ago`, in the steps of `ageText`. */
export function spokenAge(asOf: number, now: number, locale: string): string {
  const seconds = Math.floor(Math.max(0, now - asOf) / 1000);
  if (seconds < 10) return l10n.t('just now');
  const format = agoInWords(locale);
  if (seconds < 60) return format.format(-(seconds - (seconds % 10)), 'second');
  if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour');
  return format.format(-Math.floor(seconds / 86_400), 'day');
}

/** By the most digits of a fraction. */
export const usdInWords = memo((maximumFractionDigits: number) =>
  byLocale(
    locale =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'USD',
        currencyDisplay: 'name',
        minimumFractionDigits: 2,
        maximumFractionDigits,
      }),
  ),
);

const agoInWords = byLocale(
  locale => new Intl.RelativeTimeFormat(locale, { style: 'long', numeric: 'always' }),
);

const inWords = memo((unit: string) =>
  byLocale(locale => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })),
);
