import { whoami } from '../hub/whoami.ts';
import type { Account } from '../limits/account.ts';
import type { Credits } from '../limits/credits.ts';
import type { Endpoint } from '../limits/endpoints.ts';
import type { AccountServiceOptions } from './accountService.ts';
import { type Attention, nextPoll } from './cadence.ts';
import { type Answer, fetchTask, type HubAccess, type LiveReading } from './fetchTask.ts';
import { fingerprint } from './fingerprint.ts';
import { isInTransition, isNearLimit } from './nearLimit.ts';
import type { Observer } from './observer.ts';
import { isNetworkProblem, problemFrom } from './problem.ts';
import type { Readings } from './readings.ts';
import type { Part } from './snapshot.ts';
import { type Task, taskKey, tasksFor } from './tasks.ts';

const hours = (count: number) => count * 3_600_000;

/** HF limits whoami strictly and by IP address: once in 12 h per token is enough. */
const WHOAMI_INTERVAL_MS = hours(12);
const WHOAMI_RATE_LIMITED_MS = hours(1);
/** Longer than a round can take: the live stream's 15 s and its retry. */
const LEASE_MS = 60_000;
/** A person who asks twice gets the same answer. */
const FRESH_ENOUGH_MS = 5_000;
/** Heartbeats come every 10 s at least; a gap of this length means that the machine slept. */
const SLEPT_MS = 60_000;
/** What a network needs to come back after waking up. */
const WAKE_MS = 3_000;

export interface PollRoundOptions extends AccountServiceOptions {
  readonly token: string;
  readonly readings: Readings;
  readonly observer: Observer;
}

interface DueTask {
  readonly task: Task;
  readonly reason: string;
}

/** Reads what is due for one token, one window at a time, and leaves each answer or failure in the ledger. */
export class PollRound {
  private readonly options: PollRoundOptions;
  private readonly account: string;
  private readonly jitter: number;
  private readonly ended = new AbortController();
  private lastLookAt: number;
  private wokeAt = 0;
  private whoamiWanted = true;

  constructor(options: PollRoundOptions) {
    this.options = options;
    this.account = fingerprint(options.token, options.servers);
    this.jitter = options.random();
    this.lastLookAt = options.clock.now();
  }

  abort(): void {
    this.ended.abort();
  }

  /** Runs the due tasks; `asked` means all that are not fresh. Calls `changed` after each answer. */
  async run(
    why: 'due' | 'asked',
    attention: Attention,
    changed: () => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { ledger, clock, holder, readings } = this.options;
    this.noticeSleep();
    if (why === 'asked') this.whoamiWanted = true;
    if (!this.hasWork(why, attention)) return;
    const lease = `poll/${this.account}`;
    const mine = ledger.acquireLease(lease, holder, clock.now(), LEASE_MS);
    if (!mine && why === 'due') return;
    // another window may just have read what looked due here
    readings.reload();
    const stop = signal ? AbortSignal.any([signal, this.ended.signal]) : this.ended.signal;
    try {
      const first = this.dueTasks(why, attention);
      const started = new Set(first.map(({ task }) => taskKey(task)));
      const namespaced = async () => {
        if (await this.readAccount(why, changed, stop)) {
          const rest = this.dueTasks(why, attention).filter(({ task }) => !started.has(taskKey(task)));
          await Promise.all(rest.map(due => this.read(due, changed, stop)));
        }
      };
      await Promise.all([...first.map(due => this.read(due, changed, stop)), namespaced()]);
    } finally {
      if (mine) ledger.releaseLease(lease, holder);
    }
  }

  private hasWork(why: 'due' | 'asked', attention: Attention): boolean {
    return this.whoamiDue(why) || this.dueTasks(why, attention).length > 0;
  }

  private dueTasks(why: 'due' | 'asked', attention: Attention): DueTask[] {
    const { readings, clock } = this.options;
    const now = clock.now();
    const tasks = tasksFor(readings.get<Account>('whoami').value);
    const nearLimit = isNearLimit(
      readings.get<Credits>('usage').value,
      readings.get<LiveReading>('live').value,
    );
    const due: DueTask[] = [];
    for (const task of tasks) {
      const part = readings.get<unknown>(taskKey(task));
      if (why === 'asked') {
        const fresh = now - (part.asOf ?? 0) < FRESH_ENOUGH_MS;
        if (!fresh && !this.heldByHuggingFace(part, now)) due.push({ task, reason: 'asked' });
        continue;
      }
      const { at, reason } = nextPoll(task.kind, {
        attention,
        lastGoodAt: part.asOf,
        notBefore: this.notBefore(part),
        nearLimit,
        inTransition:
          task.kind === 'endpoints' && isInTransition(part.value as readonly Endpoint[] | undefined),
        siblings: tasks.filter(({ kind }) => kind === task.kind).length,
        jitter: this.jitter,
      });
      if (now >= Math.max(at, this.wokeAt + WAKE_MS)) due.push({ task, reason });
    }
    return due;
  }

  /**
   * What could not be read in an answer that came holds nothing up, and a network failure from before a sleep says
   * nothing about the network after it.
   */
  private notBefore({ problem, asOf }: Part<unknown>): number | undefined {
    if (!problem || problem.at === asOf) return undefined;
    return isNetworkProblem(problem.kind) && this.wokeAt > problem.at ? this.wokeAt : problem.nextTryAt;
  }

  private heldByHuggingFace({ problem }: Part<unknown>, now: number): boolean {
    return problem?.kind === 'rate-limited' && problem.retryAt !== undefined && problem.retryAt > now;
  }

  private noticeSleep(): void {
    const now = this.options.clock.now();
    if (now - this.lastLookAt > SLEPT_MS) {
      this.wokeAt = now;
      this.options.log.info(`Awake after ${Math.round((now - this.lastLookAt) / 1000)} s.`);
    }
    this.lastLookAt = now;
  }

  /** Never on a timer: at the start of a session, when asked, and until it has answered once. */
  private whoamiDue(why: 'due' | 'asked'): boolean {
    const { readings, clock } = this.options;
    const { value, asOf = 0, problem } = readings.get<Account>('whoami');
    const now = clock.now();
    const patient = why === 'due' || problem?.kind === 'rate-limited';
    if (problem && patient && now < (this.notBefore({ problem }) ?? 0)) return false;
    if (value === undefined) return true;
    return this.whoamiWanted && now - asOf >= WHOAMI_INTERVAL_MS;
  }

  /** True when the account is known, now or from before. */
  private async readAccount(
    why: 'due' | 'asked',
    changed: () => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { readings, clock, servers, http, token } = this.options;
    const due = this.whoamiDue(why);
    this.whoamiWanted = false;
    if (!due) return readings.get<Account>('whoami').value !== undefined;
    const call = async () => ({ value: await whoami(http(), servers, token, signal) });
    await this.attempt('whoami', call, changed, signal);
    const part = readings.get<Account>('whoami');
    if (part.problem?.kind === 'rate-limited') {
      const nextTryAt = Math.max(part.problem.nextTryAt, clock.now() + WHOAMI_RATE_LIMITED_MS);
      readings.put('whoami', { ...part, problem: { ...part.problem, nextTryAt } });
    }
    return part.value !== undefined;
  }

  private async read({ task, reason }: DueTask, changed: () => void, signal: AbortSignal): Promise<void> {
    const { http, servers, token, clock, observer, ledger, readings, log } = this.options;
    log.info(`Reading ${taskKey(task)}: ${reason}.`);
    const hub: HubAccess = { http: http(), servers, token };
    const serverNow = clock.now() + (observer.clockSkewMs ?? 0);
    await this.attempt(taskKey(task), () => fetchTask(task, hub, serverNow, signal), changed, signal);
    if (task.kind === 'usage') {
      const { value, asOf } = readings.get<Credits>('usage');
      if (value && asOf !== undefined) ledger.recordBalance(this.account, asOf, value.usedNanoUsd);
    }
  }

  /** One call; its answer or its failure becomes the reading, beside the last good value. */
  private async attempt(
    name: string,
    call: () => Promise<Answer>,
    changed: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { readings, clock, random, log } = this.options;
    const fail = (error: unknown) => {
      const { problem: previous } = readings.get<unknown>(name);
      const problem = problemFrom(error, { previous, now: clock.now(), random });
      log.warn(`${name} failed (${problem.kind}): ${problem.message}`);
      return problem;
    };
    let part: Part<unknown>;
    try {
      const { value, problem } = await call();
      part = { value, asOf: clock.now(), problem: problem && fail(problem) };
    } catch (error) {
      part = { ...readings.get<unknown>(name), problem: fail(error) };
    }
    if (signal.aborted) return;
    readings.put(name, part);
    changed();
  }
}
