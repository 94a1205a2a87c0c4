import { memoLast } from '../../limits/headers/memo.ts';
import type { CountedSpan, SpanTotal } from '../../limits/requests/countedSpan.ts';
import { addSums, type GrowingSums, noSums, type Sums } from '../../limits/requests/sums.ts';

export type { Sums };

type ByName = ReadonlyMap<string, Sums>;

/** What requests are added up by. An offer is a provider's model. */
const ways = {
  all: () => '',
  provider: ({ provider = '' }: SpanTotal) => provider,
  model: ({ model = '' }: SpanTotal) => model,
  payer: ({ billedTo }: SpanTotal) => billedTo,
  // only the model's name may hold a line break
  offer: ({ provider = '', model = '' }: SpanTotal) => `${provider}\n${model}`,
};
export type Way = keyof typeof ways;

/** Provider and model of an offer's name. */
export function offerOf(name: string): { readonly provider: string; readonly model: string } {
  const end = name.indexOf('\n');
  return { provider: name.slice(0, end), model: name.slice(end + 1) };
}

/** A span's sums by name. Kept with its totals, which stay the same once the span is over. */
export function spanSums({ totals }: Pick<CountedSpan, 'totals'>, way: Way): ByName {
  const kept = keptSums.get(totals) ?? new Map<Way, ByName>();
  keptSums.set(totals, kept);
  const sums = kept.get(way) ?? sumsBy(totals, ways[way]);
  kept.set(way, sums);
  return sums;
}

const keptSums = new WeakMap<readonly SpanTotal[], Map<Way, ByName>>();

/** Spans at the end that may be read anew at each update: those of the last hours, at most. */
const mostRecent = 4;

/** The sums of several spans by name. */
export function sumsOf(spans: readonly CountedSpan[], way: Way): ByName {
  const over = spans.slice(0, -mostRecent).map(({ totals }) => totals);
  const recent = spans.slice(-mostRecent).map(span => spanSums(span, way));
  const [first] = over;
  if (!first) return merged(recent);
  const last = lastSums.get(first) ?? new Map<Way, Memo>();
  lastSums.set(first, last);
  const sums = last.get(way) ?? memoLast<ByName>();
  last.set(way, sums);
  return merged([sums(over, () => merged(over.map(totals => spanSums({ totals }, way)))), ...recent]);
}

type Memo = ReturnType<typeof memoLast<ByName>>;

/** By the totals of the first span: the calendars' spans begin at different ones. */
const lastSums = new WeakMap<readonly SpanTotal[], Map<Way, Memo>>();

/** Of all requests in the spans. */
export function sumOf(spans: readonly CountedSpan[]): Sums {
  return sumsOf(spans, 'all').get('') ?? { ...noSums };
}

/** Of several sums. */
export function added(sums: readonly Sums[]): Sums {
  const all = { ...noSums };
  for (const sum of sums) addSums(all, sum);
  return all;
}

function sumsBy(totals: readonly SpanTotal[], nameOf: (total: SpanTotal) => string): ByName {
  const sums = new Map<string, GrowingSums>();
  for (const total of totals) grow(sums, nameOf(total), total);
  return sums;
}

function merged(parts: readonly ByName[]): ByName {
  const sums = new Map<string, GrowingSums>();
  for (const part of parts) for (const [name, sum] of part) grow(sums, name, sum);
  return sums;
}

function grow(sums: Map<string, GrowingSums>, name: string, more: Sums): void {
  let sum = sums.get(name);
  if (!sum) {
    sum = { ...noSums };
    sums.set(name, sum);
  }
  addSums(sum, more);
}
