import type { LearnedLimit } from './learnedLimits.ts';
import { PaceLane } from './paceLane.ts';
import { PaceLimit } from './paceLimit.ts';
import { PacePayer } from './pacePayer.ts';
import type { PaceTicket } from './paceTicket.ts';
import type { LearnedWindow } from './paceWindow.ts';

const forgetMs = 15 * 60_000;

/** All that a pacer knows, by name. */
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
    let limit = this.#limits.get(name);
    if (limit === undefined) {
      limit = new PaceLimit(name, this.#random);
      this.#limits.set(name, limit);
    }
    return limit;
  }

  payer(name: string): PacePayer {
    let payer = this.#payers.get(name);
    if (payer === undefined) {
      payer = new PacePayer();
      this.#payers.set(name, payer);
    }
    return payer;
  }

  windows(limit: string): LearnedWindow[] {
    return this.#limits.get(limit)?.windows.map(window => window.export()) ?? [];
  }

  export(gateway: string, now: number): LearnedLimit[] {
    const lanes = [...this.#lanes.values()];
    return [...this.#limits.values()].map(limit => ({
      limit: limit.name,
      gateway,
      at: now,
      usedAt: limit.lastUsedAt,
      windows: limit.windows.map(window => window.export()),
      closed: lanes.flatMap(({ name, limit: ofLane, gate }) => {
        const until = ofLane === limit ? gate.closedUntil(now) : undefined;
        return until === undefined ? [] : [{ lane: name, at: gate.closedAt, until }];
      }),
    }));
  }

  import(gateway: string, learned: readonly LearnedLimit[]): void {
    for (const other of learned) {
      if (other.gateway === gateway) continue;
      const limit = this.limit(other.limit);
      limit.import(other.windows, other.gateway, other.usedAt);
      for (const { lane: name, at, until } of other.closed) {
        const { gate } = this.#lanes.get(name) ?? this.#newLane(name, other.limit);
        if (!gate.isOld(at)) gate.closeAsTold(until, at);
      }
    }
  }

  sweep(now: number): void {
    const used = new Set<PaceLimit>();
    for (const [name, lane] of this.#lanes) {
      const { limit, gate } = lane;
      const isRecent = now - limit.lastUsedAt < forgetMs;
      if (isRecent || gate.closedUntil(now) !== undefined || !lane.isIdle()) used.add(limit);
      else this.#lanes.delete(name);
    }
    for (const [name, limit] of this.#limits) {
      const isSpent = limit.windows.some(window => window.isSpent(now));
      if (!used.has(limit) && !isSpent) this.#limits.delete(name);
    }
  }
}
