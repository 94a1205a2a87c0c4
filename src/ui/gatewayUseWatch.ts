import { isDeepStrictEqual } from 'node:util';
import type { Ledger } from '../ledger/ledger.ts';
import { monthStart } from '../limits/credits.ts';
import type { GatewayUse } from './gatewayUseRow.ts';

/** The sums of a busy month take milliseconds: not for each request, and only after something was written. */
const EVERY_MS = 3_000;

export interface GatewayUseWatchOptions {
  readonly ledger: Pick<Ledger, 'dataVersion' | 'tallyTotals'>;
  /** Epoch ms by Hugging Face's clock: its month counts. */
  readonly serverNow: () => number;
}

/** What gateways, this window's and others', have put into the ledger this month. */
export class GatewayUseWatch {
  private readonly options: GatewayUseWatchOptions;
  private readonly listeners = new Set<() => void>();
  private readonly timer: NodeJS.Timeout;
  private seen = '';
  private current: GatewayUse | undefined;

  constructor(options: GatewayUseWatchOptions) {
    this.options = options;
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  get use(): GatewayUse | undefined {
    return this.current;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  dispose(): void {
    clearInterval(this.timer);
    this.listeners.clear();
  }

  private look(): void {
    const { ledger, serverNow } = this.options;
    const since = monthStart(serverNow());
    const version = `${since} ${ledger.dataVersion()}`;
    if (version === this.seen) return;
    this.seen = version;
    const use = { since, totals: ledger.tallyTotals(since) };
    if (isDeepStrictEqual(use, this.current)) return;
    this.current = use;
    for (const listener of this.listeners) listener();
  }
}
