import { scopeOf } from '../headers/providerHeaders.ts';
import { type RateWindow, usedOf, windowState } from '../headers/rateLimit.ts';

/** A window that a provider reported, of the user's key there or of HF's own account. */
export type ProviderWindow = RateWindow & { readonly provider: string };

/** For a window without a length and a reset. */
const undatedMs = 5 * 60_000;
/** Each request brings a new report of a day's window, so an older one says little. */
const oldestMs = 3_600_000;

/**
 * Epoch ms until which a window is shown: its reset or its length has passed, or its report is an hour old.
 */
export function shownUntil({ asOf, windowSeconds, resetsAt = 0 }: RateWindow): number {
  const lastsMs = windowSeconds === undefined ? undatedMs : windowSeconds * 1000;
  return Math.min(asOf + oldestMs, Math.max(resetsAt, asOf + lastsMs));
}

/** The window as it stands at `now`. After its reset only its limit is known: the next window has begun. */
export function windowNow(window: RateWindow, now: number): RateWindow {
  const { windowSeconds, resetsAt, asOf } = window;
  const endsAt = resetsAt ?? (windowSeconds === undefined ? undefined : asOf + windowSeconds * 1000);
  if (endsAt !== undefined && endsAt <= now) {
    return { ...window, used: undefined, remaining: undefined, resetsAt: undefined, resetsFrom: undefined };
  }
  return { ...window, used: usedOf(window), state: windowState(window, now) };
}

/** `tokens per minute`, as in refusals; an unknown window keeps the provider's own name. */
export function windowWords(window: Pick<RateWindow, 'provider' | 'bucket'>): string {
  return scopeOf(window) ?? window.bucket;
}
