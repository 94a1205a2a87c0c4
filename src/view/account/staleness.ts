import { nextMonthStart } from '../../limits/account/credits.ts';
import type { ViewInput } from '../viewInput.ts';
import type { NamedPart, PartKind } from './parts.ts';

const minutes = (count: number) => count * 60_000;

/**
 * The age at which a part is stale: two polls at the idle pace are overdue. The account is read at most every 12 hours
 * (Hugging Face limits whoami strictly), so only a week without an answer is worth a word.
 */
const staleAfterMs: Record<PartKind, number> = {
  account: minutes(7 * 24 * 60),
  credits: minutes(23),
  organizationCredits: minutes(130),
  jobs: minutes(70),
  zeroGpu: minutes(70),
  gauges: minutes(23),
  endpoints: minutes(23),
  hardware: minutes(130),
};

/** Ages are by our clock, months by Hugging Face's. */
type Clocks = Pick<ViewInput, 'now' | 'serverNow'>;

/** Spend is also stale as soon as its UTC month ends: the credits begin anew. */
export function isStale(named: NamedPart, clocks: Clocks): boolean {
  const { kind, asOf, siblings } = named;
  if (asOf === undefined) return false;
  const overdueAt = asOf + staleAfterMs[kind] * siblings;
  return overdueAt <= clocks.now || isOfEarlierMonth(named, clocks);
}

/** Whether the value is of a UTC month that is over. */
export function isOfEarlierMonth({ kind, asOf }: NamedPart, { now, serverNow }: Clocks): boolean {
  if (!monthly.has(kind) || asOf === undefined) return false;
  return nextMonthStart(asOf + serverNow - now) <= serverNow;
}

const monthly: ReadonlySet<PartKind> = new Set(['credits', 'organizationCredits', 'jobs']);
