import { atEndOfTurn, type Pending } from '../hub/endOfTurn.ts';
import { HubBuckets } from '../limits/hubBuckets.ts';
import type { PaceRefusal } from '../limits/paceLane.ts';
import type { PaceTicket } from '../limits/paceTicket.ts';
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

export interface PacingOptions {
  readonly ledger: GatewayLedger;
  readonly timers: GatewayTimers;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: (line: string) => void;
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
    const now = this.#options.now();
    this.#shared.active(now);
    const admission = this.#pacer.admit(ticket, now);
    if (admission === 'hold') {
      this.#lookSoon();
      this.#tellSoon();
    }
    return admission;
  }

  /** @param path of the Hub; the windows that are told may be another bucket's than was thought. */
  answered(ticket: PaceTicket, told: readonly ToldWindow[], path: string | undefined): void {
    const now = this.#options.now();
    this.#pacer.answered(ticket, this.#own(ticket, told, path, now), now);
    this.#lookSoon();
  }

  refused(
    ticket: PaceTicket,
    refusal: PaceRefusal,
    told: readonly ToldWindow[],
    path: string | undefined,
  ): void {
    const now = this.#options.now();
    this.#pacer.refused(ticket, refusal, this.#own(ticket, told, path, now), now);
    this.#lookSoon();
  }

  /** It never reached a server: it may be admitted again. */
  withdrawn(ticket: PaceTicket): void {
    this.#pacer.withdrawn(ticket);
    this.#lookSoon();
  }

  ended(ticket: PaceTicket): void {
    this.#pacer.ended(ticket);
    this.#lookSoon();
  }

  used(ticket: PaceTicket, tokens: number): void {
    this.#pacer.used(ticket, tokens);
  }

  balance(payer: string, balance: PayerBalance): void {
    this.#pacer.balance(payer, balance);
    this.#lookSoon();
  }

  release(limit?: string): void {
    for (const ticket of this.#pacer.release(this.#options.now(), limit)) ticket.request.owner.paced('go');
    this.#tellSoon();
  }

  cancel(limit?: string): void {
    for (const ticket of this.#pacer.cancel(limit)) ticket.request.owner.paced('cancelled');
    this.#tellSoon();
  }

  sweep(): void {
    this.#pacer.sweep(this.#options.now());
  }

  close(): void {
    const { timers } = this.#options;
    for (const timer of [this.#lookTimer, this.#tellTimer])
      if (timer !== undefined) timers.clearTimeout(timer);
    this.#lookTimer = this.#tellTimer = undefined;
    this.#shared.close();
  }

  endOfTurn(): void {
    this.#isLooking = false;
    const { now } = this.#options;
    const { go, late, lookAt = Number.POSITIVE_INFINITY } = this.#pacer.next(now());
    for (const ticket of go) ticket.request.owner.paced('go');
    for (const ticket of late) ticket.request.owner.paced('late');
    if (go.length + late.length > 0) this.#tellSoon();
    if (lookAt !== this.#lookAt) this.#lookFrom(lookAt);
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
      Math.max(0, lookAt - now()),
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

  /** Of a bucket that was not expected, the words go to that one's limit. */
  #own(
    ticket: PaceTicket,
    told: readonly ToldWindow[],
    path: string | undefined,
    now: number,
  ): readonly ToldWindow[] {
    const [first] = told;
    if (first === undefined || path === undefined) return told;
    const { scope } = parseLimitName(ticket.request.limit);
    if (first.name === scope) return told;
    this.buckets.told(path, first.name);
    const actual = otherLimit(ticket.request.limit, { scope: first.name });
    this.#pacer.learn(actual, told, ticket.sentAt, now);
    return [];
  }

  /** What a partner says of Hugging Face's account there is learned to be shown, now and then. */
  partnerTold(ticket: PaceTicket, provider: string, head: ResponseHead): void {
    const now = this.#options.now();
    if (now - (this.#partnersAt.get(provider) ?? 0) < partnerMs) return;
    if (this.#partnersAt.size >= mostPartners) this.#partnersAt.clear();
    this.#partnersAt.set(provider, now);
    const limit = otherLimit(ticket.request.limit, { by: provider, scope: sharedScope });
    this.#pacer.learn(
      limit,
      providerWindows(headerBag(head.headers), provider, true, now),
      ticket.sentAt,
      now,
    );
  }

  #tellSoon(): void {
    this.#tellTimer ??= this.#options.timers.setTimeout(() => {
      this.#tellTimer = undefined;
      const held = heldRequests(this.#pacer.held(this.#options.now()));
      const text = JSON.stringify(held);
      if (text !== this.#told) this.#options.onHeld(held);
      this.#told = text;
      if (held.length > 0) this.#tellSoon();
    }, tellMs);
  }
}
