import type { Account } from '../limits/account/account.ts';
import { type Credits, type JobsUsage, monthStart } from '../limits/account/credits.ts';
import type { Endpoint, HardwareQuota } from '../limits/account/endpoints.ts';
import type { EndpointUses } from '../limits/account/endpointUse.ts';
import { mayBeHeld } from '../limits/account/holds.ts';
import type { ZeroGpuQuota } from '../limits/account/zeroGpu.ts';
import { settlingMs } from '../limits/refusals/unsettled.ts';
import type { LiveReading } from './liveReading.ts';
import { headerWindows, knownSkewMs } from './observer.ts';
import type { Readings } from './readings.ts';
import type { Gauges, Part, Problem, Snapshot } from './snapshot.ts';
import { type Task, type TaskKind, taskKey, tasksFor } from './tasks.ts';

/** The calls of one round end at most this far apart; the live stream ends last. */
const oneRoundMs = 60_000;

/** The snapshot that the views show, from the readings. */
export function composeSnapshot(
  readings: Readings,
  rest: Pick<Snapshot, 'session' | 'spend' | 'endpointChanges' | 'refusals' | 'accepted' | 'ledgerProblem'>,
): Snapshot {
  const account = readings.get<Account>('whoami');
  const live = readings.get<LiveReading>('live');
  const clockSkewMs = knownSkewMs(readings);
  const billed = credits(readings.get<Credits>('usage'), live, clockSkewMs);
  return {
    ...rest,
    clockSkewMs,
    account,
    credits: billed,
    ...(billed.value && {
      heldNanoUsd: mayBeHeld(billed.value, billed.asOf ?? 0, rest.spend, settlingMs),
    }),
    organizationCredits: namespaced<Credits>(readings, 'organization-usage'),
    jobs: readings.get<JobsUsage>('jobs'),
    zeroGpu: zeroGpu(readings.get<ZeroGpuQuota>('zero-gpu'), live),
    gauges: gauges(live),
    headerWindows: headerWindows(readings),
    endpoints: namespaced<readonly Endpoint[]>(readings, 'endpoints'),
    hardware: namespaced<readonly HardwareQuota[]>(readings, 'hardware'),
    endpointUse: readings.get<EndpointUses>('endpoint-use').value?.endpoints,
  };
}

/** The calls that fail at present, by name, also where another call has the same value. */
export function problemsOf(readings: Readings): Map<string, Problem> {
  const account = readings.get<Account>('whoami');
  // no view shows problems of endpoint-use
  const tasks = tasksFor(account.value).filter(
    task => task.kind !== 'endpoint-use' && hasRights(task, readings.get(taskKey(task)), account),
  );
  return new Map(
    ['whoami', ...tasks.map(taskKey)].flatMap(name => {
      const { problem } = readings.get<unknown>(name);
      return problem ? [[name, problem]] : [];
    }),
  );
}

/** Only namespaces that the account still has: the ledger keeps rows of organizations that it left. */
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
 * The bill counts unless the live stream is newer by more than a round: the stream has inference and Jobs
 * only, often without the providers, and parts of it may be missing.
 */
function credits(usage: Part<Credits>, live: Part<LiveReading>, clockSkewMs = 0): Part<Credits> {
  const streamed = live.value?.credits;
  if (!streamed || !isNewer(streamed.asOf, usage)) return usage;
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

/** The stream has the seconds left; only the quota call has their reset. */
function zeroGpu(quota: Part<ZeroGpuQuota>, live: Part<LiveReading>): Part<ZeroGpuQuota> {
  const streamed = live.value?.zeroGpu;
  if (!streamed || !isNewer(streamed.asOf, quota)) return quota;
  const { value, asOf } = streamed;
  const known = quota.value?.resetsAt ?? undefined;
  const resetsAt = known !== undefined && known > asOf ? known : undefined;
  return { value: { ...quota.value, ...value, resetsAt }, asOf, problem: stillFailing(quota, live, asOf) };
}

/** Other unreadable parts of the stream are no problem of the gauges. */
function gauges({ value, problem }: Part<LiveReading>): Part<Gauges> {
  const last = value?.gauges;
  const came = last !== undefined && last.asOf === value?.asOf && (problem?.at ?? 0) <= last.asOf;
  const isTheirs = !came || problem?.field?.startsWith('rateLimits');
  return { value: last?.value, asOf: last?.asOf, problem: isTheirs ? problem : undefined };
}

/** Newer by more than a round, so that the readings of one round never disagree. */
function isNewer(streamedAt: number, part: Part<unknown>): boolean {
  return streamedAt > (part.asOf ?? 0) + oneRoundMs;
}

/** A part's failure from before the stream's value counts only once the stream fails too. */
function stillFailing(
  part: Part<unknown>,
  { problem }: Part<LiveReading>,
  streamedAt: number,
): Problem | undefined {
  const streamFails = problem !== undefined && problem.at > streamedAt + oneRoundMs;
  if (streamFails) return part.problem ?? problem;
  return part.problem && part.problem.since > streamedAt ? part.problem : undefined;
}

/**
 * False for organizations whose Inference Endpoints the token can't read, as in HF's own client: HF answers
 * 401 for one without billing, or where the member has no rights.
 */
function hasRights({ kind, of }: Task, { value, problem }: Part<unknown>, account: Part<Account>): boolean {
  if (of === account.value?.name || (kind !== 'endpoints' && kind !== 'hardware')) return true;
  return value !== undefined || problem?.kind !== 'missing-permission';
}
