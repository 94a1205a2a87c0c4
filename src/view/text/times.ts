import * as l10n from '@vscode/l10n';
import { formatAge, formatAmount, formatDate, formatSpan } from '../../limits/headers/duration.ts';
import { byLocale, memo } from '../../limits/headers/memo.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Shorter waits are shown as a countdown. */
export const countsDownMs = hourMs;

/** `40 s ago`, in steps of 10 s below a minute: it changes with the slow tick, not each second. */
export function ageText(asOf: number, now: number, locale: string): string {
  const age = Math.max(0, now - asOf);
  if (age < 10 * secondMs) return l10n.t('just now');
  return formatAge(age < minuteMs ? age - (age % (10 * secondMs)) : age, locale);
}

/** `2 min`: rounded up to whole minutes. */
export function minutesLeft(ms: number, locale: string): string {
  return formatAmount(wholeMinutesMs(ms) / minuteMs, 'minute', locale);
}

/** Rounded up to whole minutes. */
function wholeMinutesMs(ms: number): number {
  return Math.ceil(ms / minuteMs) * minuteMs;
}

/** What the text of a time depends on. `now`: epoch ms. `timeZone`: IANA name; undefined: this computer's. */
interface Clock {
  readonly now: number;
  readonly locale: string;
  readonly timeZone?: string;
}

/** `14:02`, with the day from a day away; a dash for a time beyond the calendar. */
export function clockText(at: number, { now, locale, timeZone }: Clock): string {
  if (!isDate(at)) return '–';
  if (Math.abs(now - at) >= dayMs) return formatDate(at, locale, timeZone);
  return clockIn(timeZone)(locale).format(at);
}

/** `14:03:52`: a view that is not drawn each second shows the end as a time. */
export function clockWithSeconds(at: number, { locale, timeZone }: Omit<Clock, 'now'>): string {
  return isDate(at) ? clockIn(timeZone, true)(locale).format(Math.ceil(at / secondMs) * secondMs) : '–';
}

/** `2025-11-22T14:02:00.000Z`, for the clipboard. */
export function isoText(at: number): string {
  return isDate(at) ? new Date(at).toISOString() : '–';
}

/** A server's wait may reach beyond the last date, for which formatters throw. */
function isDate(at: number): boolean {
  return !Number.isNaN(new Date(at).getTime());
}

/** `1 Dec`, of a UTC day. */
export function utcDayText(at: number, locale: string): string {
  return isDate(at) ? utcDay(locale).format(at) : '–';
}

/** `Tue, Dec 1`, of a day in the time zone. */
export function dayText(at: number, { locale, timeZone }: Omit<Clock, 'now'>): string {
  return isDate(at) ? dayIn(timeZone)(locale).format(at) : '–';
}

/** `Thursday`, of a UTC day. */
export function weekdayText(at: number, locale: string): string {
  return isDate(at) ? utcWeekday(locale).format(at) : '–';
}

/** `November`, of a UTC month. */
export function monthText(at: number, locale: string): string {
  return isDate(at) ? utcMonth(locale).format(at) : '–';
}

const spans = new Map([
  [60, () => l10n.t('a minute')],
  [3600, () => l10n.t('an hour')],
  [86_400, () => l10n.t('a day')],
]);

/** `5 min`, `an hour`: a window's length in a sentence, as in `128 in an hour`. */
export function spanInWords(seconds: number, locale: string): string {
  return spans.get(seconds)?.() ?? formatSpan(seconds, locale);
}

/** Shorter times are in seconds. */
export const minutesFromSeconds = 120;

/** `15 min`, `40 s`: a quota of time, rounded down; in minutes from two on. */
export function amountOfTime(seconds: number, locale: string): string {
  return seconds < minutesFromSeconds
    ? formatAmount(Math.floor(Math.max(0, seconds)), 'second', locale)
    : formatAmount(Math.floor(seconds / 60), 'minute', locale);
}

const utcDay = byLocale(
  locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
);

const dayIn = memo((timeZone: string | undefined) =>
  byLocale(
    locale => new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone }),
  ),
);

const utcWeekday = byLocale(locale => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }));

const utcMonth = byLocale(locale => new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }));

const clockIn = (timeZone: string | undefined, seconds = false) =>
  clock(`${seconds ? 's' : ''} ${timeZone ?? ''}`);

/** By `s` for seconds, and the time zone. */
const clock = memo((key: string) => {
  const [seconds, timeZone] = key.split(' ');
  return byLocale(
    locale =>
      new Intl.DateTimeFormat(locale, {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        ...(seconds && { second: '2-digit' }),
        ...(timeZone && { timeZone }),
      }),
  );
});
