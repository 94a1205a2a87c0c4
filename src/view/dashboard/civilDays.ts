import { byLocale, memo } from '../../limits/headers/memo.ts';

/** Days of one calendar, numbered from 1970-01-01. */
export interface CivilDays {
  /** Epoch ms of the day's first moment. */
  start(day: number): number;
  /** The day of epoch ms `at`. */
  at(at: number): number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const quarterMs = 900_000;
/** Time zones reach from 12 h behind UTC to 14 h before it. */
const mostBehindMs = 12 * hourMs;
const mostAheadMs = 14 * hourMs;

/** Hugging Face's days. */
export const utcDays: CivilDays = {
  start: day => day * dayMs,
  at: at => Math.floor(at / dayMs),
};

/** The reader's days, from the first whole hour (UTC) on: requests are counted by hour. */
export function localDays(timeZone: string | undefined): CivilDays {
  const at = (epochMs: number) => dayIn(timeZone ?? '', epochMs);
  return { start: day => startIn(`${day} ${timeZone ?? ''}`), at: epochMs => dayAt(epochMs, at, timeZone) };
}

/** The day that holds the hour of `at`, which a day that begins at 00:30 shares with the day before. */
function dayAt(at: number, dayOf: (at: number) => number, timeZone: string | undefined): number {
  const day = dayOf(at);
  return startIn(`${day} ${timeZone ?? ''}`) <= at ? day : day - 1;
}

/** By day and time zone. */
const startIn = memo((key: string) => {
  const [day = '', timeZone = ''] = key.split(' ');
  // the first moment whose day is this one or later: a change to summer time may skip midnight
  let before = Number(day) * dayMs - mostAheadMs - quarterMs;
  let after = Number(day) * dayMs + mostBehindMs + hourMs;
  while (after - before > quarterMs) {
    const middle = before + Math.floor((after - before) / 2 / quarterMs) * quarterMs;
    if (dayIn(timeZone, middle) >= Number(day)) after = middle;
    else before = middle;
  }
  return Math.ceil(after / hourMs) * hourMs;
});

function dayIn(timeZone: string, at: number): number {
  const parts = formatIn(timeZone)('en').formatToParts(at);
  const value = (type: string) => Number(parts.find(part => part.type === type)?.value);
  return Math.floor(Date.UTC(value('year'), value('month') - 1, value('day')) / dayMs);
}

const formatIn = memo((timeZone: string) =>
  byLocale(
    locale =>
      new Intl.DateTimeFormat(locale, {
        calendar: 'gregory',
        numberingSystem: 'latn',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        ...(timeZone !== '' && { timeZone }),
      }),
  ),
);
