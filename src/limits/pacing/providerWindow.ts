import { rateFamilies } from '../headers/providerHeaders.ts';
import { type WindowState, windowState } from '../headers/rateLimit.ts';
import type { LearnedWindow } from './paceWindow.ts';

/** A window of a provider. With `isShownOnly` it is that of Hugging Face's account there, which all its users share. */
export interface ProviderWindow extends LearnedWindow {
  /** Its id. */
  readonly provider: string;
  /** Undefined of the shared account: nobody knows for which model it was told. */
  readonly model?: string;
}

/** What of a window can still be said. */
export interface WindowNow {
  readonly used?: number;
  readonly remaining?: number;
  readonly limit?: number;
  /** Epoch ms, later than now. */
  readonly resetsAt?: number;
  /** Undefined: not known, or known of a window that is over. */
  readonly state?: WindowState;
}

/** Of a window that tells neither its length nor its end. */
const undatedMs = 5 * 60_000;
/** A day's window is told anew with each request: what is older says little. */
const oldestMs = 3_600_000;

/** Epoch ms from which on it is not worth showing: its reset and its length have passed, or nobody spoke of it for an hour. */
export function shownUntil({ asOf, windowSeconds, resetsBy = 0 }: ProviderWindow): number {
  const lastsMs = windowSeconds === undefined ? undatedMs : windowSeconds * 1000;
  return Math.min(asOf + oldestMs, Math.max(resetsBy, asOf + lastsMs));
}

/** A window that has been reset is a new one: what was used of it is not known. */
export function windowNow(window: ProviderWindow, now: number): WindowNow {
  const { limit, remaining, windowSeconds, resetsBy, asOf } = window;
  const endsAt = resetsBy ?? (windowSeconds === undefined ? undefined : asOf + windowSeconds * 1000);
  const ofLimit = limit === undefined ? {} : { limit };
  if (endsAt !== undefined && endsAt <= now) return ofLimit;
  const state = windowState(
    { bucket: '', limit, remaining, resetsAt: resetsBy, asOf, source: 'header' },
    now,
  );
  return {
    ...ofLimit,
    ...(limit !== undefined && remaining !== undefined && { used: Math.max(0, limit - remaining) }),
    ...(remaining !== undefined && { remaining }),
    ...(resetsBy !== undefined && { resetsAt: resetsBy }),
    ...(state && { state }),
  };
}

/** `tokens per minute`, as refusals name it; what is no window of ours as the provider writes it. */
export function windowWords({ provider, name }: Pick<ProviderWindow, 'provider' | 'name'>): string {
  if (name === 'tokens-cache-adjusted-prompt') return 'cache-adjusted prompt tokens';
  return rateFamilies(provider).find(({ suffix }) => suffix === name)?.scope ?? name;
}
