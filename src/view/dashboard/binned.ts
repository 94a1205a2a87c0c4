import type { CountedHere, CountedSpan } from '../../limits/requests/countedSpan.ts';
import type { Bin } from './bins.ts';

/** What was counted, by the bins of one calendar. */
export interface Binned {
  readonly bins: readonly Bin[];
  /** The spans in each bin. */
  readonly spansOf: readonly (readonly CountedSpan[])[];
  /** The spans in any bin, oldest first. */
  readonly spans: readonly CountedSpan[];
}

export function binned(bins: readonly Bin[], { spans }: CountedHere): Binned {
  const spansOf = bins.map(({ from, until }) => spans.filter(span => span.from >= from && span.from < until));
  return { bins, spansOf, spans: spansOf.flat() };
}
