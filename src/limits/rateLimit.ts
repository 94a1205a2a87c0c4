/** One rate-limit window as last told by a server. */
export interface RateWindow {
  /** HF's name of the bucket: `api`, `resolvers`, `pages`, `media`, `search`, `sensitive`, or a new one. */
  readonly bucket: string;
  readonly used?: number;
  readonly remaining?: number;
  readonly limit?: number;
  readonly windowSeconds?: number;
  /** Epoch ms. A gauge of the live stream has none. */
  readonly resetsAt?: number;
  /** Epoch ms at which the server said so. */
  readonly asOf: number;
  /** `gauge`: the live usage stream. `header`: `RateLimit` on a response. */
  readonly source: 'gauge' | 'header';
}
