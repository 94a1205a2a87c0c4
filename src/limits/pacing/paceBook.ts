import { mostLanes, mostLanesPerLimit, mostLimits, mostPayers, mostSharedLimits } from '../bounds.ts';
import type { RateWindow } from '../headers/rateLimit.ts';
import { Gate } from './gate.ts';
import type { LearnedLimit } from './learnedLimits.ts';
import { LimitLanes } from './limitLanes.ts';
import { PaceLane } from './paceLane.ts';
import { PaceLimit } from './paceLimit.ts';
import { PacePayer } from './pacePayer.ts';
import { isLaneOf, type PaceTicket } from './paceTicket.ts';

const forgetMs = 15 * 60_000;

export interface PaceBookOptions {
  /** Names this gateway among those that share learned limits. */
  readonly gateway: string;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The pacer's limits, lanes and payers, by name. Beyond their bounds the longest unused ones are forgotten. */
export class PaceBook {
  readonly #gateway: string;
  readonly #random: () => number;
  readonly #entries = new Map<string, LimitLanes>();
  readonly #payers = new Map<string, PacePayer>();
  #lanes = 0;
  /** With more limits or lanes than these, unused ones go. More while requests use them all. */
  #limitBound = mostLimits;
  #laneBound = mostLanes;
  /** Epoch ms: as of the last call that has a time. */
  now = 0;

  constructor({ gateway, random }: PaceBookOptions) {
    this.#gateway = gateway;
    this.#random = random;
  }

  get size(): { readonly limits: number; readonly lanes: number; readonly payers: number } {
    return { limits: this.#entries.size, lanes: this.#lanes, payers: this.#payers.size };
  }

  lane({ request }: PaceTicket): PaceLane {
    const entry = this.#entry(request.limit);
    const lane = entry.lanes.get(request.lane) ?? this.#newLane(request.lane, entry);
    if (request.payer !== undefined) lane.payer ??= this.payer(request.payer);
    return lane;
  }

  #newLane(name: string, entry: LimitLanes): PaceLane {
    if (entry.lanes.size >= entry.laneBound) this.#forgetLanes(entry);
    const lane = new PaceLane(name, entry.limit, this.#random);
    entry.lanes.set(name, lane);
    this.#lanes += 1;
    if (this.#lanes > this.#laneBound) this.#forgetLimits(entry);
    return lane;
  }

  /** A response reported windows, perhaps of another limit than its request counted against. */
  learn(limit: string, reported: readonly RateWindow[], sentAt: number): void {
    if (reported.length > 0) this.#entry(limit).limit.learn(reported, sentAt);
  }

  /** Undefined: not known, or forgotten. */
  knownLimit(name: string): PaceLimit | undefined {
    return this.#entries.get(name)?.limit;
  }

  #entry(name: string): LimitLanes {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const entry = new LimitLanes(new PaceLimit(name, this.#random));
    this.#entries.set(name, entry);
    if (this.#entries.size > this.#limitBound) this.#forgetLimits(entry);
    return entry;
  }

  payer(name: string): PacePayer {
    const known = this.#payers.get(name);
    if (known !== undefined) return known;
    const payer = new PacePayer();
    this.#payers.set(name, payer);
    const [oldest] = this.#payers.keys();
    if (this.#payers.size > mostPayers && oldest !== undefined) this.#payers.delete(oldest);
    return payer;
  }

  /** The known windows of a limit, also those that hold nothing. */
  windows(limit: string): RateWindow[] {
    return this.#entries.get(limit)?.limit.windows.map(window => window.export()) ?? [];
  }

  /**
   * What other gateways should know, the last news first.
   * @param since epoch ms: limits without news since then are left out
   */
  export(now: number, since = 0): LearnedLimit[] {
    const news = [...this.#entries.values()].filter(entry => entry.isNewsSince(since));
    if (news.length > mostSharedLimits) {
      news.sort((one, other) => other.newsAt - one.newsAt).length = mostSharedLimits;
    }
    return news.map(entry => ({
      limit: entry.limit.name,
      gateway: this.#gateway,
      at: now,
      usedAt: entry.limit.lastUsedAt,
      windows: entry.limit.windows.map(window => window.export()),
      closed: entry.closedLanes(now),
    }));
  }

  /** Limits that other gateways learned; its own are passed over. */
  import(learned: readonly LearnedLimit[]): void {
    for (const other of learned) {
      if (other.gateway === this.#gateway) continue;
      const entry = this.#entry(other.limit);
      entry.limit.import(other.windows, other.gateway, other.usedAt);
      const closed = new Map(other.closed.map(lane => [lane.lane, lane]));
      // the other gateway's requests are let in again
      for (const { name, gate } of entry.lanes.values()) {
        if (gate.closedBy === other.gateway && !closed.has(name)) gate.open(other.at);
      }
      for (const { lane: name, at, until, by } of closed.values()) {
        if (!isLaneOf(other.limit, name)) continue;
        const lane = entry.lanes.get(name) ?? this.#newLane(name, entry);
        lane.refusedElsewhere(other.gateway, until, at, by);
      }
    }
  }

  /** After the clock was set back, all known times are wrong. */
  forgetTimes(): void {
    for (const { limit, lanes } of this.#entries.values()) {
      limit.forgetTimes();
      for (const lane of lanes.values()) lane.gate = new Gate();
    }
    this.forgetMoney();
  }

  forgetMoney(): void {
    for (const payer of this.#payers.values()) payer.forget();
  }

  /** Forgets unused lanes: programs may ask for any number of addresses, each with a lane. */
  sweep(now: number): void {
    this.now = now;
    for (const [name, entry] of this.#entries) {
      for (const [laneName, lane] of entry.lanes) {
        const isRecent = now - lane.lastUsedAt < forgetMs;
        if (isRecent || lane.gate.closedUntil(now) !== undefined || !lane.isIdle()) continue;
        entry.lanes.delete(laneName);
        this.#lanes -= 1;
      }
      if (entry.lanes.size === 0 && !entry.isClosed(now)) this.#entries.delete(name);
    }
    this.#limitBound = mostLimits;
    this.#laneBound = mostLanes;
  }

  /** Forgets a quarter, so that not each further name costs a search. @param kept is about to be used */
  #forgetLimits(kept: LimitLanes): void {
    const idle = [...this.#entries.values()].filter(entry => entry !== kept && entry.isIdle());
    for (const entry of leastUsed(idle, entry => entry.isClosed(this.now))) {
      if (this.#entries.size <= mostLimits * 0.75 && this.#lanes <= mostLanes * 0.75) break;
      this.#entries.delete(entry.limit.name);
      this.#lanes -= entry.lanes.size;
    }
    this.#limitBound = Math.max(mostLimits, this.#entries.size * 1.25);
    this.#laneBound = Math.max(mostLanes, this.#lanes * 1.25);
  }

  #forgetLanes(entry: LimitLanes): void {
    const { lanes } = entry;
    const idle = [...lanes.values()].filter(lane => lane.isIdle());
    for (const { name } of leastUsed(idle, ({ gate }) => gate.closedUntil(this.now) !== undefined)) {
      if (lanes.size <= mostLanesPerLimit * 0.75) break;
      lanes.delete(name);
      this.#lanes -= 1;
    }
    entry.laneBound = Math.max(mostLanesPerLimit, lanes.size * 1.25);
  }
}

/** In the order in which they are forgotten: open ones before closed ones, then by age. */
function leastUsed<T extends { readonly newsAt: number }>(
  all: readonly T[],
  isClosed: (one: T) => boolean,
): T[] {
  return all
    .map(one => ({ one, isClosed: Number(isClosed(one)), at: one.newsAt }))
    .sort((a, b) => a.isClosed - b.isClosed || a.at - b.at)
    .map(({ one }) => one);
}
