import type { LiveUsage } from '../hub/liveUsage.ts';
import type { Credits } from '../limits/account/credits.ts';
import type { Gauges } from './snapshot.ts';

/** The last state of each part of the live stream: one look often brings only some of them. */
export interface LiveReading {
  /** Epoch ms of the last look with any part. */
  readonly asOf: number;
  readonly credits?: Dated<Credits>;
  readonly zeroGpu?: Dated<{ readonly totalSeconds: number; readonly remainingSeconds: number }>;
  readonly gauges?: Dated<Gauges>;
}

export interface Dated<T> {
  readonly value: T;
  /** Epoch ms. */
  readonly asOf: number;
}

/** The parts of a new look over those known before. */
export function mergeLive(before: LiveReading | undefined, seen: LiveUsage): LiveReading {
  const { asOf, credits, zeroGpu, windows, blockedPastWeek } = seen;
  return {
    asOf,
    credits: credits ? { value: credits, asOf } : before?.credits,
    zeroGpu: zeroGpu ? { value: zeroGpu, asOf } : before?.zeroGpu,
    gauges: windows ? { value: { windows, blockedPastWeek }, asOf } : before?.gauges,
  };
}
