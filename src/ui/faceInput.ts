import type { Snapshot } from '../account/snapshot.ts';

/** What the user chose, and what is known besides the snapshot. */
export interface FaceOptions {
  /** `auto`: what suits the account's plan. */
  readonly show: 'auto' | 'left' | 'used' | 'icon';
  /** The user's own monthly budget. */
  readonly budgetNanoUsd?: number;
  /** The present pace of spending, from `burnRateNanoUsdPerHour`; undefined when it is not known. */
  readonly nanoUsdPerHour?: number;
  /** IANA name; undefined: the machine's own. Hugging Face's months are UTC whatever it is. */
  readonly timeZone?: string;
}

/** Everything that a face is a function of. */
export interface FaceInput {
  readonly snapshot: Snapshot;
  readonly options: FaceOptions;
  /** Epoch ms. */
  readonly now: number;
  /** BCP 47. */
  readonly locale: string;
}
