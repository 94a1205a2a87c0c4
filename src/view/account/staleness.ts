import { nextMonthStart } from '../../limits/account/credits.ts';
import type { FaceInput } from '../viewInput.ts';
import type { NamedPart, PartKind } from './parts.ts';

const minutes = (count: number) => count * 60_000;

/**
 * The age at which a part counts as stale: when two polls at the idle pace are overdue. The account is asked for
 * once in 12 hours at most (HF's limit is strict), so only a week without an answer is worth a word.
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

/** Both clocks: ages are by ours, months by Hugging Face's. */
export type Clocks = Pick<FaceInput, 'now' | 'serverNow'>;

/**
 * Epoch ms from which a part's value is too old to be taken for the present; undefined without a value. Spend is
 * stale as soon as the UTC month ends: the credits have begun anew.
 */
export function staleAt(named: NamedPart, clocks: Clocks): number | undefined {
  const { kind, part, siblings } = named;
  if (part.asOf === undefined) return undefined;
  const overdue = part.asOf + staleAfterMs[kind] * Math.max(1, siblings);
  return monthly.has(kind) ? Math.min(overdue, monthEndsAt(part.asOf, clocks)) : overdue;
}

export function isStale(named: NamedPart, clocks: Clocks): boolean {
  const at = staleAt(named, clocks);
  return at !== undefined && at <= clocks.now;
}

/** Whether the value is of a month (UTC) that is over. */
export function isOfEarlierMonth({ kind, part }: NamedPart, clocks: Clocks): boolean {
  return monthly.has(kind) && part.asOf !== undefined && monthEndsAt(part.asOf, clocks) <= clocks.now;
}

/** Epoch ms by our clock at which the month (UTC) of `at` ends by Hugging Face's. */
function monthEndsAt(at: number, { now, serverNow }: Clocks): number {
  const skewMs = serverNow - now;
  return nextMonthStart(at + skewMs) - skewMs;
}

const monthly: ReadonlySet<PartKind> = new Set(['credits', 'organizationCredits', 'jobs']);
