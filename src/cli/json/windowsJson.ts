import type { Snapshot } from '../../account/snapshot.ts';
import type { LearnedWindows } from '../../gateway/pacing/learnedWindows.ts';
import { mergeWindows } from '../../limits/account/mergeWindows.ts';
import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import {
  type ProviderWindow,
  shownUntil,
  windowNow,
  windowWords,
} from '../../limits/pacing/providerWindow.ts';
import { iso } from './iso.ts';

export type RateWindowJson = NonNullable<ReturnType<typeof rateWindowsJson>>[number];
export type ProviderWindowJson = ReturnType<typeof providerWindowJson>;

/** HF's windows last 5 minutes: an older gauge counted in another window. */
const gaugeLifeMs = 300_000;

/** Hugging Face's; null: none is known. */
export function rateWindowsJson({ gauges, headerWindows }: Snapshot, { hub }: LearnedWindows, now: number) {
  const headers = [...headerWindows, ...hub];
  if (!gauges.value && headers.length === 0) return null;
  const current = (gauges.value?.windows ?? []).map(gauge =>
    now - gauge.asOf > gaugeLifeMs ? limitOf(gauge) : gauge,
  );
  return mergeWindows(current, headers, now).map(({ bucket, source, rolledOver, ...window }) => {
    // a window that began since the report: what is used of it is unknown
    const known = rolledOver ? { ...window, used: undefined, remaining: undefined } : window;
    return { bucket, ...countsJson(known), source };
  });
}

export function providerWindowsJson({ providers }: LearnedWindows, now: number) {
  return providers.filter(window => shownUntil(window) > now).map(window => providerWindowJson(window, now));
}

function providerWindowJson(window: ProviderWindow, now: number) {
  return {
    provider: window.provider,
    model: window.model ?? null,
    window: windowWords(window),
    shared: window.isShownOnly === true,
    ...countsJson(windowNow(window, now)),
    asOf: iso(window.asOf),
  };
}

type Counts = Pick<RateWindow, 'used' | 'remaining' | 'limit' | 'windowSeconds' | 'resetsAt'>;

function countsJson(window: Counts) {
  const { used = null, remaining = null, limit = null, windowSeconds = null } = window;
  return { used, remaining, limit, windowSeconds, resetsAt: iso(window.resetsAt) };
}

function limitOf({ bucket, limit, asOf, source }: RateWindow): RateWindow {
  return { bucket, limit, asOf, source };
}
