import { messageOf } from '../limits/messageOf.ts';
import type { GatewayTimers } from './options.ts';

/** Timers whose callbacks may throw: one that does ends nothing but itself. */
export function guardedTimers(timers: GatewayTimers, log: (line: string) => void): GatewayTimers {
  return {
    setTimeout: (callback, delayMs) =>
      timers.setTimeout(() => {
        try {
          callback();
        } catch (error) {
          log(`gateway: a timer failed: ${messageOf(error)}`);
        }
      }, delayMs),
    clearTimeout: timer => timers.clearTimeout(timer),
  };
}
