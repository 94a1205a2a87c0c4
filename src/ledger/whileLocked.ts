import { diskFailure } from './diskFailure.ts';

const stepMs = 1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Runs it again while another process holds the lock, at most `waitMs`; `run` must do all or nothing.
 * SQLite's own busy handler sleeps up to 100 ms at a time, so that of several writers one may starve for
 * seconds; looking every millisecond finds the gap.
 */
export function whileLocked<T>(waitMs: number, run: () => T): T {
  for (let waitedMs = 0; ; waitedMs += stepMs) {
    try {
      return run();
    } catch (error) {
      if (waitedMs >= waitMs || diskFailure(error, '')?.kind !== 'locked') throw error;
      Atomics.wait(sleeper, 0, 0, stepMs);
    }
  }
}
