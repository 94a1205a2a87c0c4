import { type BalanceSample, forecastMonth } from '../../src/limits/account/forecast.ts';
import { type Figure, isMet, median, printFigures, printRows, short } from './gateway/figures.ts';

/**
 * When do the credits run out? Synthetic months of six shapes, asked once a day from a fifth of the month on, until they
 * are gone. Beside the forecast: a straight line through the month so far, and the pace of the last 24 hours, which
 * Headroom took before. The error is in days; a method that says "not before the 1st" says the 1st.
 * Run: node test/bench/forecast.ts [seed] [months of each shape] (Node 24).
 */
const [seed = 1, months = 40] = process.argv.slice(2).map(Number);
const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 8, 1);
const month = Date.UTC(2026, 9, 1);
const end = Date.UTC(2026, 10, 1);
const placeholder = 10_000_000;

/** Uniform numbers from 0 to 1. */
type Random = () => number;
/** Nano-USD in the hour that begins at `at`. */
type Spend = (at: number, random: Random) => number;

const weekday = (at: number) => ((Math.floor(at / day) + 4) % 7) % 6 !== 0;
const working = (at: number) => weekday(at) && (at % day) / hour >= 8 && (at % day) / hour < 18;
const exponential = (random: Random) => -Math.log(1 - random());
const cents = (amount: number) => amount * 10_000_000;

/** Made anew for each month: some shapes draw a day first. */
const shapes: Readonly<Record<string, (random: Random) => Spend>> = {
  steady: () => (_, random) => cents(exponential(random)),
  weekdays: () => (at, random) => (working(at) ? cents(4 * exponential(random)) : 0),
  bursts: random => {
    const busy = new Set(Array.from({ length: 61 }, (_, index) => index).filter(() => random() < 0.2));
    return (at, next) => cents((busy.has(Math.floor((at - start) / day)) ? 6 : 0.1) * exponential(next));
  },
  'one runaway': random => {
    const from = month + (2 + 20 * random()) * day;
    return (at, next) => cents((at >= from && at < from + 12 * hour ? 20 : 0.6) * exponential(next));
  },
  'just started': random => {
    const from = month + (1 + 6 * random()) * day;
    return (at, next) => (at >= from ? cents(exponential(next)) : 0);
  },
  'settling backwards': () => (_, random) => cents(exponential(random)),
};

type Method = (samples: readonly BalanceSample[], whole: number, now: number) => number;

const methods: Readonly<Record<string, Method>> = {
  forecast: (samples, whole, now) => forecastMonth(samples, whole, now)?.runsOutAt?.likely ?? end,
  'straight line': (samples, whole, now) => {
    const used = samples.at(-1)?.usedNanoUsd ?? 0;
    return used === 0 ? end : Math.min(end, now + ((whole - used) * (now - month)) / used);
  },
  'last 24 hours': (samples, whole, now) => {
    const recent = samples.filter(({ at }) => at >= Math.max(month, now - day));
    const [first, last] = [recent[0], recent.at(-1)];
    if (!first || !last || last.at - first.at < hour) return end;
    const least = Math.min(...recent.map(({ usedNanoUsd }) => usedNanoUsd));
    const pace = (last.usedNanoUsd - least) / (last.at - first.at);
    return pace <= 0 ? end : Math.min(end, now + (whole - last.usedNanoUsd) / pace);
  },
};

/** How far off a method is: in days, and from date to date in UTC. */
interface Miss {
  readonly days: number;
  readonly dates: number;
}

const date = (at: number) => Math.floor(at / day);
const noMisses = () => new Map(Object.keys(methods).map(name => [name, [] as Miss[]]));

/** By method. */
function errorsOf(shape: string, random: Random): Map<string, Miss[]> {
  const spend = shapes[shape]?.(random) ?? (() => 0);
  const settles = shape === 'settling backwards';
  const samples: BalanceSample[] = [];
  const spent: BalanceSample[] = [];
  let used = 0;
  for (let at = start; at < end; at += hour) {
    if (at === month) used = 0;
    spent.push({ at, usedNanoUsd: used });
    // the laptop sleeps at night, and on some days
    if ((at % day) / hour >= 7 && random() < 0.9) {
      const open = settles && random() < 0.5 ? placeholder * Math.floor(20 * random()) : 0;
      samples.push({ at, usedNanoUsd: Math.round(used) + open });
    }
    used += spend(at, random);
  }
  const whole = used * (0.5 + 0.4 * random());
  const gone = spent.find(({ at, usedNanoUsd }) => at >= month && usedNanoUsd >= whole)?.at ?? end;
  const errors = noMisses();
  for (let now = month + 0.2 * (end - month) + 12 * hour; now < gone; now += day) {
    const known = samples.filter(({ at }) => at <= now);
    const thisMonth = known.filter(({ at }) => at >= month);
    for (const [name, method] of Object.entries(methods)) {
      const told = method(name === 'forecast' ? known : thisMonth, whole, now);
      errors.get(name)?.push({ days: Math.abs(told - gone) / day, dates: Math.abs(date(told) - date(gone)) });
    }
  }
  return errors;
}

const daysOff = (misses: readonly Miss[] = []) => median(misses.map(({ days }) => days));
const all = noMisses();
const rows = [['median error, days', ...Object.keys(methods)]];
const figures: Figure[] = [];
let state = seed;
/** mulberry32 */
const random: Random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
for (const shape of Object.keys(shapes)) {
  const errors = noMisses();
  for (let index = 0; index < months; index++) {
    for (const [name, list] of errorsOf(shape, random)) {
      errors.get(name)?.push(...list);
      all.get(name)?.push(...list);
    }
  }
  const of = (name: string) => daysOff(errors.get(name));
  rows.push([shape, ...Object.keys(methods).map(name => short(of(name)))]);
  figures.push({
    name: `${shape}: forecast / straight line`,
    value: of('forecast') / of('straight line'),
    atMost: 1.1,
  });
}
rows.push(['all', ...Object.keys(methods).map(name => short(daysOff(all.get(name))))]);
const dates = (all.get('forecast') ?? []).map(miss => miss.dates);
figures.push({ name: 'median error of the date', value: median(dates), atMost: 1, unit: ' d' });
console.log(`forecast: seed ${seed}, ${months} months of each shape`);
printRows(rows);
printFigures(figures);
process.exitCode = figures.every(isMet) ? 0 : 1;
