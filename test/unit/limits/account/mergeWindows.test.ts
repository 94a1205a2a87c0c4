import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeWindows } from '../../../../src/limits/account/mergeWindows.ts';
import type { RateWindow } from '../../../../src/limits/headers/rateLimit.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const gauge = (asOf: number, used: number): RateWindow => ({
  bucket: 'api',
  used,
  limit: 1000,
  asOf,
  source: 'gauge',
});
const header = (asOf: number, remaining: number, resetsAt: number): RateWindow => ({
  bucket: 'api',
  used: 1000 - remaining,
  remaining,
  limit: 1000,
  windowSeconds: 300,
  resetsAt,
  asOf,
  source: 'header',
});

describe('windows merged from gauges and headers', () => {
  it('show a header that is newer than the gauge', () => {
    const fresh = header(now - 1000, 400, now + 60_000);
    assert.deepEqual(mergeWindows([gauge(now - 9000, 12)], [fresh], now), [fresh]);
  });

  it('show a newer gauge with the reset from the header of the same window', () => {
    const [merged] = mergeWindows([gauge(now - 1000, 650)], [header(now - 9000, 400, now + 60_000)], now);
    assert.deepEqual(merged, { ...gauge(now - 1000, 650), resetsAt: now + 60_000, windowSeconds: 300 });
  });

  it('show an ended window as the next one began, marked as inferred', () => {
    const ended = now - 30_000;
    assert.deepEqual(mergeWindows([], [header(now - 90_000, 0, ended)], now), [
      {
        bucket: 'api',
        used: 0,
        remaining: 1000,
        limit: 1000,
        windowSeconds: 300,
        asOf: ended,
        rolledOver: true,
        source: 'header',
      },
    ]);
  });

  it('prefer a gauge from after the end of the header’s window', () => {
    const [merged] = mergeWindows([gauge(now - 10_000, 7)], [header(now - 90_000, 0, now - 30_000)], now);
    assert.deepEqual(merged, { ...gauge(now - 10_000, 7), windowSeconds: 300, resetsAt: undefined });
  });

  it('do not keep a gauge beyond the end of its window', () => {
    const [merged] = mergeWindows([gauge(now - 60_000, 980)], [header(now - 90_000, 40, now - 30_000)], now);
    assert.equal(merged?.used, 0);
    assert.equal(merged?.rolledOver, true);
  });

  it('keep the count of a gauge beside a header without one', () => {
    const policyOnly: RateWindow = {
      bucket: 'api',
      limit: 1000,
      windowSeconds: 300,
      asOf: now,
      source: 'header',
    };
    const [merged] = mergeWindows([gauge(now - 9000, 12)], [policyOnly], now);
    assert.equal(merged?.used, 12);
    assert.equal(merged?.windowSeconds, 300);
  });

  it('have the latest report of each bucket once, for any input', () => {
    const at = fc.integer({ min: now - 600_000, max: now });
    const used = fc.integer({ min: 0, max: 1000 });
    const anyGauge = fc.tuple(fc.constantFrom('api', 'pages', 'media'), at, used);
    const anyHeader = fc.tuple(
      fc.constantFrom('api', 'pages', 'search'),
      at,
      used,
      fc.integer({ min: 0, max: 300 }),
    );
    fc.assert(
      fc.property(fc.array(anyGauge), fc.array(anyHeader), (gauges, headers) => {
        const merged = mergeWindows(
          gauges.map(([bucket, asOf, used]) => ({ ...gauge(asOf, used), bucket })),
          headers.map(([bucket, asOf, left, t]) => ({ ...header(asOf, left, asOf + t * 1000), bucket })),
          now,
        );
        const buckets = new Set([...gauges, ...headers].map(([bucket]) => bucket));
        assert.deepEqual(
          merged.map(window => window.bucket),
          [...buckets].sort(),
        );
        for (const window of merged) {
          assert.ok(window.asOf <= now);
          assert.ok(window.resetsAt === undefined || window.resetsAt > now);
          const newest = Math.max(
            ...[...gauges, ...headers].filter(([b]) => b === window.bucket).map(([, t]) => t),
          );
          assert.ok(window.asOf >= newest);
        }
      }),
    );
  });
});
