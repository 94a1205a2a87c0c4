import { byLocale, memo } from './memo.ts';

const secondMs = 1000;
const dayMs = 86_400_000;
/** In seconds, the largest first. */
const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;
type Unit = (typeof units)[number][0];
type AmountUnit = Unit | 'millisecond';

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
  const seconds = Math.floor(Math.max(0, ms) / secondMs);
  const [unit, length] = units.find(([, length]) => length <= seconds) ?? ['second', 1];
  return relative(-Math.floor(seconds / length), unit, locale);
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
  const divides = ([, length]: (typeof units)[number]) => seconds > 0 && seconds % length === 0;
  const [unit, length] = units.find(divides) ?? ['second', 1];
  return formatAmount(seconds / length, unit, locale);
}

/** `340 ms`, `1.24 s`, `75.3 s`. */
export function formatDuration(ms: number, locale: string): string {
  return ms < secondMs
    ? formatAmount(Math.round(ms), 'millisecond', locale)
    : formatAmount(Number((ms / secondMs).toPrecision(3)), 'second', locale);
}

/** `40 s`, `25 h`. */
export function formatAmount(value: number, unit: AmountUnit, locale: string): string {
  return amount(unit)(locale)(value);
}

/** Epoch ms beyond which `Date` and `Intl` throw: https://tc39.es/ecma262/#sec-time-values-and-time-range. */
const lastDate = 8.64e15;

/**
 * `1 Dec, 00:00 UTC`, a dash for what is no date. The zone is named when given; else it is the machine's own.
 */
export function formatDate(epochMs: number, locale: string, timeZone?: string): string {
  if (!(Math.abs(epochMs) <= lastDate)) return '–';
  return date(timeZone)(locale).format(epochMs);
}

const date = memo((timeZone: string | undefined) => {
  const options = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  const zone = timeZone === undefined ? {} : ({ timeZone, timeZoneName: 'short' } as const);
  return byLocale(locale => new Intl.DateTimeFormat(locale, { ...options, ...zone }));
});

// Intl.DurationFormat came with Node 23; the CLI runs on 22.
const amount = memo((unit: AmountUnit) =>
  byLocale(locale => {
    const formatter = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
    const short = shortUnits(formatter);
    return memo((value: number) => short(formatter.format(value)));
  }),
);

// `numeric: 'auto'` would say `yesterday`, which is not 24 h ago.
const relativeTime = byLocale(locale => {
  const formatter = new Intl.RelativeTimeFormat(locale, { style: 'short' });
  const short = shortUnits(formatter);
  return (value: number, unit: Unit) => short(formatter.format(value, unit));
});

function relative(value: number, unit: Unit, locale: string): string {
  return relativeTime(locale)(value, unit);
}

/** ICU's short English: `40 sec. ago`, `3 hr. ago`, `40 sec`, `3 hr`. */
const englishUnits: readonly (readonly [RegExp, string])[] = [
  [/\bsec\b\.?/, 's'],
  [/\bmin\b\.?/, 'min'],
  [/\bhr\b\.?/, 'h'],
];

function shortUnits(formatter: Intl.RelativeTimeFormat | Intl.NumberFormat): (text: string) => string {
  if (!formatter.resolvedOptions().locale.startsWith('en')) return text => text;
  return text => englishUnits.reduce((words, [long, short]) => words.replace(long, short), text);
}
