import type { SeenResponse } from '../hub/http.ts';
import { publicUrl, type Servers } from '../hub/servers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseRateLimitHeaders, type RateWindow } from '../limits/headers/rateLimit.ts';
import { classifyRefusal } from '../limits/refusals/refusal.ts';
import type { Readings } from './readings.ts';

/** The names of two more readings. */
const headerWindowsKey = 'header-windows';
const clockSkew = 'clock-skew';

/** A `Date` header has whole seconds, and a response takes its time. */
const skewNoiseMs = 3_000;

/** Reads windows, refusals and HF's clock from the responses to Headroom's own calls. */
export class Observer {
  readonly #ledger: Ledger;
  readonly #servers: Servers;
  readonly #windows = new Map<string, RateWindow>();
  /** HF's clock minus ours in ms, from the last `Date` header that is not stored yet. */
  #seenSkewMs: number | undefined;

  constructor(ledger: Ledger, servers: Servers) {
    this.#ledger = ledger;
    this.#servers = servers;
  }

  observe(response: SeenResponse): void {
    if (response.clockSkewMs !== undefined) this.#seenSkewMs = response.clockSkewMs;
    if (!response.aside) {
      const { headers, at } = response;
      const windows = parseRateLimitHeaders(headers.ratelimit, headers['ratelimit-policy'], at);
      for (const window of windows) this.#windows.set(window.bucket, window);
    }
    if (response.isProbe && response.status >= 401 && response.status <= 404) return;
    const refusal = classifyRefusal({
      ...response,
      url: publicUrl(this.#servers, response.url),
      bodyText: response.bodyText ?? '',
      source: 'headroom',
      answeredBy: 'huggingface',
    });
    if (refusal) this.#ledger.recordRefusals([refusal]);
  }

  /** Drops the windows of an account that is no longer shown. */
  forgetWindows(): void {
    this.#windows.clear();
  }

  /** Writes the windows and the clock seen since the last call to the account's readings. */
  keepIn(readings: Readings, now: number): void {
    if (this.#windows.size > 0) {
      const merged = new Map(headerWindows(readings).map(window => [window.bucket, window]));
      for (const [bucket, window] of this.#windows) merged.set(bucket, window);
      this.#windows.clear();
      readings.put(headerWindowsKey, { value: [...merged.values()], asOf: now });
    }
    const seen = this.#seenSkewMs;
    if (seen === undefined) return;
    const known = knownSkewMs(readings);
    if (known === undefined || Math.abs(seen - known) > skewNoiseMs) {
      readings.put(clockSkew, { value: seen, asOf: now });
    }
    this.#seenSkewMs = undefined;
  }

  /** HF's clock minus ours in ms; 0 while unknown. */
  clockSkewMs(readings: Readings): number {
    return this.#seenSkewMs ?? knownSkewMs(readings) ?? 0;
  }
}

/** The last `RateLimit` headers of each bucket, of any VS Code window. */
export function headerWindows(readings: Readings): readonly RateWindow[] {
  return readings.get<readonly RateWindow[]>(headerWindowsKey).value ?? [];
}

/** HF's clock minus ours in ms, as any VS Code window last saw it. */
export function knownSkewMs(readings: Readings): number | undefined {
  return readings.get<number>(clockSkew).value;
}
