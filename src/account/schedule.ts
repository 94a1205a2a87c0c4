import type { Account } from '../limits/account/account.ts';
import type { Credits } from '../limits/account/credits.ts';
import type { Endpoint } from '../limits/account/endpoints.ts';
import type { Clock } from './clock.ts';
import type { EndpointControl } from './endpointControl.ts';
import { endpointsToCount } from './endpointUse.ts';
import type { LiveReading } from './liveReading.ts';
import type { Log } from './log.ts';
import { type Attention, type Failure, nextPoll } from './nextPoll.ts';
import { isLasting, isNetworkProblem } from './problem.ts';
import type { Readings } from './readings.ts';
import type { Part, Problem } from './snapshot.ts';
import { type Task, taskKey, tasksFor } from './tasks.ts';
import { type MoneySeen, wantedReading } from './wantedReading.ts';

/** HF limits whoami strictly, by IP address: once in 12 h per token is enough. */
const whoamiIntervalMs = 12 * 3_600_000;
/** The time a network needs after the machine wakes up. */
const wakeMs = 3_000;

/** Heartbeats come every 10 s at least; a gap of this length means that the machine slept. */
const sleptMs = 60_000;

export interface DueTask {
  readonly task: Task;
  /** For the log. */
  readonly reason: string;
}

export interface ScheduleOptions {
  readonly readings: Readings;
  readonly clock: Clock;
  readonly log: Log;
  readonly money: () => MoneySeen;
  readonly endpoints: Pick<EndpointControl, 'wantedReading'>;
}

/** Says which calls of one account are due. Times are epoch ms; `refreshAt`: when a person asked for a refresh. */
export class Schedule {
  readonly #readings: Readings;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #money: () => MoneySeen;
  readonly #endpoints: ScheduleOptions['endpoints'];
  /** 0 to 1, the same in all windows. */
  readonly #jitter: number;
  #lastRoundAt: number;
  /** When the machine last woke up, 0: not noticed. */
  #wokeAt = 0;
  /** When the network last worked again after a failure, 0: not noticed. */
  #networkBackAt = 0;
  /** The start of the session, or a person's last refresh. */
  #whoamiWantedAt: number;

  constructor({ readings, clock, log, money, endpoints }: ScheduleOptions) {
    this.#readings = readings;
    this.#clock = clock;
    this.#log = log;
    this.#money = money;
    this.#endpoints = endpoints;
    this.#jitter = Number.parseInt(readings.account.slice(0, 8), 16) / 2 ** 32;
    this.#lastRoundAt = clock.now();
    this.#whoamiWantedAt = this.#lastRoundAt;
  }

  /** Notices a sleep of the machine before this round. */
  beginRound(refreshAt?: number): void {
    const now = this.#clock.now();
    if (now - this.#lastRoundAt > sleptMs) {
      this.#wokeAt = now;
      this.#log.info(`Awake after ${Math.round((now - this.#lastRoundAt) / 1000)} s.`);
    }
    this.#lastRoundAt = now;
    if (refreshAt !== undefined) this.#whoamiWantedAt = refreshAt;
  }

  /** A call succeeded that had failed for the network. */
  networkIsBack(): void {
    this.#networkBackAt = this.#clock.now();
  }

  /** The tasks to run now. For a refresh: all that are not fresh, except those that HF asked to wait. */
  dueTasks(attention: Attention, refreshAt?: number): DueTask[] {
    const readings = this.#readings;
    const tasks = tasksFor(readings.get<Account>('whoami').value);
    const now = this.#clock.now();
    return tasks.flatMap(task => {
      const isCount = task.kind === 'endpoint-use';
      // a refresh would count more often than every 10 minutes
      if (isCount && refreshAt !== undefined) return [];
      const part = readings.get<unknown>(taskKey(task));
      if (refreshAt !== undefined) {
        const waits = part.problem?.retryAt !== undefined && mustWait(part.problem, now);
        return waits || isAnswered(part, refreshAt, now) ? [] : [{ task, reason: 'refresh' }];
      }
      const siblings = tasks.filter(({ kind }) => kind === task.kind).length;
      const { at, reason } = nextPoll(task.kind, {
        attention,
        // A reading from the future was dated before the clock was set back.
        lastGoodAt: part.asOf !== undefined && part.asOf > now ? undefined : part.asOf,
        failure: this.#failureOf(part, siblings),
        nearLimit: (task.kind === 'usage' || task.kind === 'live') && isNearLimit(readings),
        inTransition:
          task.kind === 'endpoints' && isInTransition(readings.get<readonly Endpoint[]>(taskKey(task)).value),
        siblings,
        jitter: this.#jitter,
      });
      const wanted = part.problem ? undefined : wantedReading(task, part.asOf ?? 0, this.#money());
      if (wanted !== undefined && wanted < at && wanted <= now && part.value !== undefined) {
        return [{ task, reason: 'money was used or refused' }];
      }
      const changed = part.problem ? undefined : this.#endpoints.wantedReading(task, part.asOf ?? 0);
      if (changed !== undefined && changed <= now) return [{ task, reason: 'an endpoint was changed' }];
      if (now < Math.max(at, this.#wokeAt + wakeMs)) return [];
      return isCount && endpointsToCount(readings, now).length === 0 ? [] : [{ task, reason }];
    });
  }

  /**
   * Never on a timer: only until it has answered once, and once, in any window, when a session starts or a
   * person asks for a refresh while the reading is old.
   */
  isWhoamiDue(refreshAt?: number): boolean {
    const part = this.#readings.get<Account>('whoami');
    const now = this.#clock.now();
    if (part.problem?.kind === 'rate-limited' && mustWait(part.problem, now)) return false;
    if (part.value === undefined) {
      if (refreshAt !== undefined) return !isAnswered(part, refreshAt, now);
      return now >= Math.max(this.#failureOf(part, 1)?.notBefore ?? 0, this.#wokeAt + wakeMs);
    }
    const wasOld = this.#whoamiWantedAt - (part.asOf ?? 0) >= whoamiIntervalMs;
    return wasOld && (part.problem?.at ?? 0) < this.#whoamiWantedAt;
  }

  /**
   * The failure that delays a task. None when the response came and only a part of it was unreadable, or when
   * the clock was set back since. After a sleep or the network's return, a network failure delays nothing.
   */
  #failureOf({ problem, asOf }: Part<unknown>, siblings: number): Failure | undefined {
    if (!problem || problem.at === asOf || problem.at > this.#clock.now()) return undefined;
    const { at } = problem;
    const backAt = Math.max(this.#wokeAt, this.#networkBackAt);
    if (isNetworkProblem(problem.kind) && backAt > at) return { at, notBefore: backAt, lasting: false };
    return { at, notBefore: problem.nextTryAt, lasting: isLasting(problem, siblings) };
  }
}

const near = 0.8;
const changing = ['pending', 'initializing', 'updating'];

/** More than 80 % of the included credits or of a Hub window is used. */
function isNearLimit(readings: Readings): boolean {
  const live = readings.get<LiveReading>('live').value;
  const credits = [readings.get<Credits>('usage').value, live?.credits?.value];
  const windows = live?.gauges?.value.windows ?? [];
  return (
    credits.some(known => known?.includedNanoUsd && known.usedNanoUsd > near * known.includedNanoUsd) ||
    windows.some(({ used = 0, limit }) => limit !== undefined && used > near * limit)
  );
}

/** An endpoint is starting or changing. */
function isInTransition(endpoints: readonly Endpoint[] = []): boolean {
  return endpoints.some(({ state }) => changing.includes(state));
}

/** A reading or a failure, of any window, is as late as the refresh. */
function isAnswered({ asOf = 0, problem }: Part<unknown>, refreshAt: number, now: number): boolean {
  const isFresh = asOf >= refreshAt && asOf <= now;
  return isFresh || (problem !== undefined && problem.at >= refreshAt && problem.at <= now);
}

function mustWait({ at, nextTryAt }: Problem, now: number): boolean {
  return at <= now && nextTryAt > now;
}
