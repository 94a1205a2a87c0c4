import type { Action } from '../action.ts';

/** How near a limit is, in rising order. `forecast`: at this pace it is reached before its reset. */
export const alertLevels = ['forecast', 'low', 'gone'] as const;
export type AlertLevel = (typeof alertLevels)[number];

const lowShare = 0.8;

/**
 * A limit of the account with how much of it is used, or an endpoint that is idle, as of one reading. Times by Hugging
 * Face's clock.
 */
export interface LimitState {
  /** `credits:personal`, `credits:org:acme`, `quota:ada:aws-us-east-1-nvidia-l4-x1`, `zero-gpu`, `idle:ada/bert`. */
  readonly id: string;
  /** Undefined: below all thresholds. */
  readonly level?: AlertLevel;
  /** The whole, in the limit's own unit: a larger one may be reached again. */
  readonly size: number;
  /** Epoch ms; undefined: none, or this answer has none. */
  readonly resetsAt?: number;
  /** Epoch ms. */
  readonly readAt: number;
  /** The reading is not stale, and of the limit's present period. */
  readonly isLive: boolean;
  /** A suggestion: told once a day while it is true, also when a window starts with it. */
  readonly isDaily?: boolean;
  /** Only a refusal tells that it is gone, and has a notice of its own. */
  readonly isRefused?: boolean;
  /** The next request tries another payer, which tells it. */
  readonly failsOver?: boolean;
  /** What is reached, for notice and hover. Plain text; empty below all thresholds. */
  readonly sentence: string;
  /** The same in a few words, for the badge; undefined: it does not count there. */
  readonly label?: string;
  /** That there is enough again, after it was gone. */
  readonly backSentence?: string;
  /** The best first. */
  readonly actions: readonly Action[];
}

/** A limit that has reached a threshold. */
export type Alert = LimitState & { readonly level: AlertLevel };

/** @param isForecast it is gone before its reset at this pace */
export function levelOf(share: number, isForecast = false): AlertLevel | undefined {
  if (share >= 1) return 'gone';
  if (share >= lowShare) return 'low';
  return isForecast ? 'forecast' : undefined;
}

export function isAlert(state: LimitState): state is Alert {
  return state.level !== undefined;
}
