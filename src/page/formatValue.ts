import { formatUsd } from '../limits/account/money.ts';
import { formatDuration } from '../limits/headers/duration.ts';
import { byLocale, memo } from '../limits/headers/memo.ts';
import type { Unit } from '../view/dashboard/dashboardState.ts';

const nanoPerUsd = 1e9;
/** `$10K` and up. */
const compactFrom = 10_000 * nanoPerUsd;
/** Of a fraction of a dollar: nano-USD has nine, and a chart of one nano-USD has tenths of it as ticks. */
const mostDigits = 12;

/** `$0.12`, `1,204`, `340 ms`, `1.24 s`: a value with the precision that a reader needs. */
export function formatValue(value: number, unit: Unit, locale: string): string {
  if (unit === 'nano-usd') return formatUsd(value, locale);
  return unit === 'ms' ? formatDuration(value, locale) : whole(locale).format(value);
}

/** A formatter for an axis: equal steps stay apart, however small, and great numbers stay short. */
export function axisFormat(unit: Unit, ticks: readonly number[], locale: string): (value: number) => string {
  if (unit === 'ms') return value => formatDuration(value, locale);
  if (unit !== 'nano-usd') return value => compact(locale).format(value);
  const step = ((ticks[1] ?? nanoPerUsd) - (ticks[0] ?? 0)) / nanoPerUsd;
  const digits = step >= 1 ? 0 : Math.min(mostDigits, Math.max(2, Math.ceil(-Math.log10(step))));
  const format = (ticks.at(-1) ?? 0) >= compactFrom ? compactUsd(locale) : usd(digits)(locale);
  return value => format.format(value / nanoPerUsd);
}

const whole = byLocale(locale => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const compact = byLocale(locale => new Intl.NumberFormat(locale, { notation: 'compact' }));
const compactUsd = byLocale(
  locale => new Intl.NumberFormat(locale, { notation: 'compact', style: 'currency', currency: 'USD' }),
);
const usd = memo((digits: number) =>
  byLocale(
    locale =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'USD',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  ),
);
