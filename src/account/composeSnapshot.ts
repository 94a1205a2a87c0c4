import type { Account } from '../limits/account.ts';
import { type Credits, type JobsUsage, monthStart } from '../limits/credits.ts';
import type { Endpoint, HardwareQuota } from '../limits/endpoints.ts';
import type { RateWindow } from '../limits/rateLimit.ts';
import type { Refusal } from '../limits/refusal.ts';
import type { ZeroGpuQuota } from '../limits/zeroGpu.ts';
import type { LiveReading } from './fetchTask.ts';
import type { Readings } from './readings.ts';
import type { Gauges, Part, Problem, SessionSummary, Snapshot } from './snapshot.ts';

/** The name under which the windows of `RateLimit` headers are kept. */
export const HEADER_WINDOWS = 'header-windows';

/** Calls of one round end up to this far apart, and the stream comes last in it. */
const ONE_ROUND_MS = 60_000;

/** What the faces show, from the last answers of each call. */
export function composeSnapshot(
  readings: Readings,
  rest: {
    session: SessionSummary;
    refusals: readonly Refusal[];
    spendNanoUsdPerHour?: number;
    clockSkewMs?: number;
    ledgerProblem?: string;
  },
): Snapshot {
  const live = readings.get<LiveReading>('live');
  return {
    ...rest,
    account: readings.get<Account>('whoami'),
    credits: credits(readings.get<Credits>('usage'), live),
    organizationCredits: readings.under<Credits>('organization-usage'),
    jobs: readings.get<JobsUsage>('jobs'),
    zeroGpu: zeroGpu(readings.get<ZeroGpuQuota>('zero-gpu'), live),
    gauges: gauges(live),
    headerWindows: readings.get<readonly RateWindow[]>(HEADER_WINDOWS).value ?? [],
    endpoints: readings.under<readonly Endpoint[]>('endpoints'),
    hardware: readings.under<readonly HardwareQuota[]>('hardware'),
  };
}

/**
 * The bill itself counts unless the live stream has outlived it: the stream tells inference and Jobs only, often
 * without the providers, and parts of it may be missing.
 */
function credits(usage: Part<Credits>, live: Part<LiveReading>): Part<Credits> {
  const streamed = live.value?.credits;
  if (!streamed || !isNewer(live, usage)) return usage;
  const sameMonth = (usage.asOf ?? 0) >= monthStart(live.asOf ?? 0);
  const billed = sameMonth ? usage.value : undefined;
  return {
    value: {
      ...streamed,
      includedNanoUsd: streamed.includedNanoUsd ?? billed?.includedNanoUsd,
      limitNanoUsd: streamed.limitNanoUsd ?? billed?.limitNanoUsd,
      requests: streamed.requests ?? billed?.requests,
      byProvider: streamed.byProvider.length > 0 ? streamed.byProvider : (billed?.byProvider ?? []),
      otherSpend: { ...billed?.otherSpend, ...streamed.otherSpend },
    },
    asOf: live.asOf,
    problem: stillOf(usage.problem, live.asOf),
  };
}

/** The stream tells the seconds left, only the quota call when they come back. */
function zeroGpu(quota: Part<ZeroGpuQuota>, live: Part<LiveReading>): Part<ZeroGpuQuota> {
  const streamed = live.value?.zeroGpu;
  if (!streamed || !isNewer(live, quota)) return quota;
  const told = quota.value?.resetsAt ?? undefined;
  const resetsAt = told !== undefined && live.asOf !== undefined && told > live.asOf ? told : undefined;
  return {
    value: { ...quota.value, ...streamed, resetsAt },
    asOf: live.asOf,
    problem: stillOf(quota.problem, live.asOf),
  };
}

function gauges(live: Part<LiveReading>): Part<Gauges> {
  const { value, asOf, problem } = live;
  if (!value?.windows) return { problem };
  return { value: { windows: value.windows, blockedPastWeek: value.blockedPastWeek }, asOf, problem };
}

/** Newer by more than a round, so that one round's answers never disagree among themselves. */
function isNewer(live: Part<unknown>, part: Part<unknown>): boolean {
  return (live.asOf ?? 0) > (part.asOf ?? 0) + ONE_ROUND_MS;
}

/** A failure that another call has outlived is no problem of the part any more. */
function stillOf(problem: Problem | undefined, answeredAt = 0): Problem | undefined {
  return problem && problem.since > answeredAt ? problem : undefined;
}
