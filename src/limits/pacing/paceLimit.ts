import { mostPeersPerLimit, mostWindowsPerLimit } from '../bounds.ts';
import type { RateWindow } from '../headers/rateLimit.ts';
import { Gate } from './gate.ts';
import type { PaceTicket, Wait } from './paceTicket.ts';
import { PaceWindow } from './paceWindow.ts';

/** Other gateways and programs that sent so recently still count as sharers. */
const othersKeptMs = 10 * 60_000;
/** Others may have used up what an older report said remains. */
const freshMs = 2_000;
const fillMargin = 0.03;
const leastTokenFactor = 0.05;
const mostTokenFactor = 50;
/** More windows ahead than these are as good as never. */
const longestExtraMs = 86_400_000;

/** The windows of one account's bucket, and what is set aside in them for requests in flight. */
export class PaceLimit {
  readonly name: string;
  readonly #random: () => number;
  readonly windows: PaceWindow[] = [];
  /** Half open after a reset that requests waited for. */
  gate = new Gate();
  #unanswered = 0;
  #reservedTokens = 0;
  /** Tokens used for each estimated one, and how much that varies. */
  #tokenFactor = 1;
  #tokenSpread = 0;
  #othersSeenAt = Number.NEGATIVE_INFINITY;
  /** Epoch ms of each other gateway's last request. */
  readonly #peers = new Map<string, number>();
  lastUsedAt = 0;

  constructor(name: string, random: () => number) {
    this.name = name;
    this.#random = random;
  }

  /** A server reported how much may be sent, so concurrency needs no probing. */
  knowsWindow(): boolean {
    return this.windows.some(window => !window.isShownOnly && window.remaining !== undefined);
  }

  /** Undefined: the ticket may go. */
  wait(ticket: PaceTicket, now: number): Wait | undefined {
    let lookAt = 0;
    let until = 0;
    let provider: string | undefined;
    for (const window of this.windows) {
      if (window.isShownOnly) continue;
      if (window.rollOver(now)) this.gate.halfOpen(now);
      const roomAt = this.#roomAt(window, ticket, now);
      if (roomAt > lookAt) provider = window.provider;
      lookAt = Math.max(lookAt, roomAt);
      if (roomAt !== Number.POSITIVE_INFINITY) until = Math.max(until, roomAt);
    }
    lookAt = Math.max(lookAt, this.gate.wait(now)?.lookAt ?? 0);
    if (lookAt === 0) return undefined;
    return { lookAt, until: until === 0 ? undefined : until, ...(provider !== undefined && { provider }) };
  }

  /** 0: the ticket fits. Else epoch ms of the reset; `Infinity`: requests in flight may leave room. */
  #roomAt(window: PaceWindow, ticket: PaceTicket, now: number): number {
    const { limit } = window;
    const remaining = window.left(now);
    if (remaining === undefined || window.resetsAt === undefined) return 0;
    const inTokens = window.unit === 'tokens';
    const reserved = inTokens ? this.#reservedTokens : this.#unanswered;
    // a request larger than the whole window goes alone
    const asked = inTokens ? this.#estimate(ticket) : 1;
    // in a bucket that fills steadily, a wide margin costs no time
    const margin = window.fillsSlowly ? Math.max(asked, (limit ?? 0) * fillMargin) : 0;
    const needed = Math.min(asked + margin, limit ?? Number.POSITIVE_INFINITY);
    if (needed + reserved <= this.#share(window, remaining, reserved, now)) return 0;
    if (needed <= remaining) return Number.POSITIVE_INFINITY;
    if (window.isOver) return 0;
    const opensAt = window.opensFor(needed, now);
    window.isWaitedFor ||= opensAt === window.opensAt;
    return opensAt;
  }

  /**
   * The part of the remaining that may be in flight. Other sharers of the window have as much in flight, and
   * their requests since the last report are not in it: with half of a fair part each, all of them still fit.
   */
  #share(window: PaceWindow, remaining: number, reserved: number, now: number): number {
    const sharers = this.sharers(now);
    if (sharers === 1 || reserved === 0) return remaining;
    return now - window.asOf > freshMs ? 0 : Math.floor(remaining / (2 * sharers));
  }

  /** Epoch ms of the last request or report. */
  get newsAt(): number {
    return this.windows.reduce((at, { asOf }) => Math.max(at, asOf), this.lastUsedAt);
  }

  forgetTimes(): void {
    this.windows.length = 0;
    this.gate = new Gate();
  }

  sharers(now: number): number {
    let peers = 0;
    for (const at of this.#peers.values()) if (now - at < othersKeptMs) peers += 1;
    return 1 + Math.max(peers, now - this.#othersSeenAt < othersKeptMs ? 1 : 0);
  }

  sent(ticket: PaceTicket, now: number): void {
    this.lastUsedAt = now;
    this.#unanswered += 1;
    ticket.reservedTokens = this.#estimate(ticket);
    this.#reservedTokens += ticket.reservedTokens;
    this.gate.sent(now);
  }

  answered(ticket: PaceTicket, reported: readonly RateWindow[], now: number): void {
    this.#unanswered -= 1;
    this.gate.passed(ticket.sentAt, now);
    this.learn(reported, ticket.sentAt);
    for (const window of this.windows) {
      if (!reported.some(one => window.isOf(one))) {
        window.disprove(ticket.sentAt);
        if (window.unit === 'requests') window.spend(1);
      } else if (window.unit === 'tokens') this.free(ticket);
      else if (window.answered(this.#unanswered)) this.#othersSeenAt = now;
    }
  }

  /** Whether a reported window explains the refusal. */
  refused(ticket: PaceTicket, reported: readonly RateWindow[], now: number): boolean {
    this.#unanswered -= 1;
    this.free(ticket);
    this.gate.lost(ticket.sentAt);
    this.learn(reported, ticket.sentAt);
    let isExplained = false;
    for (const one of reported) {
      const window = this.windows.find(known => known.isOf(one));
      if (window === undefined || window.isShownOnly || one.remaining !== 0) continue;
      if (one.resetsAt !== undefined) window.refused(one);
      isExplained ||= window.isSpent(now);
    }
    return isExplained;
  }

  learn(reported: readonly RateWindow[], sentAt: number): void {
    for (const one of reported) this.#window(one).learn(one, sentAt);
  }

  /** No response came. @param mayCount whether the server may have counted the request */
  lost(ticket: PaceTicket, mayCount: boolean): void {
    this.#unanswered -= 1;
    this.gate.lost(ticket.sentAt);
    for (const window of this.windows) {
      if (mayCount) window.spend(window.unit === 'tokens' ? ticket.reservedTokens : 1);
    }
    this.free(ticket);
  }

  used(ticket: PaceTicket, usedTokens: number): void {
    const { tokens } = ticket.request;
    const estimated = tokens * this.#tokenFactor;
    if (tokens <= 0) return;
    for (const window of this.windows) {
      if (window.unit === 'tokens' && !window.isOver) window.spend(Math.max(0, usedTokens - estimated));
    }
    const factor = Math.min(mostTokenFactor, Math.max(leastTokenFactor, usedTokens / tokens));
    this.#tokenSpread += (Math.abs(factor - this.#tokenFactor) - this.#tokenSpread) / 4;
    this.#tokenFactor += (factor - this.#tokenFactor) / 8;
  }

  #estimate(ticket: PaceTicket): number {
    return Math.ceil(ticket.request.tokens * (this.#tokenFactor + 2 * this.#tokenSpread));
  }

  /** The response has ended. */
  free(ticket: PaceTicket): void {
    this.#reservedTokens -= ticket.reservedTokens;
    ticket.reservedTokens = 0;
  }

  /** Ms of further windows after the reset when so much goes first. */
  extraMs(requests: number, tokens: number): number {
    let extraMs = 0;
    for (const { unit, limit, windowMs, isShownOnly } of this.windows) {
      if (isShownOnly || limit === undefined || limit <= 0 || windowMs === undefined) continue;
      const ahead = unit === 'tokens' ? tokens * this.#tokenFactor : requests;
      extraMs = Math.max(extraMs, Math.floor(ahead / limit) * windowMs);
    }
    return Math.min(longestExtraMs, extraMs);
  }

  import(windows: readonly RateWindow[], gateway: string, usedAt: number): void {
    if (usedAt > 0) this.#notePeer(gateway, usedAt);
    for (const window of windows) this.#window(window).import(window);
  }

  #notePeer(gateway: string, usedAt: number): void {
    const known = this.#peers.get(gateway) ?? 0;
    this.#peers.delete(gateway);
    this.#peers.set(gateway, Math.max(usedAt, known));
    const [oldest] = this.#peers.keys();
    if (this.#peers.size > mostPeersPerLimit && oldest !== undefined) this.#peers.delete(oldest);
  }

  /** The known window, or a new one in the place of the one that was reported longest ago. */
  #window(reported: RateWindow): PaceWindow {
    const known = this.windows.find(window => window.isOf(reported));
    if (known !== undefined) return known;
    const window = new PaceWindow(reported, this.#random());
    if (this.windows.length < mostWindowsPerLimit) this.windows.push(window);
    else {
      const oldest = this.windows.reduce((one, other) => (other.asOf < one.asOf ? other : one));
      this.windows[this.windows.indexOf(oldest)] = window;
    }
    return window;
  }
}
