import type { Http } from '../hub/http.ts';
import type { Servers } from '../hub/servers.ts';
import { whoami } from '../hub/whoami.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Account } from '../limits/account.ts';
import { burnRateNanoUsdPerHour } from '../limits/forecast.ts';
import type { Attention } from './cadence.ts';
import type { Clock, TimerHandle } from './clock.ts';
import { composeSnapshot, HEADER_WINDOWS } from './composeSnapshot.ts';
import { fingerprint } from './fingerprint.ts';
import type { Log } from './log.ts';
import { Observer } from './observer.ts';
import { PollRound } from './pollRound.ts';
import { Readings } from './readings.ts';
import type { Session, Sessions } from './sessions.ts';
import { type Problem, SIGNED_OUT, type Snapshot } from './snapshot.ts';

const REFUSALS_SHOWN = 50;
const DAY_MS = 86_400_000;
/** How often a window looks whether another one wrote, or whether something is due. Both cost microseconds. */
const HEARTBEAT_MS: Record<Attention, number> = { watching: 1_000, focused: 2_000, idle: 10_000 };

export interface AccountServiceOptions {
  readonly ledger: Ledger;
  readonly sessions: Pick<Sessions, 'active'>;
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

/**
 * Keeps what Hugging Face says of the signed-in account fresh. All state is in the ledger, so any window may do the
 * next poll and all see its answer: a lease lets only one of them at a time.
 */
export class AccountService {
  private readonly options: AccountServiceOptions;
  readonly observer: Observer;
  private readonly listeners = new Set<(snapshot: Snapshot) => void>();
  private readonly abort = new AbortController();
  private current: Snapshot = SIGNED_OUT;
  private signedIn: { session: Session; readings: Readings; round: PollRound } | undefined;
  private attention: Attention = 'idle';
  private heartbeat: TimerHandle | undefined;
  private seenVersion = -1;
  private polling: Promise<void> | undefined;

  constructor(options: AccountServiceOptions) {
    this.options = options;
    this.observer = new Observer(options.ledger);
  }

  get snapshot(): Snapshot {
    return this.current;
  }

  /** Every call that fails at present, by its name (`whoami`, else `taskKey`). */
  get problems(): ReadonlyMap<string, Problem> {
    return this.signedIn?.readings.problems() ?? new Map();
  }

  onDidChange(listener: (snapshot: Snapshot) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Shows what the ledger remembers, then keeps it fresh until `dispose`. */
  async start(): Promise<void> {
    await this.followSession();
    this.beat();
  }

  setAttention(attention: Attention): void {
    if (attention === this.attention) return;
    this.attention = attention;
    if (this.heartbeat !== undefined) this.beat();
  }

  /** Looks at once whether the session changed, for when the caller knows that it did. */
  async followSession(): Promise<void> {
    const { sessions, ledger, log } = this.options;
    const session = await sessions.active();
    if (this.abort.signal.aborted) return;
    const before = this.signedIn?.session;
    if (session?.token === before?.token && session?.summary.id === before?.summary.id) return;
    this.signedIn?.round.abort();
    if (session) {
      log.info(`Signed in through ${session.summary.source.kind}.`);
      const readings = new Readings(ledger, fingerprint(session.token, this.options.servers), log);
      const round = new PollRound({
        ...this.options,
        token: session.token,
        readings,
        observer: this.observer,
      });
      this.signedIn = { session, readings, round };
    } else {
      log.info('Signed out.');
      this.signedIn = undefined;
    }
    this.publish();
  }

  /** Reads everything anew, as a person asked for it. Waits that HF itself asked for are kept. */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.followSession();
    await this.polling;
    await this.poll('asked', signal);
  }

  /**
   * Asks HF whose token this is, before it is kept. The answer is kept as the session's first reading, so that
   * whoami is not asked again for it.
   * @throws HubError
   */
  async introduce(token: string, signal: AbortSignal): Promise<Account> {
    const { http, servers, ledger, log, clock } = this.options;
    const value = await whoami(http(), servers, token, signal);
    new Readings(ledger, fingerprint(token, servers), log).put('whoami', { value, asOf: clock.now() });
    return value;
  }

  dispose(): void {
    this.abort.abort();
    this.signedIn?.round.abort();
    if (this.heartbeat !== undefined) this.options.clock.clearTimeout(this.heartbeat);
    this.heartbeat = undefined;
    this.listeners.clear();
  }

  private beat(): void {
    const { clock, log } = this.options;
    if (this.heartbeat !== undefined) clock.clearTimeout(this.heartbeat);
    if (this.abort.signal.aborted) return;
    const next = () => {
      this.lookAround().catch((error: unknown) => log.warn(`A look at the ledger failed: ${String(error)}`));
      this.beat();
    };
    this.heartbeat = clock.setTimeout(next, HEARTBEAT_MS[this.attention]);
  }

  /** One heartbeat: another window's sign-in, another window's answers, our own turn to poll. */
  private async lookAround(): Promise<void> {
    await this.followSession();
    const version = this.options.ledger.dataVersion();
    if (version !== this.seenVersion) {
      this.seenVersion = version;
      this.signedIn?.readings.reload();
      this.publish();
    }
    await this.poll('due');
  }

  private poll(why: 'due' | 'asked', signal?: AbortSignal): Promise<void> {
    this.polling ??= this.pollOnce(why, signal).finally(() => {
      this.polling = undefined;
    });
    return this.polling;
  }

  private async pollOnce(why: 'due' | 'asked', signal?: AbortSignal): Promise<void> {
    const round = this.signedIn?.round;
    if (!round) return;
    const changed = () => {
      if (this.signedIn?.round === round) this.publish();
    };
    await round.run(why, this.attention, changed, signal);
  }

  private publish(): void {
    const { ledger } = this.options;
    const health = ledger.health;
    const ledgerProblem = health.kind === 'ok' ? undefined : health.reason;
    if (this.signedIn) {
      const { session, readings } = this.signedIn;
      const headerWindows = readings.get<Snapshot['headerWindows']>(HEADER_WINDOWS).value;
      const merged = this.observer.mergeInto(headerWindows ?? []);
      if (merged !== headerWindows && merged.length > 0) {
        readings.put(HEADER_WINDOWS, { value: merged, asOf: this.options.clock.now() });
      }
      this.current = composeSnapshot(readings, {
        session: session.summary,
        refusals: ledger.lastRefusals(REFUSALS_SHOWN),
        spendNanoUsdPerHour: this.spendNanoUsdPerHour(session.token),
        clockSkewMs: this.observer.clockSkewMs,
        ledgerProblem,
      });
    } else {
      this.current = { ...SIGNED_OUT, refusals: ledger.lastRefusals(REFUSALS_SHOWN), ledgerProblem };
    }
    for (const listener of this.listeners) listener(this.current);
  }

  private spendNanoUsdPerHour(token: string): number | undefined {
    const now = this.options.clock.now();
    return burnRateNanoUsdPerHour(
      this.options.ledger.balancesSince(fingerprint(token, this.options.servers), now - DAY_MS),
      now,
    );
  }
}
