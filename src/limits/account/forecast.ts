import { monthStart, nextMonthStart } from './credits.ts';

/** The month's spend at a time, as Hugging Face told it. Epoch ms, nano-USD. */
export interface BalanceSample {
  readonly at: number;
  readonly usedNanoUsd: number;
  /** Of this month; undefined: not known. */
  readonly requests?: number;
}

/** Four of five months end between `low` and `high`. */
export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** `low` and `high` are missing until three days are known. */
type LikelyRange = Partial<Range> & Pick<Range, 'likely'>;

/** What a UTC month will come to. Nano-USD and epoch ms. */
export interface Forecast {
  readonly monthNanoUsd: LikelyRange;
  /**
   * When the credits or the budget are used up. Undefined: not before they are reset. `low` is the earliest time,
   * `high` is missing when they may also last.
   */
  readonly runsOutAt?: LikelyRange;
  /** What is left on the 1st, and lapses. */
  readonly unusedNanoUsd?: number;
  /** Since 00:00 UTC. */
  readonly todayNanoUsd?: number;
  /** So much a day from now on uses up what was left this morning by the 1st. */
  readonly fairTodayNanoUsd?: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Placeholders come and go within half an hour: a shorter span is noise. */
const shortestSpanMs = hourMs;
const leastOfMonth = 0.03;
/** A longer silence says nothing about the days in it. */
export const longestGapMs = 36 * hourMs;
/** Standard deviations on each side of four fifths of a normal distribution. */
const fourFifths = 1.28;
const daysForScatter = 3;
const daysForWeekdays = 14;
/** No day of the week is quite without spend: a month may begin with it. */
const leastWeight = 0.02;
/** Longer than a weekend. */
const idleDays = 3;

/**
 * The rest of the month at the pace of this month so far, with the rhythm of the week once two weeks are known.
 * Undefined below 3 % of the month, and with less than an hour of samples.
 * @param samples of one account, of this month and the one before, in any order
 * @param wholeNanoUsd the credits or the budget; undefined: not known
 */
export function forecastMonth(
  samples: readonly BalanceSample[],
  wholeNanoUsd: number | undefined,
  now: number,
): Forecast | undefined {
  const outlook = outlookOf(samples, now);
  if (!outlook) return undefined;
  const { settled, last, end, scatter, ahead, spread } = outlook;
  const monthNanoUsd = rangeAt(outlook, end);
  if (wholeNanoUsd === undefined) return { monthNanoUsd };
  const { likely } = monthNanoUsd;
  const rest = wholeNanoUsd - last.usedNanoUsd;
  const crossing = (direction: number) =>
    firstHour(last.at, end, at => ahead(at) + direction * (spread(at) ?? 0) >= rest);
  const gone = rest > 0 ? crossing(0) : undefined;
  return {
    monthNanoUsd,
    ...(gone !== undefined && {
      runsOutAt: { likely: gone, ...(scatter && { low: crossing(1), high: crossing(-1) }) },
    }),
    ...(likely < wholeNanoUsd && { unusedNanoUsd: wholeNanoUsd - likely }),
    ...todayIn(settled, wholeNanoUsd, { now, end }),
  };
}

/** What will have been spent by epoch ms `at`. */
export type ForecastDay = LikelyRange & { readonly at: number };

/** The same month day by day, from its last sample to its end; empty: too little is known. */
export function forecastDays(samples: readonly BalanceSample[], now: number): ForecastDay[] {
  const outlook = outlookOf(samples, now);
  if (!outlook) return [];
  const { last, end } = outlook;
  const days: ForecastDay[] = [{ at: last.at, ...rangeAt(outlook, last.at) }];
  for (let at = (Math.floor(last.at / dayMs) + 1) * dayMs; at <= end; at += dayMs) {
    days.push({ at, ...rangeAt(outlook, at) });
  }
  return days;
}

interface Outlook {
  readonly settled: readonly BalanceSample[];
  readonly last: BalanceSample;
  /** Epoch ms of the month's end. */
  readonly end: number;
  readonly scatter: Scatter | undefined;
  /** Nano-USD from the last sample until epoch ms `until`. */
  readonly ahead: (until: number) => number;
  /** Nano-USD on each side of it. */
  readonly spread: (until: number) => number | undefined;
}

function outlookOf(samples: readonly BalanceSample[], now: number): Outlook | undefined {
  const start = monthStart(now);
  const end = nextMonthStart(now);
  const settled = settledSpend(samples.filter(({ at }) => at >= start && at <= now));
  const [first, last] = [settled[0], settled.at(-1)];
  if (!first || !last || last.at - first.at < shortestSpanMs) return undefined;
  if (last.at - start < leastOfMonth * (end - start)) return undefined;
  const before = daysIn(settledSpend(samples.filter(({ at }) => at >= monthStart(start - 1) && at < start)));
  const since = before.some(({ nanoUsd }) => nanoUsd > 0) ? start : beginOfUse(daysIn(settled), start);
  const days = [...before, ...daysIn(settled)].filter(({ at }) => at < start || at >= since);
  const weights = weekdayWeights(days);
  const pace = paceOf(settled, since, weights);
  const scatter = scatterOf(days, pace, weights);
  return {
    settled,
    last,
    end,
    scatter,
    ahead: until => pace * weighted(last.at, until, weights),
    spread: until => {
      const daysAhead = (until - last.at) / dayMs;
      // the days' own scatter, and that of the pace, which is a mean of them
      return scatter && fourFifths * scatter.nanoUsd * Math.sqrt(daysAhead + daysAhead ** 2 / scatter.days);
    },
  };
}

function rangeAt({ last, ahead, spread }: Outlook, at: number): LikelyRange {
  const likely = Math.round(last.usedNanoUsd + ahead(at));
  const around = spread(at);
  if (around === undefined) return { likely };
  return {
    likely,
    low: Math.max(last.usedNanoUsd, Math.round(likely - around)),
    high: Math.round(likely + around),
  };
}

/**
 * Without what was booked for requests and taken back: spend only grows, so a later, lower sample shows how much of the
 * earlier ones was placeholders, or still the month before. In order.
 */
export function settledSpend(samples: readonly BalanceSample[]): BalanceSample[] {
  const settled = samples.toSorted((a, b) => a.at - b.at);
  let least = Number.POSITIVE_INFINITY;
  for (let index = settled.length - 1; index >= 0; index--) {
    const { at, usedNanoUsd } = settled[index] as BalanceSample;
    least = Math.min(least, usedNanoUsd);
    settled[index] = { at, usedNanoUsd: least };
  }
  return settled;
}

interface Day {
  /** Epoch ms of 00:00 UTC. */
  readonly at: number;
  readonly nanoUsd: number;
}

/** The whole UTC days between samples that are near enough. */
function daysIn(settled: readonly BalanceSample[]): Day[] {
  const [first, last] = [settled[0], settled.at(-1)];
  if (!first || !last) return [];
  const days: Day[] = [];
  for (let at = Math.ceil(first.at / dayMs) * dayMs; at + dayMs <= last.at; at += dayMs) {
    const [before, after] = [spendAt(settled, at), spendAt(settled, at + dayMs)];
    if (before !== undefined && after !== undefined) days.push({ at, nanoUsd: after - before });
  }
  return days;
}

/** The month's start, or the first day with spend after idle ones, if there is spend on each day since. */
function beginOfUse(days: readonly Day[], start: number): number {
  const first = days.findIndex(({ nanoUsd }) => nanoUsd > 0);
  const used = days.slice(first);
  const began = first >= idleDays && used.length >= idleDays && used.every(({ nanoUsd }) => nanoUsd > 0);
  return (began && used[0]?.at) || start;
}

/** Between two samples; undefined outside of them and in a gap. */
function spendAt(settled: readonly BalanceSample[], at: number): number | undefined {
  const index = settled.findIndex(sample => sample.at >= at);
  const after = settled[index];
  if (!after) return undefined;
  if (after.at === at) return after.usedNanoUsd;
  const before = settled[index - 1];
  if (!before || after.at - before.at > longestGapMs) return undefined;
  const share = (at - before.at) / (after.at - before.at);
  return before.usedNanoUsd + share * (after.usedNanoUsd - before.usedNanoUsd);
}

/** How busy each day of the week is, Thursday (of 1970-01-01) first; 1 is the mean. */
type Weights = readonly number[];

const evenly: Weights = Array.from({ length: 7 }, () => 1);

function weekdayWeights(days: readonly Day[]): Weights {
  const groups = evenly.map((_, weekday) => days.filter(({ at }) => weekdayAt(at) === weekday));
  const spends = groups.map(group => group.map(({ nanoUsd }) => nanoUsd));
  if (days.length < daysForWeekdays || spends.some(({ length }) => length < 2)) return evenly;
  const means = spends.map(meanOf);
  const mean = meanOf(means);
  const between = varianceOf(means);
  if (mean === 0 || between === 0) return evenly;
  const within = meanOf(spends.map(spend => varianceOf(spend) / spend.length));
  // chance alone makes weekdays differ: only what goes beyond it is a rhythm (James and Stein)
  const rhythm = Math.max(0, 1 - within / between);
  return means.map(one => Math.max(leastWeight, 1 + rhythm * (one / mean - 1)));
}

function weekdayAt(at: number): number {
  return Math.floor(at / dayMs) % 7;
}

/** Days between two times, each with its weight. */
function weighted(from: number, until: number, weights: Weights): number {
  let sum = 0;
  for (let at = from; at < until; ) {
    const next = Math.min(until, (Math.floor(at / dayMs) + 1) * dayMs);
    sum += ((next - at) / dayMs) * (weights[weekdayAt(at)] ?? 1);
    at = next;
  }
  return sum;
}

/** Nano-USD a day of weight 1: what was seen to be spent, at most what the month has used since its start. */
function paceOf(settled: readonly BalanceSample[], since: number, weights: Weights): number {
  const [first, last] = [settled[0], settled.at(-1)] as [BalanceSample, BalanceSample];
  const sinceStart = last.usedNanoUsd / weighted(since, last.at, weights);
  if (last.at - first.at < dayMs) return sinceStart;
  const seen = (last.usedNanoUsd - first.usedNanoUsd) / weighted(Math.max(first.at, since), last.at, weights);
  return Math.min(seen, sinceStart);
}

interface Scatter {
  /** Standard deviation of a day. */
  readonly nanoUsd: number;
  readonly days: number;
}

function scatterOf(days: readonly Day[], pace: number, weights: Weights): Scatter | undefined {
  if (days.length < daysForScatter) return undefined;
  const squares = days.map(({ at, nanoUsd }) => (nanoUsd - pace * (weights[weekdayAt(at)] ?? 1)) ** 2);
  return { nanoUsd: Math.sqrt(meanOf(squares)), days: days.length };
}

/** The first of the hours after `from` for which the condition holds. */
function firstHour(from: number, end: number, holds: (at: number) => boolean): number | undefined {
  for (let at = from; at < end; at += hourMs) if (holds(at)) return at;
  return undefined;
}

function todayIn(
  settled: readonly BalanceSample[],
  wholeNanoUsd: number,
  { now, end }: { now: number; end: number },
): Pick<Forecast, 'todayNanoUsd' | 'fairTodayNanoUsd'> {
  const today = Math.floor(now / dayMs) * dayMs;
  const morning = today === monthStart(now) ? 0 : spendAt(settled, today);
  const last = settled.at(-1);
  if (morning === undefined || !last || last.at < today) return {};
  return {
    todayNanoUsd: Math.round(last.usedNanoUsd - morning),
    fairTodayNanoUsd: Math.round(Math.max(0, wholeNanoUsd - morning) / ((end - today) / dayMs)),
  };
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares / Math.max(1, values.length - 1);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
