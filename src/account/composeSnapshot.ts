import type { Account } from '../limits/account/account.ts';
import { type Credits, type JobsUsage, monthStart } from '../limits/account/credits.ts';
import type { Endpoint, HardwareQuota } from '../limits/account/endpoints.ts';
import type { ZeroGpuQuota } from '../limits/account/zeroGpu.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { LiveReading } from './liveReading.ts';
import { headerWindows, knownSkewMs } from './observer.ts';
import type { Readings } from './readings.ts';
import type { Gauges, Part, Problem, SessionSummary, Snapshot } from './snapshot.ts';
import { type Task, type TaskKind, taskKey, tasksFor } from './tasks.ts';

/** Calls of one round end up to this far apart, and the stream comes last in it. */
const oneRoundMs = 60_000;

/** What the faces show, from the last answers of each call. */
export function composeSnapshot(
  readings: Readings,
  rest: {
    session: SessionSummary;
    refusals: readonly Refusal[];
    spendNanoUsdPerHour?: number;
    ledgerProblem?: string;
  },
): Snapshot {
  const account = readings.get<Account>('whoami');
  const live = readings.get<LiveReading>('live');
  const clockSkewMs = knownSkewMs(readings);
  return {
    ...rest,
    clockSkewMs,
    account,
    credits: credits(readings.get<Credits>('usage'), live, clockSkewMs),
    organizationCredits: namespaced<Credits>(readings, 'organization-usage'),
    jobs: readings.get<JobsUsage>('jobs'),
    zeroGpu: zeroGpu(readings.get<ZeroGpuQuota>('zero-gpu'), live),
    gauges: gauges(live),
    headerWindows: headerWindows(readings),
    endpoints: namespaced<readonly Endpoint[]>(readings, 'endpoints'),
    hardware: namespaced<readonly HardwareQuota[]>(readings, 'hardware'),
  };
}

/** Every call that fails at present by its name, those too whose value another call told as well. */
export function problemsOf(readings: Readings): Map<string, Problem> {
  const account = readings.get<Account>('whoami');
  const tasks = tasksFor(account.value).filter(task => hasRights(task, readings.get(taskKey(task)), account));
  return new Map(
    ['whoami', ...tasks.map(taskKey)].flatMap(name => {
      const { problem } = readings.get<unknown>(name);
      return problem ? [[name, problem]] : [];
    }),
  );
}

/** Only of namespaces that the account still has: rows of an organization that was left stay in the ledger. */
function namespaced<T>(readings: Readings, kind: TaskKind): Record<string, Part<T>> {
  const account = readings.get<Account>('whoami');
  const tasks = tasksFor(account.value).filter(task => task.kind === kind);
  return Object.fromEntries(
    tasks.flatMap(task => {
      const name = taskKey(task);
      const part = readings.get<T>(name);
      return readings.has(name) && hasRights(task, part, account) ? [[task.of ?? '', part]] : [];
    }),
  );
}

/**
 * The bill itself counts unless the live stream has outlived it: the stream tells inference and Jobs only, often
 * without the providers, and parts of it may be missing.
 */
function credits(usage: Part<Credits>, live: Part<LiveReading>, clockSkewMs = 0): Part<Credits> {
  const streamed = live.value?.credits;
  if (!streamed || !hasOutlived(streamed.asOf, usage)) return usage;
  const { value, asOf } = streamed;
  const sameMonth = (usage.asOf ?? 0) + clockSkewMs >= monthStart(asOf + clockSkewMs);
  const billed = sameMonth ? usage.value : undefined;
  return {
    value: {
      ...value,
      includedNanoUsd: value.includedNanoUsd ?? billed?.includedNanoUsd,
      limitNanoUsd: value.limitNanoUsd ?? billed?.limitNanoUsd,
      requests: value.requests ?? billed?.requests,
      byProvider: value.byProvider.length > 0 ? value.byProvider : (billed?.byProvider ?? []),
      otherSpend: { ...billed?.otherSpend, ...value.otherSpend },
    },
    asOf,
    problem: stillFailing(usage, live, asOf),
  };
}

/** The stream tells the seconds left, only the quota call when they come back. */
function zeroGpu(quota: Part<ZeroGpuQuota>, live: Part<LiveReading>): Part<ZeroGpuQuota> {
  const streamed = live.value?.zeroGpu;
  if (!streamed || !hasOutlived(streamed.asOf, quota)) return quota;
  const { value, asOf } = streamed;
  const told = quota.value?.resetsAt ?? undefined;
  const resetsAt = told !== undefined && told > asOf ? told : undefined;
  return { value: { ...quota.value, ...value, resetsAt }, asOf, problem: stillFailing(quota, live, asOf) };
}

/** What else of the stream could not be read is no problem of the gauges that came with it. */
function gauges({ value, problem }: Part<LiveReading>): Part<Gauges> {
  const told = value?.gauges;
  const came = told !== undefined && told.asOf === value?.asOf && (problem?.at ?? 0) <= told.asOf;
  const isTheirs = !came || problem?.field?.startsWith('rateLimits');
  return { value: told?.value, asOf: told?.asOf, problem: isTheirs ? problem : undefined };
}

/** Newer by more than a round, so that one round's answers never disagree among themselves. */
function hasOutlived(toldAt: number, part: Part<unknown>): boolean {
  return toldAt > (part.asOf ?? 0) + oneRoundMs;
}

/** A failure that the stream has outlived is no problem of the part, until the stream fails as well. */
function stillFailing(
  part: Part<unknown>,
  { problem }: Part<LiveReading>,
  toldAt: number,
): Problem | undefined {
  const streamFails = problem !== undefined && problem.at > toldAt + oneRoundMs;
  if (streamFails) return part.problem ?? problem;
  return part.problem && part.problem.since > toldAt ? part.problem : undefined;
}

/**
 * Organizations whose Inference Endpoints are not this token's business are left out, as HF's own client does: HF
 * answers 401 for every one that has no billing, or in which the member has no rights.
 */
function hasRights({ kind, of }: Task, { value, problem }: Part<unknown>, account: Part<Account>): boolean {
  if (of === account.value?.name || (kind !== 'endpoints' && kind !== 'hardware')) return true;
  return value !== undefined || problem?.kind !== 'missing-permission';
}
