import { byLocale } from '../../limits/headers/memo.ts';

const secondMs = 1000;

/** `340 ms`, `1.2 sec`, `75 sec`: how long a model took, as in the hover of a chart. */
export function durationText(ms: number, locale: string): string {
  return ms < secondMs ? milliseconds(locale).format(ms) : seconds(locale).format(ms / secondMs);
}

const short = { style: 'unit', unitDisplay: 'short' } as const;

const milliseconds = byLocale(
  locale => new Intl.NumberFormat(locale, { ...short, unit: 'millisecond', maximumFractionDigits: 0 }),
);

const seconds = byLocale(
  locale => new Intl.NumberFormat(locale, { ...short, unit: 'second', maximumSignificantDigits: 2 }),
);
