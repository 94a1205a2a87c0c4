import { byLocale } from '../../limits/headers/memo.ts';
import { type Span, settlesAfterMs } from '../../limits/requests/countedSpan.ts';
import { type CivilDays, localDays, utcDays } from './civilDays.ts';
import type { Range } from './dashboardState.ts';

/** One bar of a chart over time. */
export interface Bin extends Span {
  readonly label: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** First and last day of a bin, in a calendar's numbers. */
type Days = readonly [first: number, last: number];

/** Hugging Face's days, weeks or months in UTC: for money. */
export function utcBins(range: Range, now: number, locale: string): Bin[] {
  return binsOf(utcDays, range, now, locale);
}

/** The reader's. */
export function localBins(range: Range, now: number, timeZone: string | undefined, locale: string): Bin[] {
  return binsOf(localDays(timeZone), range, now, locale);
}

/**
 * The spans to count: each lies within one bin of either calendar, or outside of all. What may still change is in
 * short spans at the end.
 */
export function dashboardSpans(range: Range, now: number, timeZone: string | undefined): Span[] {
  const bins = [utcBins(range, now, 'en'), localBins(range, now, timeZone, 'en')].flat();
  const recent = Math.floor((now - settlesAfterMs) / hourMs) * hourMs;
  const [first = 0, last = 0] = [
    Math.min(...bins.map(({ from }) => from)),
    Math.max(...bins.map(({ until }) => until)),
  ];
  const borders = new Set(bins.flatMap(({ from, until }) => [from, until]));
  if (recent > first && recent < last) borders.add(recent);
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(1).map((until, index) => ({ from: sorted[index] ?? until, until }));
}

function binsOf(calendar: CivilDays, range: Range, now: number, locale: string): Bin[] {
  return daysOf(range, calendar.at(now)).map(days => ({
    from: calendar.start(days[0]),
    until: calendar.start(days[1] + 1),
    label: labelOf(range, days, locale),
  }));
}

/** Oldest first. */
function daysOf(range: Range, today: number): Days[] {
  switch (range) {
    case '7-days':
      return each(today - 6, today);
    case '30-days':
      return each(today - 29, today);
    case 'month':
      return each(monthStart(today, 0), today);
    case 'last-month':
      return each(monthStart(today, -1), monthStart(today, 0) - 1);
    case '90-days':
      return Array.from({ length: 13 }, (_, index): Days => {
        const last = today - 7 * (12 - index);
        return [Math.max(last - 6, today - 89), last];
      });
    case 'year':
      return Array.from({ length: 12 }, (_, index): Days => {
        const first = monthStart(today, index - 11);
        return [first, Math.min(today, monthStart(today, index - 10) - 1)];
      });
  }
}

function each(first: number, last: number): Days[] {
  return Array.from({ length: last - first + 1 }, (_, index): Days => [first + index, first + index]);
}

/** The first day of the month that is `months` after the day's. */
function monthStart(day: number, months: number): number {
  const date = new Date(day * dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / dayMs;
}

/** `Mon, Nov 30`, `Nov 2 – 8` or `Nov 2026`. */
function labelOf(range: Range, [first, last]: Days, locale: string): string {
  if (range === 'year') return month(locale).format(first * dayMs);
  if (range === '90-days') return week(locale).formatRange(first * dayMs, last * dayMs);
  return day(locale).format(first * dayMs);
}

const utc = { timeZone: 'UTC' } as const;
const day = byLocale(
  locale => new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', ...utc }),
);
const week = byLocale(locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...utc }));
const month = byLocale(
  locale => new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', ...utc }),
);
