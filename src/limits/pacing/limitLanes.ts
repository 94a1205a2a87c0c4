import { mostLanesPerLimit, mostSharedLanes } from '../bounds.ts';
import type { ClosedLane } from './learnedLimits.ts';
import type { PaceLane } from './paceLane.ts';
import type { PaceLimit } from './paceLimit.ts';

/** A limit with its lanes, by name. */
export class LimitLanes {
  readonly limit: PaceLimit;
  readonly lanes = new Map<string, PaceLane>();
  /** With more lanes than these, unused ones go. */
  laneBound = mostLanesPerLimit;

  constructor(limit: PaceLimit) {
    this.limit = limit;
  }

  get newsAt(): number {
    let at = this.limit.newsAt;
    for (const lane of this.lanes.values()) at = Math.max(at, lane.newsAt);
    return at;
  }

  /** No request is in flight or held. */
  isIdle(): boolean {
    for (const lane of this.lanes.values()) if (!lane.isIdle()) return false;
    return true;
  }

  /** It holds requests that come now. */
  isClosed(now: number): boolean {
    if (this.limit.windows.some(window => window.isSpent(now))) return true;
    for (const { gate } of this.lanes.values()) if (gate.closedUntil(now) !== undefined) return true;
    return false;
  }

  /** Lanes that own requests found closed, the last ones first. */
  closedLanes(now: number): ClosedLane[] {
    const closed: ClosedLane[] = [];
    for (const { name: lane, gate, refusedBy: by } of this.lanes.values()) {
      const until = gate.closedBy === undefined ? gate.closedUntil(now) : undefined;
      if (until !== undefined)
        closed.push({ lane, at: gate.closedAt, until, ...(by !== undefined && { by }) });
    }
    return closed.sort((one, other) => other.at - one.at).slice(0, mostSharedLanes);
  }

  /** There is something that other gateways should know, as of `since`. */
  isNewsSince(since: number): boolean {
    if (this.limit.windows.length > 0 && this.limit.newsAt >= since) return true;
    for (const { gate } of this.lanes.values()) {
      if (gate.closedBy === undefined && gate.changedAt >= since) return true;
    }
    return false;
  }
}
