import type { Http } from '../hub/http.ts';
import type { Servers } from '../hub/servers.ts';
import { whoami } from '../hub/whoami.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Account } from '../limits/account/account.ts';
import type { Credits } from '../limits/account/credits.ts';
import { type Clock, pause } from './clock.ts';
import type { EndpointControl } from './endpointControl.ts';
import { fetchTask, type TaskResult } from './fetchTask.ts';
import type { Log } from './log.ts';
import type { Attention } from './nextPoll.ts';
import type { Observer } from './observer.ts';
import { isNetworkProblem, problemFrom } from './problem.ts';
import type { Readings } from './readings.ts';
import { reviseRefusals } from './revisedRefusals.ts';
import { type DueTask, Schedule } from './schedule.ts';
import type { Snapshot } from './snapshot.ts';
import { taskKey } from './tasks.ts';

/** HF limits whoami by IP address: after a 429 no window behind it should call for a while. */
const whoamiRateLimitedMs = 3_600_000;
/** Longer than a round: the calls of an account that is read for the first time, each with its time limit. */
const leaseMs = 30_000;
/** How long a refresh waits for another window's round; a usual one takes the live stream's 10 s. */
const leaseWaitMs = 16_000;
const leaseLookMs = 250;

/** Services of a window or process. */
export interface PollServices {
  readonly ledger: Ledger;
  readonly servers: Servers;
  /** Made when first needed: it loads undici. Its responses must reach `observe`. */
  readonly http: () => Http;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Names this window or process in leases. */
  readonly holder: string;
}

export interface PollRoundOptions extends PollServices {
  readonly token: string;
  readonly readings: Readings;
  readonly observer: Observer;
  readonly money: () => Snapshot;
  readonly endpoints: EndpointControl;
  /** Called after each reading or failure. */
  readonly changed: () => void;
}

/** A person's refresh. */
export interface RefreshRequest {
  /** Epoch ms: older readings are read again. */
  readonly at: number;
  readonly signal?: AbortSignal;
}

/** Runs the due tasks of one token, in one window at a time; results and failures go to the ledger. */
export class PollRound {
  readonly #options: PollRoundOptions;
  readonly #schedule: Schedule;
  readonly #lease: string;
  readonly #ended = new AbortController();
  #hasLease = false;
  /** Rounds run one after the other. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: PollRoundOptions) {
    this.#options = options;
    this.#schedule = new Schedule(options);
    this.#lease = `poll/${options.readings.account}`;
  }

  /** Ends the round that runs; other windows may poll at once. */
  abort(): void {
    this.#ended.abort();
    this.#release();
  }

  /** Runs the due tasks unless a round runs; for a refresh, all that are not fresh, after that round. */
  async run(attention: Attention, refresh?: RefreshRequest): Promise<void> {
    if (!refresh && this.#waiting > 0) return;
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#runNow(attention, refresh));
    this.#last = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #runNow(attention: Attention, refresh?: RefreshRequest): Promise<void> {
    const { readings, changed } = this.#options;
    const stop = refresh?.signal ? AbortSignal.any([refresh.signal, this.#ended.signal]) : this.#ended.signal;
    const schedule = this.#schedule;
    schedule.beginRound(refresh?.at);
    const due = () => schedule.dueTasks(attention, refresh?.at);
    const accountIsDue = () => schedule.isWhoamiDue(refresh?.at);
    if (stop.aborted || (!accountIsDue() && due().length === 0)) return;
    if (!(await this.#acquire(refresh, stop))) return;
    try {
      // Another window may just have read the same tasks.
      if (readings.reload()) changed();
      const first = due();
      const started = new Set(first.map(({ task }) => taskKey(task)));
      const namespaced = async () => {
        if (accountIsDue()) await this.#readAccount(stop);
        if (readings.get<Account>('whoami').value === undefined) return;
        const rest = due().filter(({ task }) => !started.has(taskKey(task)));
        await Promise.all(rest.map(task => this.#read(task, stop)));
      };
      await Promise.all([...first.map(task => this.#read(task, stop)), namespaced()]);
    } finally {
      this.#release();
    }
  }

  /** False while another window polls. A refresh waits for it, but not for a window that hangs. */
  async #acquire(refresh: RefreshRequest | undefined, stop: AbortSignal): Promise<boolean> {
    const { ledger, clock, holder } = this.#options;
    const patientUntil = clock.now() + leaseWaitMs;
    while (!stop.aborted) {
      this.#hasLease = ledger.acquireLease(this.#lease, holder, clock.now(), leaseMs);
      if (this.#hasLease) return true;
      if (!refresh) return false;
      if (clock.now() >= patientUntil) return true;
      await pause(clock, leaseLookMs, stop);
    }
    return false;
  }

  #release(): void {
    if (this.#hasLease) this.#options.ledger.releaseLease(this.#lease, this.#options.holder);
    this.#hasLease = false;
  }

  async #readAccount(signal: AbortSignal): Promise<void> {
    const { servers, http, token } = this.#options;
    const call = async () => {
      const { account, problems } = await whoami({ http: http(), servers, token, signal });
      return { value: account, problem: problems[0] };
    };
    await this.#attempt('whoami', call, signal);
  }

  async #read({ task, reason }: DueTask, signal: AbortSignal): Promise<void> {
    const { http, servers, token, clock, observer, ledger, readings, log, changed, money } = this.#options;
    const name = taskKey(task);
    log.info(`Reading ${name}: ${reason}.`);
    const serverNow = () => clock.now() + observer.clockSkewMs(readings);
    const call = () => fetchTask(task, { http: http(), servers, token, signal }, readings, serverNow);
    await this.#attempt(name, call, signal);
    if (task.kind !== 'usage' || signal.aborted) return;
    const { value, asOf, problem } = readings.get<Credits>('usage');
    if (value && asOf !== undefined && !problem)
      ledger.recordBalance(readings.account, asOf, value.usedNanoUsd, value.requests);
    if (reviseRefusals(ledger, money())) changed();
  }

  /** Makes one call. Its result becomes the reading; a failure stands beside the last good value. */
  async #attempt(name: string, call: () => Promise<TaskResult>, signal: AbortSignal): Promise<void> {
    const { readings, clock, random, log, changed } = this.#options;
    const { result, error } = await call().then(
      result => ({ result, error: result.problem }),
      (error: unknown) => ({ result: undefined, error }),
    );
    if (signal.aborted) return;
    const now = clock.now();
    const before = readings.get<unknown>(name);
    let problem =
      error === undefined ? undefined : problemFrom(error, { previous: before.problem, now, random });
    if (name === 'whoami' && problem?.kind === 'rate-limited') {
      problem = { ...problem, nextTryAt: Math.max(problem.nextTryAt, now + whoamiRateLimitedMs) };
    }
    if (problem) log.warn(`${name} failed (${problem.kind}): ${problem.message}`);
    if (result && before.problem && isNetworkProblem(before.problem.kind)) this.#schedule.networkIsBack();
    readings.put(name, result ? { value: result.value, asOf: now, problem } : { ...before, problem });
    changed();
  }
}
