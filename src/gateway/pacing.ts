import { atEndOfTurn, type Pending } from '../hub/endOfTurn.ts';
import { HubBuckets } from '../limits/hubBuckets.ts';
import type { PaceRefusal } from '../limits/paceLane.ts';
import { actionOf, laneName, type PaceTicket } from '../limits/paceTicket.ts';
import { type Admission, Pacer } from '../limits/pacing.ts';
import type { PayerBalance } from '../limits/payerBalance.ts';
import { providerWindows, type ToldWindow } from '../limits/toldWindows.ts';
import { otherLimit, parseLimitName, sharedScope } from './countedAgainst.ts';
import { heldRequests } from './heldRequests.ts';
import type { GatewayLedger, GatewayTimers, HeldRequests } from './options.ts';
import { headerBag, type ResponseHead } from './responseHead.ts';
import { SharedLimits } from './sharedLimits.ts';

/** How often at most it is told who waits. */
const tellMs = 150;
/** How often at most a partner's words about itself are read. */
const partnerMs = 1_000;
const mostPartners = 100;
/** Node's timers fire at once when they are set for too long. */
const longestTimerMs = 3_600_000;

export interface PacingOptions {
  readonly ledger: GatewayLedger;
  readonly timers: GatewayTimers;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** Nobody's turn comes any more. */
  readonly onBroken: () => void;
  readonly onHeld: (held: readonly HeldRequests[]) => void;
}

/**
 * Who may go upstream now: the pacer with a clock, timers, and what other gateways learned. Those who have their turn
 * are called at the end of the turn of the loop in which that became known.
 */
export class Pacing implements Pending {
  readonly #options: PacingOptions;
  readonly #pacer: Pacer;
  readonly #shared: SharedLimits;
  readonly buckets = new HubBuckets();
  #isLooking = false;
  #lookTimer: object | number | undefined;
  #lookAt = Number.POSITIVE_INFINITY;
  #tellTimer: object | number | undefined;
  #told = '[]';
  /** It failed: from then on nobody is held. */
  #isBroken = false;
  #isReconsidering = false;
  /** When each was read last, epoch ms. */
  readonly #partnersAt = new Map<string, number>();

  /** @param gateway names this one among those that share what they learn. */
  constructor(gateway: string, options: PacingOptions) {
    const { random } = options;
    this.#options = options;
    this.#pacer = new Pacer({ gateway, random });
    this.#shared = new SharedLimits(this.#pacer, { ...options, onImported: () => this.#lookSoon() });
  }

  observeOnly(observesOnly: boolean): void {
    this.#pacer.observeOnly(observesOnly);
    this.#lookSoon();
  }

  admit(ticket: PaceTicket): Admission {
    if (this.#isBroken) return 'go';
    try {
      const now = this.#options.now();
      this.#shared.active(now);
      const admission = this.#pacer.admit(ticket, now);
      if (admission === 'hold') {
        this.#lookSoon();
        this.#tellSoon();
      }
      return admission;
    } catch (error) {
      this.#broke(error);
      return 'go';
    }
  }

  /** @param path of the Hub; the windows that are told may be another bucket's than was thought. */
  answered(ticket: PaceTicket, told: readonly ToldWindow[], path: string | undefined): void {
    if (this.#isBroken) return;
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
    if (this.#isBroken) return;
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
    if (this.#isBroken) return;
    try {
      this.#pacer.withdrawn(ticket);
      this.#lookSoon();
    } catch (error) {
      this.#broke(error);
    }
  }

  ended(ticket: PaceTicket): void {
    if (this.#isBroken) return;
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
    this.#tellSoon();
  }

  cancel(limit?: string): void {
    this.#attempt(() => {
      for (const ticket of this.#pacer.cancel(limit)) ticket.request.owner.paced('cancelled');
    });
    this.#tellSoon();
  }

  sweep(): void {
    this.#attempt(() => this.#pacer.sweep(this.#options.now()));
  }

  close(): void {
    const { timers } = this.#options;
    for (const timer of [this.#lookTimer, this.#tellTimer])
      if (timer !== undefined) timers.clearTimeout(timer);
    this.#lookTimer = this.#tellTimer = undefined;
    this.#shared.close();
    if (this.#told !== '[]') this.#options.onHeld([]);
  }

  endOfTurn(): void {
    this.#isLooking = false;
    this.#attempt(() => this.#look());
  }

  #look(): void {
    if (this.#isReconsidering) {
      this.#isReconsidering = false;
      for (const ticket of this.#pacer.cancel()) ticket.request.owner.paced('go');
    }
    const { now } = this.#options;
    const { go, late, lookAt = Number.POSITIVE_INFINITY } = this.#pacer.next(now());
    for (const ticket of go) ticket.request.owner.paced('go');
    for (const ticket of late) ticket.request.owner.paced('late');
    if (go.length + late.length > 0) this.#tellSoon();
    if (lookAt !== this.#lookAt) this.#lookFrom(lookAt);
  }

  #attempt(call: () => void): void {
    if (this.#isBroken) return;
    try {
      call();
    } catch (error) {
      this.#broke(error);
    }
  }

  /** It must not hold up requests: those who wait go, and from now on all do. */
  #broke(error: unknown): void {
    this.#isBroken = true;
    this.#options.log(
      `gateway: pacing failed, nobody is held any more: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
    this.#options.onBroken();
  }

  #lookFrom(lookAt: number): void {
    const { now, timers } = this.#options;
    if (this.#lookTimer !== undefined) timers.clearTimeout(this.#lookTimer);
    this.#lookTimer = undefined;
    this.#lookAt = lookAt;
    if (lookAt === Number.POSITIVE_INFINITY) return;
    this.#lookTimer = timers.setTimeout(
      () => {
        this.#lookAt = Number.POSITIVE_INFINITY;
        this.#lookTimer = undefined;
        this.#lookSoon();
      },
      Math.min(longestTimerMs, Math.max(0, lookAt - now())),
    );
  }

  #lookSoon(): void {
    if (!this.#pacer.isHolding) {
      if (this.#lookTimer !== undefined) this.#lookFrom(Number.POSITIVE_INFINITY);
      return;
    }
    if (this.#isLooking) return;
    this.#isLooking = true;
    atEndOfTurn(this);
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

  #tellSoon(): void {
    this.#tellTimer ??= this.#options.timers.setTimeout(() => {
      this.#tellTimer = undefined;
      const now = this.#options.now();
      // a machine that slept has timers that are late
      if (now >= this.#lookAt) this.#lookSoon();
      const held = this.#isBroken ? [] : heldRequests(this.#pacer.held(now));
      const text = JSON.stringify(held);
      if (text !== this.#told) this.#options.onHeld(held);
      this.#told = text;
      if (held.length > 0) this.#tellSoon();
    }, tellMs);
  }
}
