import type { SeenResponse } from '../hub/http.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseRateLimitHeaders, type RateWindow } from '../limits/rateLimit.ts';
import { classifyRefusal } from '../limits/refusal.ts';

/** What Headroom's own responses tell beside their bodies: windows, refusals, HF's clock. */
export class Observer {
  private readonly ledger: Ledger;
  private readonly windows = new Map<string, RateWindow>();
  /** HF's clock minus ours in ms, from the last `Date` header. */
  clockSkewMs: number | undefined;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  observe(response: SeenResponse): void {
    if (response.clockSkewMs !== undefined) this.clockSkewMs = response.clockSkewMs;
    for (const window of parseRateLimitHeaders(response.headers, response.at))
      this.windows.set(window.bucket, window);
    const refusal = classifyRefusal({
      ...response,
      bodyText: response.bodyText ?? '',
      source: 'headroom',
      answeredBy: 'huggingface',
    });
    if (refusal) this.ledger.recordRefusals([refusal]);
  }

  /** The windows seen in headers since the last call, over those known before. */
  mergeInto(known: readonly RateWindow[]): readonly RateWindow[] {
    if (this.windows.size === 0) return known;
    const merged = new Map(known.map(window => [window.bucket, window]));
    for (const [bucket, window] of this.windows) merged.set(bucket, window);
    this.windows.clear();
    return [...merged.values()];
  }
}
