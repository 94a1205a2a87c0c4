import * as l10n from '@vscode/l10n';
import { formatAge, formatDate, formatSpan } from '../../limits/headers/duration.ts';
import { byLocale } from './byLocale.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Shorter waits are shown as a countdown. */
export const countsDownMs = hourMs;

/** How long ago, in steps of ten seconds at first, so that a face need not be drawn every second. */
export function ageText(asOf: number, now: number, locale: string): string {
  const age = Math.max(0, now - asOf);
  if (age < 10 * secondMs) return l10n.t('just now');
  return formatAge(age < minuteMs ? age - (age % (10 * secondMs)) : age, locale);
}

/** Epoch ms at which `ageText` says something else. */
export function nextAgeChangeAt(asOf: number, now: number): number {
  const age = Math.max(0, now - asOf);
  const step = age < minuteMs ? 10 * secondMs : age < hourMs ? minuteMs : age < dayMs ? hourMs : dayMs;
  return asOf + (Math.floor(age / step) + 1) * step;
}

/** Epoch ms at which `formatCountdown(until - now)` says something else; undefined when it is over. */
export function nextCountdownChangeAt(until: number, now: number): number | undefined {
  return nextStepAt(until, now, secondMs);
}

/** Epoch ms at which `minutesLeft(until - now)` says something else; undefined when it is over. */
export function nextMinuteChangeAt(until: number, now: number): number | undefined {
  return nextStepAt(until, now, minuteMs);
}

function nextStepAt(until: number, now: number, stepMs: number): number | undefined {
  if (until <= now) return undefined;
  return until - (Math.ceil((until - now) / stepMs) - 1) * stepMs;
}

/** `2 min`: a wait in whole minutes, rounded up, so that a face need not be drawn every second. */
export function minutesLeft(ms: number, locale: string): string {
  return shortUnit.minute(locale).format(wholeMinutesMs(ms) / minuteMs);
}

/** Rounded up to whole minutes. */
export function wholeMinutesMs(ms: number): number {
  return Math.ceil(ms / minuteMs) * minuteMs;
}

/** Epoch ms at which `formatIn(until - now)` may say something else; undefined when it is over. */
export function nextInChangeAt(until: number, now: number): number | undefined {
  const left = until - now;
  if (left <= 0) return undefined;
  const step = left > hourMs ? hourMs : left > minuteMs ? minuteMs : secondMs;
  // days are rounded at the half, and the half itself upwards
  if (left % step === 0 && left > dayMs) return now + 1;
  return until - (Math.ceil(left / step) - 1) * step;
}

/** `14:02`; with the day when it is a day or more from `now`; a dash for what is no date. */
export function clockText(at: number, now: number, locale: string, timeZone?: string): string {
  if (!isDate(at)) return '–';
  if (Math.abs(now - at) >= dayMs) return formatDate(at, locale, timeZone);
  return clockIn(timeZone)(locale).format(at);
}

/** `2025-11-22T14:02:00.000Z`, for the clipboard. */
export function isoText(at: number): string {
  return isDate(at) ? new Date(at).toISOString() : '–';
}

/** A server's wait may reach beyond the last date that there is, which formatters throw for. */
function isDate(at: number): boolean {
  return !Number.isNaN(new Date(at).getTime());
}

/** `1 Dec`, of a UTC day. */
export function utcDayText(at: number, locale: string): string {
  return utcDay(locale).format(at);
}

/** `November`, of a UTC month. */
export function monthText(at: number, locale: string): string {
  return isDate(at) ? utcMonth(locale).format(at) : '–';
}

/** `5 min`, `an hour`: the length of a window in a sentence, as in `128 in an hour`. */
export function spanInWords(seconds: number, locale: string): string {
  switch (seconds) {
    case 60:
      return l10n.t('a minute');
    case 3600:
      return l10n.t('an hour');
    case 86_400:
      return l10n.t('a day');
    default:
      return formatSpan(seconds, locale);
  }
}

/** `15 min`, `40 s`: an amount of time to use, to the whole minute once there are two. Rounded down. */
export function amountOfTime(seconds: number, locale: string): string {
  return seconds < 120
    ? shortUnit.second(locale).format(Math.floor(Math.max(0, seconds)))
    : shortUnit.minute(locale).format(Math.floor(seconds / 60));
}

const shortUnit = {
  second: byLocale(locale => unit(locale, 'second')),
  minute: byLocale(locale => unit(locale, 'minute')),
};

function unit(locale: string, name: string): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' });
}

const utcDay = byLocale(
  locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
);

const utcMonth = byLocale(locale => new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }));

const clocks = new Map<string | undefined, (locale: string) => Intl.DateTimeFormat>();

function clockIn(timeZone: string | undefined): (locale: string) => Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = byLocale(
      locale =>
        new Intl.DateTimeFormat(locale, {
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
          ...(timeZone === undefined ? {} : { timeZone }),
        }),
    );
    clocks.set(timeZone, clock);
  }
  return clock;
}
