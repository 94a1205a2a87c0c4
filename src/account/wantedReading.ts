import { lastOf, type Refusal } from '../limits/refusals/refusal.ts';
import { settlingMs } from '../limits/refusals/unsettled.ts';
import type { AcceptedRequests } from '../limits/requests/requestTally.ts';
import type { Task } from './tasks.ts';

/** Costs of a burst come together, and the next request of a program that works on comes sooner. */
const quietMs = 5_000;
/** Holds clear within minutes: after a refusal the balance is looked at again then. */
const afterRefusalMs = [0, 60_000, 150_000, settlingMs];
/** At most so often while refusals are news. */
const shortestGapMs = 10_000;
/** And so often for a payer that goes on being refused, or used. */
const gapMs = 120_000;

/** Refusals further apart are news. */
const episodeMs = 15 * 60_000;

/** What gateways and watchers saw of the payers' money. */
export interface MoneySeen {
  readonly refusals: readonly Refusal[];
  readonly accepted: readonly AcceptedRequests[];
}

/**
 * When a payer's usage is to be read before its usual time, in epoch ms: at once after a refusal for money, and some
 * seconds after its traffic ended. Undefined: nothing was seen since the reading. All windows see the same, so that
 * many cost what one costs.
 * @param asOf of the last reading
 */
export function wantedReading(task: Task, asOf: number, seen: MoneySeen): number | undefined {
  const refusals = seen.refusals.filter(each => isOfMoney(each) && isPayer(task, each.billedTo));
  const refusedAt = Math.max(...refusals.map(lastOf));
  // one that goes on may have several rows: their causes differ
  const began = Math.min(
    ...refusals.filter(each => refusedAt - lastOf(each) < episodeMs).map(({ at }) => at),
  );
  const accepted = seen.accepted.filter(({ billedTo }) => isPayer(task, billedTo));
  const usedAt = Math.max(...accepted.map(({ lastAt }) => lastAt));
  const isNews = refusedAt - began < gapMs;
  const wanted = [
    ...afterRefusalMs.map(delay => ({
      at: refusedAt + delay,
      gap: isNews ? shortestGapMs : gapMs,
    })),
    ...[quietMs, settlingMs].map(delay => ({ at: usedAt + delay, gap: gapMs })),
  ].filter(({ at }) => at > asOf);
  return wanted.length === 0 ? undefined : Math.min(...wanted.map(({ at, gap }) => Math.max(at, asOf + gap)));
}

function isOfMoney({ cause, by }: Refusal): boolean {
  return by === 'huggingface' && ['credits', 'unsettled', 'spending-limit'].includes(cause);
}

/** Whether the task reads what the profile has spent, as `formatProfile` writes it. */
function isPayer({ kind, of = '' }: Task, billedTo = 'personal'): boolean {
  if (kind === 'usage') return billedTo === 'personal';
  return kind === 'organization-usage' && (billedTo === `org:${of}` || billedTo.startsWith(`group:${of}/`));
}
