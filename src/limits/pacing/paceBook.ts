import type { RateWindow } from '../headers/rateLimit.ts';
import { Gate } from './gate.ts';
import type { LearnedLimit } from './learnedLimits.ts';
import { PaceLane } from './paceLane.ts';
import { PaceLimit } from './paceLimit.ts';
import { PacePayer } from './pacePayer.ts';
import type { PaceTicket } from './paceTicket.ts';

const forgetMs = 15 * 60_000;
/** With more lanes than these, idle ones are forgotten soon. */
const usualLanes = 2_000;
const forgetSoonMs = 10_000;

/** The pacer's limits, lanes and payers, by name. */
export class PaceBook {
  readonly #random: () => number;
  readonly #limits = new Map<string, PaceLimit>();
  readonly #lanes = new Map<string, PaceLane>();
  readonly #payers = new Map<string, PacePayer>();

  /** @param random in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
  }

  lane({ request }: PaceTicket): PaceLane {
    const lane = this.#lanes.get(request.lane) ?? this.#newLane(request.lane, request.limit);
    if (request.payer !== undefined) lane.payer ??= this.payer(request.payer);
    return lane;
  }

  #newLane(name: string, limit: string): PaceLane {
    const lane = new PaceLane(name, this.limit(limit), this.#random);
    this.#lanes.set(name, lane);
    return lane;
  }

  limit(name: string): PaceLimit {
    const limit = this.#limits.get(name) ?? new PaceLimit(name, this.#random);
    this.#limits.set(name, limit);
    return limit;
  }

  payer(name: string): PacePayer {
    const payer = this.#payers.get(name) ?? new PacePayer();
    this.#payers.set(name, payer);
    return payer;
  }

  windows(limit: string): RateWindow[] {
    return this.#limits.get(limit)?.windows.map(window => window.export()) ?? [];
  }

  /** @param since epoch ms: limits without news since then are left out */
  export(gateway: string, now: number, since: number): LearnedLimit[] {
    const closedLanes = [...this.#lanes.values()].flatMap(({ name, limit, gate }) => {
      const until = gate.closedUntil(now);
      return until === undefined ? [] : { limit, closed: { lane: name, at: gate.closedAt, until } };
    });
    const byLimit = Map.groupBy(closedLanes, ({ limit }) => limit);
    const learned: LearnedLimit[] = [];
    for (const limit of this.#limits.values()) {
      const closed = byLimit.get(limit)?.map(lane => lane.closed) ?? [];
      if (!limit.isNewsSince(since) && !closed.some(({ at }) => at >= since)) continue;
      learned.push({
        limit: limit.name,
        gateway,
        at: now,
        usedAt: limit.lastUsedAt,
        windows: limit.windows.map(window => window.export()),
        closed,
      });
    }
    return learned;
  }

  import(gateway: string, learned: readonly LearnedLimit[]): void {
    for (const other of learned) {
      if (other.gateway === gateway) continue;
      const limit = this.limit(other.limit);
      limit.import(other.windows, other.gateway, other.usedAt);
      for (const { lane: name, at, until } of other.closed) {
        const { gate } = this.#lanes.get(name) ?? this.#newLane(name, other.limit);
        if (!gate.isOld(at)) gate.closeUntil(until, at);
      }
    }
  }

  /** After the clock was set back, all known times are wrong. */
  forgetTimes(): void {
    for (const limit of this.#limits.values()) limit.forgetTimes();
    for (const lane of this.#lanes.values()) lane.gate = new Gate();
    for (const payer of this.#payers.values()) payer.forgetTimes();
  }

  /** Forgets unused lanes: programs may ask for any number of addresses, each with a lane. */
  sweep(now: number): void {
    const used = new Set<PaceLimit>();
    const keptMs = this.#lanes.size > usualLanes ? forgetSoonMs : forgetMs;
    for (const [name, lane] of this.#lanes) {
      const { limit, gate } = lane;
      const isRecent = now - lane.lastUsedAt < keptMs;
      if (isRecent || gate.closedUntil(now) !== undefined || !lane.isIdle()) used.add(limit);
      else this.#lanes.delete(name);
    }
    for (const [name, limit] of this.#limits) {
      const isSpent = limit.windows.some(window => window.isSpent(now));
      if (!used.has(limit) && !isSpent) this.#limits.delete(name);
    }
  }
}
