import type { PayerBalance } from '../../limits/account/payerBalance.ts';
import { HubBuckets } from '../../limits/pacing/hubBuckets.ts';
import { type Admission, Pacer } from '../../limits/pacing/pacer.ts';
import { actionOf, laneName, type PaceRefusal, type PaceTicket } from '../../limits/pacing/paceTicket.ts';
import { providerWindows, type ToldWindow } from '../../limits/pacing/reportedWindows.ts';
import type { GatewayLedger, GatewayTimers, HeldRequests } from '../options.ts';
import { headerBag, type ResponseHead } from '../relay/responseHead.ts';
import { Alarm } from './alarm.ts';
import { HeldTelling } from './heldReporter.ts';
import { heldRequests } from './heldRequests.ts';
import { otherLimit, parseLimitName, sharedScope } from './limitKey.ts';
import { SharedLimits } from './sharedLimits.ts';

/** How often at most a partner's words about itself are read. */
const partnerMs = 1_000;
const mostPartners = 100;

export interface PacingOptions {
  readonly ledger: GatewayLedger;
  readonly timers: GatewayTimers;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** It failed: the turn of those who wait does not come any more, and their tickets are worth nothing. */
  readonly onBroken: () => void;
  readonly onHeld: (held: readonly HeldRequests[]) => void;
}

/** `broken`: those who wait are told at the end of the turn of the loop. `resting`: until the next sweep. */
type State = 'pacing' | 'broken' | 'resting';

/**
 * Who may go upstream now: the pacer with a clock, timers, and what other gateways learned. Those who have their turn
 * are called at the end of the turn of the loop in which that became known. A pacer that fails must not hold up
 * requests: nobody is held until the next sweep, and from then on a new one learns from the beginning.
 */
export class Pacing {
  readonly #options: PacingOptions;
  readonly #gateway: string;
  readonly #shared: SharedLimits;
  readonly #telling: HeldTelling;
  readonly #alarm: Alarm;
  #pacer: Pacer;
  #state: State = 'pacing';
  #observesOnly = false;
  readonly buckets = new HubBuckets();
  #isLooking = false;
  #isReconsidering = false;
  /** When each was read last, epoch ms. */
  readonly #partnersAt = new Map<string, number>();

  /** @param gateway names this one among those that share what they learn. */
  constructor(gateway: string, options: PacingOptions) {
    const { timers, now, onHeld } = options;
    this.#options = options;
    this.#gateway = gateway;
    this.#pacer = this.#newPacer();
    this.#shared = new SharedLimits(this.#pacer, { ...options, onImported: () => this.#lookSoon() });
    this.#telling = new HeldTelling({ timers, onHeld, held: () => this.#held() });
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
    if (this.#state !== 'pacing') return 'go';
    try {
      const now = this.#options.now();
      this.#shared.active(now);
      const admission = this.#pacer.admit(ticket, now);
      if (admission === 'hold') {
        this.#lookSoon();
        this.#telling.tellSoon();
      }
      return admission;
    } catch (error) {
      this.#broke(error);
      return 'go';
    }
  }

  /** @param path of the Hub; the windows that are told may be another bucket's than was thought. */
  answered(ticket: PaceTicket, told: readonly ToldWindow[], path: string | undefined): void {
    if (this.#state !== 'pacing') return;
    try {
      this.#moveToTold(ticket, told, path);
      this.#pacer.answered(ticket, told, this.#options.now());
      this.#lookSoon();
    } catch (error) {
      this.#broke(error);
    }
  }

  refused(
    ticket: PaceTicket,
    refusal: PaceRefusal,
    told: readonly ToldWindow[],
    path: string | undefined,
  ): void {
    if (this.#state !== 'pacing') return;
    try {
      this.#moveToTold(ticket, told, path);
      this.#pacer.refused(ticket, refusal, told, this.#options.now());
      this.#lookSoon();
    } catch (error) {
      this.#broke(error);
    }
  }

  /** It never reached a server: it may be admitted again. */
  withdrawn(ticket: PaceTicket): void {
    if (this.#state !== 'pacing') return;
    try {
      this.#pacer.withdrawn(ticket);
      this.#lookSoon();
    } catch (error) {
      this.#broke(error);
    }
  }

  ended(ticket: PaceTicket): void {
    if (this.#state !== 'pacing') return;
    try {
      this.#pacer.ended(ticket);
      this.#lookSoon();
    } catch (error) {
      this.#broke(error);
    }
  }

  used(ticket: PaceTicket, tokens: number): void {
    this.#attempt(() => this.#pacer.used(ticket, tokens));
  }

  balance(payer: string, balance: PayerBalance): void {
    this.#attempt(() => this.#pacer.balance(payer, balance));
    this.#lookSoon();
  }

  /** Who pays has changed, or with what: those who wait may not have to any more, or for something else. */
  reconsider(): void {
    this.#isReconsidering = true;
    this.#lookSoon();
  }

  release(limit?: string): void {
    this.#attempt(() => {
      for (const ticket of this.#pacer.release(this.#options.now(), limit)) ticket.request.owner.paced('go');
    });
    this.#telling.tellSoon();
  }

  cancel(limit?: string): void {
    this.#attempt(() => {
      for (const ticket of this.#pacer.cancel(limit)) ticket.request.owner.paced('cancelled');
    });
    this.#telling.tellSoon();
  }

  /** Called now and then. */
  sweep(): void {
    if (this.#state === 'resting') {
      this.#state = 'pacing';
      this.#options.log('gateway: pacing starts over');
    }
    this.#attempt(() => this.#pacer.sweep(this.#options.now()));
  }

  close(): void {
    this.#alarm.set(Number.POSITIVE_INFINITY);
    this.#shared.close();
    this.#telling.close();
  }

  #lookNow(): void {
    this.#isLooking = false;
    if (this.#state === 'broken') {
      this.#state = 'resting';
      this.#options.onBroken();
    } else this.#attempt(() => this.#look());
  }

  #look(): void {
    if (this.#isReconsidering) {
      this.#isReconsidering = false;
      for (const ticket of this.#pacer.cancel()) ticket.request.owner.paced('go');
    }
    const { go, late, lookAt = Number.POSITIVE_INFINITY } = this.#pacer.next(this.#options.now());
    for (const ticket of go) ticket.request.owner.paced('go');
    for (const ticket of late) ticket.request.owner.paced('late');
    if (go.length + late.length > 0) this.#telling.tellSoon();
    this.#alarm.set(lookAt);
  }

  #attempt(call: () => void): void {
    if (this.#state !== 'pacing') return;
    try {
      call();
    } catch (error) {
      this.#broke(error);
    }
  }

  #broke(error: unknown): void {
    this.#options.log(
      `gateway: pacing failed, nobody is held any more: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
    this.#state = 'broken';
    this.#pacer = this.#newPacer();
    this.#shared.startOver(this.#pacer);
    this.#telling.tellSoon();
    // not now: one of those who wait may be the one that just asked
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

  /** Of a bucket that was not expected: it counts against that one's limit, and leaves alone those who wait for this one. */
  #moveToTold(ticket: PaceTicket, [first]: readonly ToldWindow[], path: string | undefined): void {
    if (first === undefined || path === undefined) return;
    const { limit, lane } = ticket.request;
    if (first.name === parseLimitName(limit).scope) return;
    this.buckets.told(path, first.name);
    const actual = otherLimit(limit, { scope: first.name });
    this.#pacer.moved(ticket, actual, laneName(actual, actionOf(lane)));
  }

  /** What a partner says of Hugging Face's account there is learned to be shown, now and then. */
  partnerTold(ticket: PaceTicket, provider: string, head: ResponseHead): void {
    const now = this.#options.now();
    if (now - (this.#partnersAt.get(provider) ?? 0) < partnerMs) return;
    if (this.#partnersAt.size >= mostPartners) this.#partnersAt.clear();
    this.#partnersAt.set(provider, now);
    this.#attempt(() => {
      const limit = otherLimit(ticket.request.limit, { by: provider, scope: sharedScope });
      const told = providerWindows(headerBag(head.headers), provider, true, now);
      this.#pacer.learn(limit, told, ticket.sentAt, now);
    });
  }

  #held(): HeldRequests[] {
    let held: HeldRequests[] = [];
    this.#attempt(() => {
      const now = this.#options.now();
      // a machine that slept has timers that are late
      if (now >= this.#alarm.at) this.#lookSoon();
      held = heldRequests(this.#pacer.held(now));
    });
    return held;
  }
}
