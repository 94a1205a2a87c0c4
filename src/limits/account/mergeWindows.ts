import type { RateWindow } from '../headers/rateLimit.ts';

/**
 * One window for each bucket, from its latest report. A header adds the reset and the length that gauges
 * lack, while its window still runs. Sorted by bucket.
 */
export function mergeWindows(
  gauges: readonly RateWindow[],
  headers: readonly RateWindow[],
  now: number,
): RateWindow[] {
  const buckets = [...new Set([...gauges, ...headers].map(window => window.bucket))].sort();
  return buckets.flatMap(bucket => {
    const gauge = newest(gauges, bucket);
    const header = newest(headers, bucket);
    return mergeBucket(gauge, header && rollOver(header, now)) ?? [];
  });
}

function mergeBucket(gauge: RateWindow | undefined, header: RateWindow | undefined): RateWindow | undefined {
  if (!gauge || !header) return gauge ?? header;
  const headerCounts = header.used !== undefined || header.remaining !== undefined;
  if (headerCounts && header.asOf >= gauge.asOf) {
    return { ...header, limit: header.limit ?? gauge.limit };
  }
  const { limit, windowSeconds, resetsAt } = header;
  return { limit, windowSeconds, resetsAt, ...gauge };
}

function newest(windows: readonly RateWindow[], bucket: string): RateWindow | undefined {
  return windows
    .filter(window => window.bucket === bucket)
    .reduce<RateWindow | undefined>((best, next) => (best && best.asOf > next.asOf ? best : next), undefined);
}

function rollOver(window: RateWindow, now: number): RateWindow {
  const { resetsAt, remaining: _, ...rest } = window;
  if (resetsAt === undefined || resetsAt > now) return window;
  return { ...rest, used: 0, remaining: window.limit, asOf: resetsAt, rolledOver: true };
}
