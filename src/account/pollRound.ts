import { whoami } from '../hub/whoami.ts';
import type { Account } from '../limits/account/account.ts';
import type { Credits } from '../limits/account/credits.ts';
import type { AccountServiceOptions } from './accountService.ts';
import type { Attention } from './cadence.ts';
import { pause } from './clock.ts';
import { type DueTask, dueTasks, isWhoamiDue, type Look } from './dueTasks.ts';
import { type Answer, fetchTask } from './fetchTask.ts';
import { fingerprint } from './fingerprint.ts';
import type { Observer } from './observer.ts';
import { isNetworkProblem, problemFrom } from './problem.ts';
import type { Readings } from './readings.ts';
import type { Part } from './snapshot.ts';
import { taskKey } from './tasks.ts';

/** HF's limit on whoami is by IP address: after a 429 nobody behind it should ask for a while. */
const whoamiRateLimitedMs = 3_600_000;
/** Longer than a round takes: the calls of an account that is read first, each with its time limit. */
const leaseMs = 30_000;
/** How long a refresh waits for another window's round; a usual one takes the live stream's 10 s. */
const leaseWaitMs = 16_000;
const leaseLookMs = 250;
/** Heartbeats come every 10 s at least; a gap of this length means that the machine slept. */
const sleptMs = 60_000;

export interface PollRoundOptions extends AccountServiceOptions {
  readonly token: string;
  readonly readings: Readings;
  readonly observer: Observer;
  /** Called after each answer or failure. */
  readonly changed: () => void;
}

/** What makes a round read: nobody (undefined), or a person at this time. */
export interface Asked {
  /** Epoch ms: answers from before it do not serve. */
  readonly at: number;
  readonly signal?: AbortSignal;
}

/** Reads what is due for one token, one window at a time, and leaves each answer or failure in the ledger. */
export class PollRound {
  readonly #options: PollRoundOptions;
  readonly #account: string;
  readonly #lease: string;
  readonly #jitter: number;
  readonly #ended = new AbortController();
  #lastLookAt: number;
  #wokeAt = 0;
  #networkBackAt = 0;
  #whoamiWantedAt: number;
  #hasLease = false;
  /** Rounds run one after the other. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: PollRoundOptions) {
    this.#options = options;
    this.#account = fingerprint(options.token, options.servers);
    this.#lease = `poll/${this.#account}`;
    this.#jitter = Number.parseInt(this.#account.slice(0, 8), 16) / 2 ** 32;
    this.#lastLookAt = options.clock.now();
    this.#whoamiWantedAt = this.#lastLookAt;
  }

  /** Ends what is under way; other windows may go on at once. */
  abort(): void {
    this.#ended.abort();
    this.#release();
  }

  /** Runs the due tasks, unless a round is under way; when asked, all that are not fresh, after that one. */
  async run(attention: Attention, asked?: Asked): Promise<void> {
    if (!asked && this.#waiting > 0) return;
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#runNow(attention, asked));
    this.#last = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #runNow(attention: Attention, asked?: Asked): Promise<void> {
    const { readings, changed } = this.#options;
    const stop = asked?.signal ? AbortSignal.any([asked.signal, this.#ended.signal]) : this.#ended.signal;
    this.#noticeSleep();
    if (asked) this.#whoamiWantedAt = asked.at;
    if (stop.aborted || !this.#hasWork(attention, asked)) return;
    if (!(await this.#acquire(asked, stop))) return;
    try {
      // another window may just have read what looked due here
      if (readings.reload()) changed();
      const first = dueTasks(readings, this.#look(attention, asked));
      const started = new Set(first.map(({ task }) => taskKey(task)));
      const namespaced = async () => {
        if (!(await this.#readAccount(attention, asked, stop))) return;
        const rest = dueTasks(readings, this.#look(attention, asked));
        const fresh = rest.filter(({ task }) => !started.has(taskKey(task)));
        await Promise.all(fresh.map(due => this.#read(due, stop)));
      };
      await Promise.all([...first.map(due => this.#read(due, stop)), namespaced()]);
    } finally {
      this.#release();
    }
  }

  #hasWork(attention: Attention, asked: Asked | undefined): boolean {
    const look = this.#look(attention, asked);
    return isWhoamiDue(this.#options.readings, look) || dueTasks(this.#options.readings, look).length > 0;
  }

  #look(attention: Attention, asked: Asked | undefined): Look {
    return {
      now: this.#options.clock.now(),
      askedAt: asked?.at,
      attention,
      jitter: this.#jitter,
      wokeAt: this.#wokeAt,
      networkBackAt: this.#networkBackAt,
      whoamiWantedAt: this.#whoamiWantedAt,
    };
  }

  /** False: another window reads. A person's refresh waits for it, but not for one that hangs. */
  async #acquire(asked: Asked | undefined, stop: AbortSignal): Promise<boolean> {
    const { ledger, clock, holder } = this.#options;
    const patientUntil = clock.now() + leaseWaitMs;
    while (!stop.aborted) {
      this.#hasLease = ledger.acquireLease(this.#lease, holder, clock.now(), leaseMs);
      if (this.#hasLease) return true;
      if (!asked) return false;
      if (clock.now() >= patientUntil) return true;
      await pause(clock, leaseLookMs, stop);
    }
    return false;
  }

  #release(): void {
    if (this.#hasLease) this.#options.ledger.releaseLease(this.#lease, this.#options.holder);
    this.#hasLease = false;
  }

  #noticeSleep(): void {
    const now = this.#options.clock.now();
    if (now - this.#lastLookAt > sleptMs) {
      this.#wokeAt = now;
      this.#options.log.info(`Awake after ${Math.round((now - this.#lastLookAt) / 1000)} s.`);
    }
    this.#lastLookAt = now;
  }

  /** True when the account is known, now or from before. */
  async #readAccount(attention: Attention, asked: Asked | undefined, signal: AbortSignal): Promise<boolean> {
    const { readings, clock, servers, http, token } = this.#options;
    if (isWhoamiDue(readings, this.#look(attention, asked))) {
      const call = async () => {
        const { account, problems } = await whoami(http(), servers, token, signal);
        return { value: account, problem: problems[0] };
      };
      await this.#attempt('whoami', call, signal, problem => ({
        ...problem,
        ...(problem.kind === 'rate-limited' && {
          nextTryAt: Math.max(problem.nextTryAt, clock.now() + whoamiRateLimitedMs),
        }),
      }));
    }
    return readings.get<Account>('whoami').value !== undefined;
  }

  async #read({ task, reason }: DueTask, signal: AbortSignal): Promise<void> {
    const { http, servers, token, clock, observer, ledger, readings, log } = this.#options;
    const name = taskKey(task);
    log.info(`Reading ${name}: ${reason}.`);
    const serverNow = () => clock.now() + observer.clockSkewMs(readings);
    const call = () => fetchTask(task, { http: http(), servers, token }, { serverNow, readings, signal });
    await this.#attempt(name, call, signal);
    if (task.kind !== 'usage' || signal.aborted) return;
    const { value, asOf, problem } = readings.get<Credits>('usage');
    if (value && asOf !== undefined && !problem) ledger.recordBalance(this.#account, asOf, value.usedNanoUsd);
  }

  /** One call; its answer or its failure becomes the reading, beside the last good value. */
  async #attempt(
    name: string,
    call: () => Promise<Answer>,
    signal: AbortSignal,
    adjust = (problem: NonNullable<Part<unknown>['problem']>) => problem,
  ): Promise<void> {
    const { readings, clock, random, log, changed } = this.#options;
    const outcome = await call().then(
      answer => ({ answer, error: answer.problem }),
      (error: unknown) => ({ answer: undefined, error }),
    );
    if (signal.aborted) return;
    const now = clock.now();
    const before = readings.get<unknown>(name);
    const { answer, error } = outcome;
    const problem =
      error === undefined ? undefined : adjust(problemFrom(error, { previous: before.problem, now, random }));
    if (problem) log.warn(`${name} failed (${problem.kind}): ${problem.message}`);
    if (answer && before.problem && isNetworkProblem(before.problem.kind)) this.#networkBackAt = now;
    readings.put(name, answer ? { value: answer.value, asOf: now, problem } : { ...before, problem });
    changed();
  }
}
