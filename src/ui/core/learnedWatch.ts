import type { Snapshot } from '../../account/snapshot.ts';
import { type LearnedWindows, learnedWindows } from '../../gateway/pacing/learnedWindows.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { LedgerWatch } from './ledgerWatch.ts';

/** Older windows are not shown. */
const readMs = 3_600_000;

export interface LearnedWatchOptions {
  readonly ledger: Pick<Ledger, 'dataVersion' | 'sharedLimits'>;
  /** Token of the account whose windows at Hugging Face are shown; undefined while signed out. */
  readonly token: () => string | undefined;
  readonly now: () => number;
}

/** Rate windows that gateways, this window's and others', learned from responses to programs. */
export class LearnedWatch {
  readonly #watch: LedgerWatch<string | undefined, LearnedWindows>;

  constructor({ ledger, token, now }: LearnedWatchOptions) {
    this.#watch = new LedgerWatch({
      ledger,
      subject: token,
      read: of => learnedWindows(ledger.sharedLimits(now() - readMs), of),
    });
  }

  get windows(): LearnedWindows {
    return this.#watch.value;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    return this.#watch.onDidChange(listener);
  }

  /** Adds the Hub's windows to those of Headroom's own requests. Another token's windows are never added. */
  addTo(snapshot: Snapshot): Snapshot {
    const { hub } = this.windows;
    if (hub.length === 0 || !this.#watch.isCurrent) return snapshot;
    return { ...snapshot, headerWindows: [...snapshot.headerWindows, ...hub] };
  }

  dispose(): void {
    this.#watch.dispose();
  }
}
