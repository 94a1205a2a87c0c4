import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from '../account/snapshot.ts';
import { type LearnedWindows, learnedWindows, NOTHING_LEARNED } from '../gateway/learnedWindows.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Gateways tell each other more often than anybody reads. */
const EVERY_MS = 3_000;
/** What is older is not shown. */
const READ_MS = 3_600_000;

export interface LearnedWatchOptions {
  readonly ledger: Pick<Ledger, 'dataVersion' | 'sharedLimits'>;
  /** Whose windows at Hugging Face are shown; undefined: nobody is signed in. */
  readonly token: () => string | undefined;
  readonly now: () => number;
}

/** What gateways, this window's and others', have learned of windows. */
export class LearnedWatch {
  private readonly options: LearnedWatchOptions;
  private readonly listeners = new Set<() => void>();
  private readonly timer: NodeJS.Timeout;
  private seenVersion: number | undefined;
  private seenToken: string | undefined;
  private current = NOTHING_LEARNED;

  constructor(options: LearnedWatchOptions) {
    this.options = options;
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  get windows(): LearnedWindows {
    return this.current;
  }

  /** What answers to programs told of the Hub's windows is known as if they were ours. */
  addTo(snapshot: Snapshot): Snapshot {
    const { hub } = this.current;
    // what is known of another token has not been forgotten yet
    if (hub.length === 0 || this.options.token() !== this.seenToken) return snapshot;
    return { ...snapshot, headerWindows: [...snapshot.headerWindows, ...hub] };
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
    const { ledger, now } = this.options;
    const token = this.options.token();
    const version = ledger.dataVersion();
    if (version === this.seenVersion && token === this.seenToken) return;
    this.seenVersion = version;
    this.seenToken = token;
    const windows = learnedWindows(ledger.sharedLimits(now() - READ_MS), token);
    if (isDeepStrictEqual(windows, this.current)) return;
    this.current = windows;
    for (const listener of this.listeners) listener();
  }
}
