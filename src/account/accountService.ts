import { isDeepStrictEqual } from 'node:util';
import type { Http } from '../hub/http.ts';
import type { Servers } from '../hub/servers.ts';
import { whoami } from '../hub/whoami.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Account } from '../limits/account/account.ts';
import { burnRateNanoUsdPerHour } from '../limits/account/forecast.ts';
import type { Attention } from './cadence.ts';
import type { Clock, TimerHandle } from './clock.ts';
import { composeSnapshot, problemsOf } from './composeSnapshot.ts';
import { fingerprint } from './fingerprint.ts';
import type { Log } from './log.ts';
import { Observer } from './observer.ts';
import { PollRound } from './pollRound.ts';
import { problemFrom } from './problem.ts';
import { Readings } from './readings.ts';
import type { Session, SessionLook, Sessions } from './sessions.ts';
import { SessionWatch } from './sessionWatch.ts';
import {
  mostRefusals,
  type Problem,
  type SessionProblem,
  type SessionSummary,
  type Snapshot,
  signedOut,
} from './snapshot.ts';

const dayMs = 86_400_000;
/** How often a window looks whether another one wrote, or whether something is due. Both cost microseconds. */
const heartbeatMs: Record<Attention, number> = { watching: 1_000, focused: 2_000, idle: 10_000 };

export interface AccountServiceOptions {
  readonly ledger: Ledger;
  readonly sessions: Pick<Sessions, 'look' | 'stamp'>;
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

export interface RefreshOptions {
  readonly signal?: AbortSignal;
  /** What was read within this time is not read again. Default 0: whoever asks wants to see what just changed. */
  readonly maxAgeMs?: number;
}

/**
 * Keeps what Hugging Face says of the signed-in account fresh. All state is in the ledger, so any window may do the
 * next poll and all see its answer: a lease lets only one of them at a time.
 */
export class AccountService {
  readonly #options: AccountServiceOptions;
  readonly observer: Observer;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #abort = new AbortController();
  #current: Snapshot = signedOut;
  #signedIn: { session: Session; readings: Readings; round: PollRound } | undefined;
  #attention: Attention = 'idle';
  #heartbeat: TimerHandle | undefined;
  #seenVersion = -1;
  #sessionLooks = 0;
  #sessionLookApplied = 0;
  #sessionFailure: string | undefined;
  #sessionProblem: SessionProblem | undefined;
  readonly #sessionWatch: SessionWatch;

  constructor(options: AccountServiceOptions) {
    this.#options = options;
    this.observer = new Observer(options.ledger);
    this.#sessionWatch = new SessionWatch(options.sessions);
  }

  get snapshot(): Snapshot {
    return this.#current;
  }

  /** The one whose limits are shown, with its token. */
  get session(): Session | undefined {
    return this.#signedIn?.session;
  }

  /** Every call that fails at present, by its name (`whoami`, else `taskKey`). */
  get problems(): ReadonlyMap<string, Problem> {
    return this.#signedIn ? problemsOf(this.#signedIn.readings) : new Map();
  }

  onDidChange(listener: (snapshot: Snapshot) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Shows what the ledger remembers, then keeps it fresh until `dispose`. */
  async start(): Promise<void> {
    await this.followSession();
    this.#beat(0);
  }

  setAttention(attention: Attention): void {
    if (attention === this.#attention) return;
    this.#attention = attention;
    if (this.#heartbeat !== undefined) this.#beat(0);
  }

  /** Looks at once whether the session changed, for when the caller knows that it did. */
  async followSession(): Promise<void> {
    const look = ++this.#sessionLooks;
    let seen: SessionLook;
    try {
      this.#sessionWatch.noteLook(this.#options.clock.now());
      seen = await this.#options.sessions.look();
    } catch (error) {
      if (look >= this.#sessionLookApplied) this.#keepSession(error);
      return;
    }
    // a later look may have ended earlier, and knows better
    if (this.#abort.signal.aborted || look < this.#sessionLookApplied) return;
    this.#sessionLookApplied = look;
    this.#sessionFailure = undefined;
    const { session, gone } = seen;
    const problem: SessionProblem | undefined = gone && { kind: 'token-gone', source: gone };
    const before = this.#signedIn?.session;
    if (session?.token === before?.token && session?.summary.id === before?.summary.id) {
      this.#tellSessionProblem(problem);
      return;
    }
    this.#sessionProblem = problem;
    this.#changeTo(session);
  }

  /** Shows at once what this window wrote to the ledger itself: `dataVersion` tells of other connections only. */
  showWritten(): void {
    if (!this.#abort.signal.aborted && this.#differs()) this.#publish();
  }

  /** Reads everything anew, as a person asked for it. Waits that HF itself asked for are kept. */
  async refresh({ signal, maxAgeMs = 0 }: RefreshOptions = {}): Promise<void> {
    await this.followSession();
    await this.#signedIn?.round.run(this.#attention, { at: this.#options.clock.now() - maxAgeMs, signal });
  }

  /** Lets `end` sign the shown account out, and forgets what HF said of it. */
  async leave(end: (session: SessionSummary) => Promise<void>): Promise<void> {
    const left = this.#signedIn?.session;
    if (!left) return;
    await end(left.summary);
    await this.followSession();
    this.#options.ledger.forgetAccount(fingerprint(left.token, this.#options.servers));
  }

  /**
   * Asks HF whose token this is, before it is kept. The answer is kept as the session's first reading, so that
   * whoami is not asked again for it.
   * @throws HubError
   */
  async introduce(token: string, signal: AbortSignal): Promise<Account> {
    const { http, servers, ledger, log, clock, random } = this.#options;
    try {
      const { getJson, ...hub } = http();
      const aside: Http = { ...hub, getJson: (url, request) => getJson(url, { ...request, aside: true }) };
      const { account, problems } = await whoami(aside, servers, token, signal);
      const now = clock.now();
      const [unread] = problems;
      new Readings(ledger, fingerprint(token, servers), log).put('whoami', {
        value: account,
        asOf: now,
        problem: unread && problemFrom(unread, { now, random }),
      });
      return account;
    } finally {
      this.#signedIn?.readings.reload();
      this.#publish();
    }
  }

  dispose(): void {
    this.#abort.abort();
    this.#signedIn?.round.abort();
    if (this.#heartbeat !== undefined) this.#options.clock.clearTimeout(this.#heartbeat);
    this.#heartbeat = undefined;
    this.#listeners.clear();
  }

  #changeTo(session: Session | undefined): void {
    const { ledger, servers, log } = this.#options;
    this.#signedIn?.round.abort();
    this.observer.forgetWindows();
    if (session) {
      log.info(`Signed in through ${session.summary.source.kind}.`);
      const { token } = session;
      const readings = new Readings(ledger, fingerprint(token, servers), log);
      const changed = () => {
        if (this.#signedIn?.readings === readings) this.#publish();
      };
      const { observer } = this;
      const round = new PollRound({ ...this.#options, token, readings, observer, changed });
      this.#signedIn = { session, readings, round };
    } else {
      log.info('Signed out.');
      this.#signedIn = undefined;
    }
    this.#publish();
    if (this.#heartbeat !== undefined) this.#beat(0);
  }

  /** Whether somebody is signed in is not known now: what is shown stays. Logged once for an episode. */
  #keepSession(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#sessionFailure) {
      this.#options.log.warn(`The editor's secret storage can't be read: ${message}`);
    }
    this.#sessionFailure = message;
    if (!this.#signedIn) this.#tellSessionProblem({ kind: 'keyring', message });
  }

  #tellSessionProblem(problem: SessionProblem | undefined): void {
    if (isDeepStrictEqual(problem, this.#sessionProblem)) return;
    this.#sessionProblem = problem;
    this.#publish();
  }

  #beat(delayMs = heartbeatMs[this.#attention]): void {
    const { clock, log } = this.#options;
    if (this.#heartbeat !== undefined) clock.clearTimeout(this.#heartbeat);
    if (this.#abort.signal.aborted) return;
    const next = () => {
      this.#beat();
      this.#lookAround().catch((error: unknown) => log.warn(`A look around failed: ${String(error)}`));
    };
    this.#heartbeat = clock.setTimeout(next, delayMs);
  }

  /** One heartbeat: another window's sign-in, another window's answers, our own turn to poll. */
  async #lookAround(): Promise<void> {
    const { ledger, clock } = this.#options;
    const version = ledger.dataVersion();
    const wrote = version !== this.#seenVersion;
    this.#seenVersion = version;
    if (this.#sessionWatch.isDue(clock.now()) || wrote) await this.followSession();
    if (this.#abort.signal.aborted) return;
    if (wrote && this.#differs()) this.#publish();
    await this.#signedIn?.round.run(this.#attention);
  }

  /** Most of what other windows write is their leases, for which no face needs to be drawn anew. */
  #differs(): boolean {
    const { refusals, ledgerProblem } = this.#current;
    const changed = this.#signedIn?.readings.reload() ?? false;
    return changed || !isDeepStrictEqual(this.#ofLedger(), { refusals, ledgerProblem });
  }

  #publish(): void {
    if (this.#abort.signal.aborted) return;
    const { clock, log } = this.#options;
    if (this.#signedIn) this.observer.keepIn(this.#signedIn.readings, clock.now());
    const spendNanoUsdPerHour = this.#signedIn && this.#spendNanoUsdPerHour(this.#signedIn.session.token);
    const ofLedger = this.#ofLedger();
    this.#current = this.#signedIn
      ? composeSnapshot(this.#signedIn.readings, {
          session: this.#signedIn.session.summary,
          spendNanoUsdPerHour,
          ...ofLedger,
        })
      : { ...signedOut, sessionProblem: this.#sessionProblem, ...ofLedger };
    for (const listener of this.#listeners) {
      try {
        listener(this.#current);
      } catch (error) {
        log.error(`A face could not be drawn: ${String(error)}`);
      }
    }
  }

  #ofLedger(): Pick<Snapshot, 'refusals' | 'ledgerProblem'> {
    const { ledger } = this.#options;
    const refusals = ledger.lastRefusals(mostRefusals);
    // last, because it is calls like the one above that find a broken disk
    return { refusals, ledgerProblem: ledger.health.kind === 'ok' ? undefined : ledger.health.reason };
  }

  #spendNanoUsdPerHour(token: string): number | undefined {
    const now = this.#options.clock.now();
    return burnRateNanoUsdPerHour(
      this.#options.ledger.balancesSince(fingerprint(token, this.#options.servers), now - dayMs),
      now,
    );
  }
}
