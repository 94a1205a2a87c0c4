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
  return mergeWindows(current, headers, now).map(window => {
    // a window that began since the report: what is used of it is unknown
    const { used, remaining } = window.rolledOver ? {} : window;
    return {
      bucket: window.bucket,
      used: used ?? null,
      remaining: remaining ?? null,
      limit: window.limit ?? null,
      windowSeconds: window.windowSeconds ?? null,
      resetsAt: iso(window.resetsAt),
      source: window.source,
    };
  });
}

export function providerWindowsJson({ providers }: LearnedWindows, now: number) {
  return providers.filter(window => shownUntil(window) > now).map(window => providerWindowJson(window, now));
}

function providerWindowJson(window: ProviderWindow, now: number) {
  const { used, remaining, limit, resetsAt } = windowNow(window, now);
  return {
    provider: window.provider,
    model: window.model ?? null,
    window: windowWords(window),
    shared: window.isShownOnly === true,
    used: used ?? null,
    remaining: remaining ?? null,
    limit: limit ?? null,
    windowSeconds: window.windowSeconds ?? null,
    resetsAt: iso(resetsAt),
    asOf: iso(window.asOf),
  };
}

function limitOf({ bucket, limit, asOf, source }: RateWindow): RateWindow {
  return { bucket, limit, asOf, source };
}
