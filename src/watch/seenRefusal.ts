import type { Refusal } from '../limits/refusals/refusal.ts';

/** Takes the refusals outside of Headroom's own calls and its gateway. */
export type SeenListener = (refusal: Refusal) => void;

export interface Watch {
  dispose(): void;
}

/** Clock, timers and known servers for the watchers. */
export interface WatchSurroundings {
  /** Epoch ms. */
  now(): number;
  later(run: () => void, delayMs: number): Watch;
  /** Undefined: not a server of Hugging Face or a provider. */
  nameServer(url: string): NamedServer | undefined;
}

/** A server of Hugging Face or a provider. */
export interface NamedServer {
  /** `huggingface` or a provider's id; undefined: several may answer at this address. */
  readonly answeredBy?: string;
  /** The request's URL at the usual server, without own settings. */
  readonly url: string;
}
