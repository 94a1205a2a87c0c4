import type { PayerBalance } from '../../limits/account/payerBalance.ts';
import { mostShownProviders } from '../../limits/bounds.ts';
import { parseProviderHeaders } from '../../limits/headers/providerHeaders.ts';
import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import { messageOf } from '../../limits/messageOf.ts';
import { HubBuckets } from '../../limits/pacing/hubBuckets.ts';
import { type Admission, Pacer } from '../../limits/pacing/pacer.ts';
import { actionOf, laneName, type PaceRefusal, type PaceTicket } from '../../limits/pacing/paceTicket.ts';
import type { GatewayLedger, GatewayTimers, HeldRequests } from '../options.ts';
import { headerBag, type ResponseHead } from '../relay/responseHead.ts';
import { Alarm } from './alarm.ts';
import { HeldReporter } from './heldReporter.ts';
import { heldRequests, isHeldIn } from './heldRequests.ts';
import { otherLimit, parseLimitName, sharedScope } from './limitKey.ts';
import { SharedLimits } from './sharedLimits.ts';

/** A provider's headers behind the router are read once in this time. */
const providerMs = 1_000;

export interface PacingOptions {
  readonly ledger: Pick<GatewayLedger, 'shareLimits' | 'sharedLimits' | 'dataVersion'>;
  readonly timers: GatewayTimers;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** The pacer failed: held requests must go on without it. */
  readonly onBroken: () => void;
  readonly onHeld: (held: readonly HeldRequests[]) => void;
}

/** `broken`: held requests go on at the end of this loop turn. `resting`: until the next sweep. */
type State = 'pacing' | 'broken' | 'resting';

/**
 * The pacer with a clock, timers, and the limits that other gateways learned. Held requests are called at the end of the
 * loop turn in which their turn came. A pacer that fails must not hold up requests: it is replaced at the next sweep.
 */
export class Pacing {
  readonly #options: PacingOptions;
  readonly #gateway: string;
  readonly #shared: SharedLimits;
  readonly #reporter: HeldReporter;
  readonly #alarm: Alarm;
  #pacer: Pacer;
  #state: State = 'pacing';
  #observesOnly = false;
  readonly buckets = new HubBuckets();
  #isLooking = false;
  #isReconsidering = false;
  /** Epoch ms of the last reading, by provider. */
  readonly #providersAt = new Map<string, number>();

  /** @param gateway id among the gateways that share limits */
  constructor(gateway: string, options: PacingOptions) {
    const { timers, now, onHeld } = options;
    this.#options = options;
    this.#gateway = gateway;
    this.#pacer = this.#newPacer();
    this.#shared = new SharedLimits(this.#pacer, { ...options, onImported: () => this.#lookSoon() });
    this.#reporter = new HeldReporter({ timers, onHeld, held: () => this.#held() });
    this.#alarm = new Alarm({ timers, now, onRing: () => this.#lookSoon() });
  }

  #newPacer(): Pacer {
    const pacer = new Pacer({ gateway: this.#gateway, random: this.#options.random });
    pacer.observeOnly(this.#observesOnly);
    return pacer;
  }

  observeOnly(observesOnly: boolean): void {
    this.#observesOnly = observesOnly;
    this.#pacer.observeOnly(observesOnly);
    this.#lookSoon();
  }

  admit(ticket: PaceTicket): Admission {
    return this.#attempt<Admission>('go', now => {
      this.#shared.active(now);
      const admission = this.#pacer.admit(ticket, now);
      if (admission === 'hold') {
        this.#lookSoon();
        this.#reporter.reportSoon();
      }
      return admission;
    });
  }

  /** @param path of the Hub; its windows may be of another bucket than expected */
  answered(ticket: PaceTicket, windows: readonly RateWindow[], path: string | undefined): void {
    this.#tell(now => {
      this.#moveToReported(ticket, windows, path);
      this.#pacer.answered(ticket, windows, now);
    });
  }

  refused(
    ticket: PaceTicket,
    refusal: PaceRefusal,
    windows: readonly RateWindow[],
    path: string | undefined,
  ): void {
    this.#tell(now => {
      this.#moveToReported(ticket, windows, path);
      this.#pacer.refused(ticket, refusal, windows, now);
    });
  }

  /** The request did not reach a server, and may be admitted again. */
  withdrawn(ticket: PaceTicket): void {
    this.#tell(() => this.#pacer.withdrawn(ticket));
  }

  ended(ticket: PaceTicket): void {
    this.#tell(() => this.#pacer.ended(ticket));
  }

  used(ticket: PaceTicket, tokens: number): void {
    this.#attempt(undefined, () => this.#pacer.used(ticket, tokens));
  }

  balance(payer: string, balance: PayerBalance): void {
    this.#tell(now => this.#pacer.book.payer(payer).report(balance, now));
  }

  /** The payer has money again: the next request tries it. */
  moneyReturned(payer: string): void {
    this.#tell(now => this.#pacer.book.payer(payer).gate.tryAgain(now));
  }

  /** The payers' names mean another account now. */
  forgetMoney(): void {
    this.#tell(() => this.#pacer.book.forgetMoney());
  }

  /** The payer or its credentials changed: held requests take their turns anew. */
  reconsider(): void {
    this.#isReconsidering = true;
    this.#lookSoon();
  }

  /** The known windows of the ticket's limit. */
  windows({ request }: PaceTicket): readonly RateWindow[] {
    return this.#attempt<readonly RateWindow[]>([], () => this.#pacer.book.windows(request.limit));
  }

  /** @param entry `limit` of an entry in the list of held requests; undefined: all */
  release(entry?: string): void {
    this.#takeOut(entry, 'go', (now, limit) => this.#pacer.release(now, limit));
  }

  /** @param entry as for `release` */
  cancel(entry?: string): void {
    this.#takeOut(entry, 'cancelled', (_now, limit) => this.#pacer.cancel(limit));
  }

  #takeOut(
    entry: string | undefined,
    result: 'go' | 'cancelled',
    take: (now: number, limit?: string) => readonly PaceTicket[],
  ): void {
    this.#attempt(undefined, now => {
      const limits = entry === undefined ? [undefined] : this.#limitsIn(entry, now);
      for (const limit of limits) for (const ticket of take(now, limit)) ticket.request.owner.paced(result);
    });
    this.#reporter.reportSoon();
  }

  #limitsIn(entry: string, now: number): Set<string> {
    const held = this.#pacer.held(now).filter(one => isHeldIn(entry, one));
    return new Set(held.map(({ limit }) => limit));
  }

  sweep(): void {
    if (this.#state === 'resting') {
      this.#state = 'pacing';
      this.#options.log('gateway: pacing starts over');
    }
    this.#attempt(undefined, now => this.#pacer.book.sweep(now));
  }

  close(): void {
    this.#alarm.set(Number.POSITIVE_INFINITY);
    this.#shared.close();
    this.#reporter.close();
  }

  #lookNow(): void {
    this.#isLooking = false;
    if (this.#state === 'broken') {
      this.#state = 'resting';
      this.#options.onBroken();
    } else this.#attempt(undefined, now => this.#look(now));
  }

  #look(now: number): void {
    if (this.#isReconsidering) {
      this.#isReconsidering = false;
      for (const ticket of this.#pacer.cancel()) ticket.request.owner.paced('go');
    }
    const { go, late, lookAt } = this.#pacer.next(now);
    for (const ticket of go) ticket.request.owner.paced('go');
    for (const ticket of late) ticket.request.owner.paced('late');
    if (go.length + late.length > 0) this.#reporter.reportSoon();
    this.#alarm.set(lookAt);
  }

  /** Tells the pacer something after which held requests may go. */
  #tell(tell: (now: number) => void): void {
    this.#attempt(undefined, tell);
    this.#lookSoon();
  }

  /** `fallback` when the pacer fails or rests. */
  #attempt<T>(fallback: T, ask: (now: number) => T): T {
    if (this.#state !== 'pacing') return fallback;
    try {
      return ask(this.#options.now());
    } catch (error) {
      this.#broke(error);
      return fallback;
    }
  }

  #broke(error: unknown): void {
    this.#options.log(`gateway: pacing failed, no request is held until it starts over: ${messageOf(error)}`);
    this.#state = 'broken';
    this.#pacer = this.#newPacer();
    this.#shared.startOver(this.#pacer);
    this.#reporter.reportSoon();
    // not now: the request that asks may be among the held ones
    this.#lookAtEndOfTurn();
  }

  #lookSoon(): void {
    if (this.#pacer.isHolding) this.#lookAtEndOfTurn();
    else this.#alarm.set(Number.POSITIVE_INFINITY);
  }

  #lookAtEndOfTurn(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => this.#lookNow());
  }

  /** A window of another bucket: the ticket counts against that bucket's limit, and no longer against this one's. */
  #moveToReported(ticket: PaceTicket, [first]: readonly RateWindow[], path: string | undefined): void {
    if (first === undefined || path === undefined) return;
    const { limit, lane } = ticket.request;
    if (first.bucket === parseLimitName(limit).scope) return;
    this.buckets.report(path, first.bucket);
    const actual = otherLimit(limit, { by: 'huggingface', scope: first.bucket });
    this.#pacer.moved(ticket, actual, laneName(actual, actionOf(lane)));
  }

  /** A provider's windows of Hugging Face's own account there: shown, but no request is held for them. */
  providerReported(ticket: PaceTicket, provider: string, head: ResponseHead): void {
    const now = this.#options.now();
    if (now - (this.#providersAt.get(provider) ?? 0) < providerMs) return;
    if (this.#providersAt.size >= mostShownProviders) this.#providersAt.clear();
    this.#providersAt.set(provider, now);
    this.#attempt(undefined, () => {
      const limit = otherLimit(ticket.request.limit, { by: provider, scope: sharedScope });
      const reported = parseProviderHeaders(headerBag(head.headers), provider, now);
      const shared = reported.map(window => ({ ...window, isShownOnly: true as const }));
      this.#pacer.book.learn(limit, shared, ticket.sentAt);
    });
  }

  #held(): HeldRequests[] {
    return this.#attempt<HeldRequests[]>([], now => {
      // timers of a machine that slept are late
      if (now >= this.#alarm.at) this.#lookSoon();
      return heldRequests(this.#pacer.held(now));
    });
  }
}
