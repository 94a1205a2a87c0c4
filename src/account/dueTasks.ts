import type { Account } from '../limits/account/account.ts';
import type { Credits } from '../limits/account/credits.ts';
import type { Endpoint } from '../limits/account/endpoints.ts';
import { type Attention, type Failure, nextPoll } from './cadence.ts';
import type { LiveReading } from './liveReading.ts';
import { isInTransition, isNearLimit } from './nearLimit.ts';
import { isLasting, isNetworkProblem } from './problem.ts';
import type { Readings } from './readings.ts';
import type { Part, Problem } from './snapshot.ts';
import { type Task, taskKey, tasksFor } from './tasks.ts';

const hours = (count: number) => count * 3_600_000;

/** HF limits whoami strictly and by IP address: once in 12 h per token is enough. */
const whoamiIntervalMs = hours(12);
/** What a network needs to come back after waking up. */
const wakeMs = 3_000;

/** A moment at which a window asks itself what to read. Times are epoch ms. */
export interface Look {
  readonly now: number;
  /** When a person asked for a refresh; undefined: nobody did. */
  readonly askedAt?: number;
  readonly attention: Attention;
  /** 0 to 1, the same in all windows. */
  readonly jitter: number;
  /** When the machine last woke up, 0: not noticed. */
  readonly wokeAt: number;
  /** When a network that had failed last worked again, 0: not noticed. */
  readonly networkBackAt: number;
  /** When whoami was last wanted: at the start of the session, or by a person. */
  readonly whoamiWantedAt: number;
}

export interface DueTask {
  readonly task: Task;
  /** For the log. */
  readonly reason: string;
}

/** What is to be read now. Asked by a person: everything that is not fresh, unless HF itself asked to wait. */
export function dueTasks(readings: Readings, look: Look): DueTask[] {
  const tasks = tasksFor(readings.get<Account>('whoami').value);
  const { now, askedAt } = look;
  return tasks.flatMap(task => {
    const part = readings.get<unknown>(taskKey(task));
    if (askedAt !== undefined) {
      const asksToWait = part.problem?.retryAt !== undefined && isHeld(part.problem, now);
      return asksToWait || isAnswered(part, askedAt, now) ? [] : [{ task, reason: 'asked' }];
    }
    const siblings = tasks.filter(({ kind }) => kind === task.kind).length;
    const { at, reason } = nextPoll(task.kind, {
      attention: look.attention,
      // an answer from the future was dated before the clock was set back
      lastGoodAt: part.asOf !== undefined && part.asOf > now ? undefined : part.asOf,
      failure: failureOf(part, siblings, look),
      nearLimit: (task.kind === 'usage' || task.kind === 'live') && isNear(readings),
      inTransition:
        task.kind === 'endpoints' && isInTransition(part.value as readonly Endpoint[] | undefined),
      siblings,
      jitter: look.jitter,
    });
    return now >= Math.max(at, look.wokeAt + wakeMs) ? [{ task, reason }] : [];
  });
}

/**
 * Never on a timer: until it has answered once, and when a session starts or a person asks while the answer is old,
 * but then only one try by any of the windows.
 */
export function isWhoamiDue(readings: Readings, look: Look): boolean {
  const part = readings.get<Account>('whoami');
  const { now, askedAt, whoamiWantedAt, wokeAt } = look;
  if (part.problem?.kind === 'rate-limited' && isHeld(part.problem, now)) return false;
  if (part.value === undefined) {
    if (askedAt !== undefined) return !isAnswered(part, askedAt, now);
    return now >= Math.max(failureOf(part, 1, look)?.notBefore ?? 0, wokeAt + wakeMs);
  }
  const wasOld = whoamiWantedAt - (part.asOf ?? 0) >= whoamiIntervalMs;
  return wasOld && (part.problem?.at ?? 0) < whoamiWantedAt;
}

function isNear(readings: Readings): boolean {
  return isNearLimit(readings.get<Credits>('usage').value, readings.get<LiveReading>('live').value);
}

/** Another window, or an earlier refresh, got an answer or a failure that serves who asks now. */
function isAnswered({ asOf = 0, problem }: Part<unknown>, askedAt: number, now: number): boolean {
  const isFresh = asOf >= askedAt && asOf <= now;
  return isFresh || (problem !== undefined && problem.at >= askedAt && problem.at <= now);
}

function isHeld({ at, nextTryAt }: Problem, now: number): boolean {
  return at <= now && nextTryAt > now;
}

/**
 * What could not be read in an answer that came holds nothing up, a failure from the future was dated before the
 * clock was set back, and a network failure says nothing about the network after a sleep or its return.
 */
function failureOf({ problem, asOf }: Part<unknown>, siblings: number, look: Look): Failure | undefined {
  if (!problem || problem.at === asOf || problem.at > look.now) return undefined;
  const { at } = problem;
  const mendedAt = Math.max(look.wokeAt, look.networkBackAt);
  if (isNetworkProblem(problem.kind) && mendedAt > at) return { at, notBefore: mendedAt, lasting: false };
  return { at, notBefore: problem.nextTryAt, lasting: isLasting(problem, siblings) };
}
