import { byLocale } from '../../limits/headers/memo.ts';

const secondMs = 1000;

/** `340 ms`, `1.2 s`, `75 s`: how long a model took. */
export function durationText(ms: number, locale: string): string {
  return ms < secondMs ? milliseconds(locale).format(ms) : seconds(locale).format(ms / secondMs);
}

const milliseconds = byLocale(
  locale => new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 }),
);

const seconds = byLocale(
  locale => new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', maximumSignificantDigits: 2 }),
);
