import { isDeepStrictEqual } from 'node:util';
import type { Http } from '../hub/http.ts';
import { whoami } from '../hub/whoami.ts';
import type { Account } from '../limits/account/account.ts';
import { monthStart } from '../limits/account/credits.ts';
import type { BalanceSample } from '../limits/account/forecast.ts';
import { memoLast } from '../limits/headers/memo.ts';
import type { TimerHandle } from './clock.ts';
import { composeSnapshot, problemsOf } from './composeSnapshot.ts';
import { EndpointControl } from './endpointControl.ts';
import { fingerprint } from './fingerprint.ts';
import type { Attention } from './nextPoll.ts';
import { Observer } from './observer.ts';
import { PollRound, type PollServices } from './pollRound.ts';
import { problemFrom } from './problem.ts';
import { Readings } from './readings.ts';
import { SessionFollower } from './sessionFollower.ts';
import type { Session, Sessions } from './sessions.ts';
import {
  mostRefusals,
  type Problem,
  type SessionProblem,
  type SessionSummary,
  type Snapshot,
  signedOut,
} from './snapshot.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How often a window looks for writes of other windows and for due tasks. Both looks cost microseconds. */
const heartbeatMs: Record<Attention, number> = { watching: 1_000, focused: 2_000, idle: 10_000 };

export interface AccountServiceOptions extends PollServices {
  readonly sessions: Pick<Sessions, 'look' | 'stamp'>;
}

/**
 * Keeps what Hugging Face says of the signed-in account fresh. All state is in the ledger, so any window may
 * do the next poll, and all see its result; a lease lets one of them poll at a time.
 */
export class AccountService {
  readonly #options: AccountServiceOptions;
  readonly observer: Observer;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #abort = new AbortController();
  #current: Snapshot = signedOut;
  #signedIn:
    | { session: Session; readings: Readings; round: PollRound; endpoints: EndpointControl }
    | undefined;
  #attention: Attention = 'idle';
  #heartbeat: TimerHandle | undefined;
  #seenVersion = -1;
  #sessionProblem: SessionProblem | undefined;
  readonly #sessionFollower: SessionFollower;
  readonly #earlierSpend = memoLast<readonly BalanceSample[]>();

  constructor(options: AccountServiceOptions) {
    this.#options = options;
    this.observer = new Observer(options.ledger, options.servers);
    this.#sessionFollower = new SessionFollower(options);
  }

  get snapshot(): Snapshot {
    return this.#current;
  }

  /** The session whose limits are shown. */
  get session(): Session | undefined {
    return this.#signedIn?.session;
  }

  /** Changes the account's endpoints; undefined: signed out. */
  get endpoints(): EndpointControl | undefined {
    return this.#signedIn?.endpoints;
  }

  /** The calls that fail at present, by name (`whoami`, else `taskKey`). */
  get problems(): ReadonlyMap<string, Problem> {
    return this.#signedIn ? problemsOf(this.#signedIn.readings) : new Map();
  }

  onDidChange(listener: (snapshot: Snapshot) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Shows what the ledger holds, then keeps it fresh until `dispose`. */
  async start(): Promise<void> {
    await this.followSession();
    this.#beat(0);
  }

  setAttention(attention: Attention): void {
    if (attention === this.#attention) return;
    this.#attention = attention;
    if (this.#heartbeat !== undefined) this.#beat(0);
  }

  /** Looks for another session at once. */
  async followSession(): Promise<void> {
    const seen = await this.#sessionFollower.look();
    if (seen === undefined || this.#abort.signal.aborted) return;
    const { session, problem } = seen;
    const before = this.#signedIn?.session;
    // The session that is shown may still be the active one.
    if (before && problem?.kind === 'keyring') return;
    if (session?.token === before?.token && session?.summary.id === before?.summary.id) {
      this.#showSessionProblem(problem);
      return;
    }
    this.#sessionProblem = problem;
    this.#changeTo(session);
  }

  /** Shows what this window wrote to the ledger: `dataVersion` reports other connections only. */
  showWritten(): void {
    if (!this.#abort.signal.aborted && this.#differs()) this.#publish();
  }

  /**
   * Reads everything again that is older than `maxAgeMs`, for a person. Tasks that HF asked to wait still wait.
   */
  async refresh({ signal, maxAgeMs = 0 }: { signal?: AbortSignal; maxAgeMs?: number } = {}): Promise<void> {
    await this.followSession();
    await this.#signedIn?.round.run(this.#attention, { at: this.#options.clock.now() - maxAgeMs, signal });
  }

  /** Lets `end` sign out of the shown account, and deletes what HF said of it. */
  async leave(end: (session: SessionSummary) => Promise<void>): Promise<void> {
    const left = this.#signedIn;
    if (!left) return;
    await end(left.session.summary);
    await this.followSession();
    this.#options.ledger.forgetAccount(left.readings.account);
  }

  /**
   * Calls whoami with a token before it is stored. The account is kept as the session's first reading, so
   * that whoami is not called again for it.
   * @throws HubError
   */
  async introduce(token: string, signal: AbortSignal): Promise<Account> {
    const { http, servers, ledger, log, clock, random } = this.#options;
    try {
      const { getJson, ...hub } = http();
      const aside: Http = { ...hub, getJson: (url, request) => getJson(url, { ...request, aside: true }) };
      const { account, problems } = await whoami({ http: aside, servers, token, signal });
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
    this.#signedIn?.endpoints.leave();
    if (this.#heartbeat !== undefined) this.#options.clock.clearTimeout(this.#heartbeat);
    this.#heartbeat = undefined;
    this.#listeners.clear();
  }

  #changeTo(session: Session | undefined): void {
    const { ledger, servers, log, http, clock } = this.#options;
    this.#signedIn?.round.abort();
    this.#signedIn?.endpoints.leave();
    this.observer.forgetWindows();
    if (session) {
      log.info(`Signed in through ${session.summary.source.kind}.`);
      const { token } = session;
      const readings = new Readings(ledger, fingerprint(token, servers), log);
      const changed = () => {
        if (this.#signedIn?.readings === readings) this.#publish();
      };
      const endpoints = new EndpointControl({
        hub: () => ({ http: http(), servers, token }),
        readings,
        clock,
        changed: () => {
          changed();
          this.#beat(0);
        },
      });
      const { observer } = this;
      const round = new PollRound({
        ...this.#options,
        token,
        readings,
        observer,
        endpoints,
        money: () => this.#current,
        changed,
      });
      this.#signedIn = { session, readings, round, endpoints };
    } else {
      log.info('Signed out.');
      this.#signedIn = undefined;
    }
    this.#publish();
    if (this.#heartbeat !== undefined) this.#beat(0);
  }

  #showSessionProblem(problem: SessionProblem | undefined): void {
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
      this.#look().catch((error: unknown) => log.warn(`A heartbeat failed: ${String(error)}`));
    };
    this.#heartbeat = clock.setTimeout(next, delayMs);
  }

  /** One heartbeat: another window's sign-in, another window's readings, a poll of our own. */
  async #look(): Promise<void> {
    const { ledger } = this.#options;
    const version = ledger.dataVersion();
    const wrote = version !== this.#seenVersion;
    this.#seenVersion = version;
    if (this.#sessionFollower.isDue() || wrote) await this.followSession();
    if (this.#abort.signal.aborted) return;
    if (wrote && this.#differs()) this.#publish();
    await this.#signedIn?.round.run(this.#attention);
  }

  /** Other windows write mostly leases, which no view shows. */
  #differs(): boolean {
    const { refusals, accepted, ledgerProblem } = this.#current;
    const changed = this.#signedIn?.readings.reload() ?? false;
    return changed || !isDeepStrictEqual(this.#ofLedger(), { refusals, accepted, ledgerProblem });
  }

  #publish(): void {
    if (this.#abort.signal.aborted) return;
    this.#current = this.#signedIn
      ? this.#compose(this.#signedIn.session, this.#signedIn.readings)
      : { ...signedOut, sessionProblem: this.#sessionProblem, ...this.#ofLedger() };
    for (const listener of this.#listeners) {
      try {
        listener(this.#current);
      } catch (error) {
        this.#options.log.error(`A view could not be updated: ${String(error)}`);
      }
    }
  }

  #compose({ summary }: Session, readings: Readings): Snapshot {
    const { ledger, clock } = this.#options;
    const now = clock.now();
    this.observer.keepIn(readings, now);
    const since = Math.floor((now - dayMs) / hourMs) * hourMs;
    const earlier = this.#earlierSpend([readings.account, since], () =>
      ledger.leastBalances(readings.account, monthStart(monthStart(now) - 1), since),
    );
    const spend = [...earlier, ...ledger.balancesSince(readings.account, since)];
    const endpointChanges = this.#signedIn?.endpoints.open ?? [];
    return composeSnapshot(readings, { session: summary, spend, endpointChanges, ...this.#ofLedger() });
  }

  #ofLedger(): Pick<Snapshot, 'refusals' | 'accepted' | 'ledgerProblem'> {
    const { ledger, clock } = this.#options;
    const refusals = ledger.lastRefusals(mostRefusals);
    const accepted = ledger.acceptedRequests(clock.now());
    // The health is read last: any call above may find a broken disk.
    const ledgerProblem = ledger.health.kind === 'ok' ? undefined : ledger.health.reason;
    return { refusals, accepted, ledgerProblem };
  }
}
