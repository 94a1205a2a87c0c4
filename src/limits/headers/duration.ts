import { supportedLocale } from './locale.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** `1:52`, from an hour on `2:03:04`. Rounded up: 0:00 only at the end. */
export function formatCountdown(ms: number): string {
  const total = Math.ceil(Math.max(0, ms) / secondMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const tail = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** `40 s ago`, `24 min ago`, `3 h ago`, `2 days ago`. Rounded down; a future time is `0 s ago`. */
export function formatAge(ms: number, locale: string): string {
  const age = Math.max(0, ms);
  if (age < minuteMs) return relative(0 - Math.floor(age / secondMs), 'second', locale);
  if (age < hourMs) return relative(-Math.floor(age / minuteMs), 'minute', locale);
  if (age < dayMs) return relative(-Math.floor(age / hourMs), 'hour', locale);
  return relative(-Math.floor(age / dayMs), 'day', locale);
}

/** `in 40 s`, `in 24 min`, `in 3 h`, `in 8 days`. Rounded up below a day: never too early. */
export function formatIn(ms: number, locale: string): string {
  const seconds = Math.ceil(Math.max(0, ms) / secondMs);
  if (seconds < 60) return relative(seconds, 'second', locale);
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return relative(minutes, 'minute', locale);
  const hours = Math.ceil(seconds / 3600);
  if (hours < 24) return relative(hours, 'hour', locale);
  return relative(Math.max(1, Math.round(ms / dayMs)), 'day', locale);
}

/** `40 s`, `5 min`, `1 h`, `1 day`: in the largest unit that divides it. */
export function formatSpan(seconds: number, locale: string): string {
  const ms = seconds * secondMs;
  const isMultiple = (unitMs: number) => ms > 0 && ms % unitMs === 0;
  if (isMultiple(dayMs)) return amount(ms / dayMs, 'day', locale);
  if (isMultiple(hourMs)) return amount(ms / hourMs, 'hour', locale);
  if (isMultiple(minuteMs)) return amount(ms / minuteMs, 'minute', locale);
  return amount(seconds, 'second', locale);
}

const dateFormatters = new Map<string, Intl.DateTimeFormat>();

/** Epoch ms beyond which `Date` and `Intl` throw: https://tc39.es/ecma262/#sec-time-values-and-time-range. */
const lastDate = 8.64e15;

/**
 * `1 Dec, 00:00 UTC`, a dash for what is no date. The zone is named when given; else it is the machine's own.
 */
export function formatDate(epochMs: number, locale: string, timeZone?: string): string {
  if (!(Math.abs(epochMs) <= lastDate)) return '–';
  const key = `${locale} ${timeZone ?? ''}`;
  let formatter = dateFormatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(supportedLocale(locale), {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(timeZone !== undefined && { timeZone, timeZoneName: 'short' }),
    });
    dateFormatters.set(key, formatter);
  }
  return formatter.format(epochMs);
}

type Unit = 'second' | 'minute' | 'hour' | 'day';

const relativeFormatters = new Map<string, Intl.RelativeTimeFormat>();
const amountFormatters = new Map<string, Intl.NumberFormat>();
/** ICU's short English: `40 sec. ago`, `3 hr. ago`, `40 sec`, `3 hr`. */
const englishUnits: readonly (readonly [RegExp, string])[] = [
  [/\bsec\b\.?/, 's'],
  [/\bmin\b\.?/, 'min'],
  [/\bhr\b\.?/, 'h'],
];

// Intl.DurationFormat came with Node 23; the CLI runs on 22.
function relative(value: number, unit: Unit, locale: string): string {
  let formatter = relativeFormatters.get(locale);
  if (!formatter) {
    formatter = new Intl.RelativeTimeFormat(supportedLocale(locale), {
      style: 'short',
      // `auto` would say `yesterday`, which is not 24 h ago.
      numeric: 'always',
    });
    relativeFormatters.set(locale, formatter);
  }
  return withShortUnits(formatter.format(value, unit), formatter);
}

function amount(value: number, unit: Unit, locale: string): string {
  const key = `${locale} ${unit}`;
  let formatter = amountFormatters.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat(supportedLocale(locale), {
      style: 'unit',
      unit,
      unitDisplay: 'short',
    });
    amountFormatters.set(key, formatter);
  }
  return withShortUnits(formatter.format(value), formatter);
}

function withShortUnits(text: string, formatter: Intl.RelativeTimeFormat | Intl.NumberFormat): string {
  if (!formatter.resolvedOptions().locale.startsWith('en')) return text;
  return englishUnits.reduce((words, [long, short]) => words.replace(long, short), text);
}
