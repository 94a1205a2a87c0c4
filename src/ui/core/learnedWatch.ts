import type { Snapshot } from '../../account/snapshot.ts';
import { type LearnedWindows, learnedWindows } from '../../gateway/pacing/learnedWindows.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { LedgerWatch } from './ledgerWatch.ts';

/** What is older is not shown. */
const readMs = 3_600_000;

export interface LearnedWatchOptions {
  readonly ledger: Pick<Ledger, 'dataVersion' | 'sharedLimits'>;
  /** Whose windows at Hugging Face are shown; undefined: nobody is signed in. */
  readonly token: () => string | undefined;
  readonly now: () => number;
}

/** What gateways, this window's and others', have learned of windows. */
export class LearnedWatch extends LedgerWatch<string | undefined, LearnedWindows> {
  readonly #token: () => string | undefined;

  constructor({ ledger, token, now }: LearnedWatchOptions) {
    super({
      ledger,
      subject: token,
      read: token => learnedWindows(ledger.sharedLimits(now() - readMs), token),
    });
    this.#token = token;
  }

  get windows(): LearnedWindows {
    return this.value;
  }

  /** What answers to programs told of the Hub's windows is known as if they were ours. */
  addTo(snapshot: Snapshot): Snapshot {
    const { hub } = this.value;
    // what is known of another token has not been forgotten yet
    if (hub.length === 0 || this.#token() !== this.subject) return snapshot;
    return { ...snapshot, headerWindows: [...snapshot.headerWindows, ...hub] };
  }
}
