import type { Refusal } from '../limits/refusals/refusal.ts';

/** A refusal that happened outside of Headroom's own calls and its gateway. */
export interface SeenRefusal {
  readonly refusal: Refusal;
  /** What met it, without secrets: a command line, a debug session, `train.ipynb, cell 7`. */
  readonly program?: string;
}

export type SeenListener = (seen: SeenRefusal) => void;

export interface Watch {
  dispose(): void;
}

/** What a watch of texts needs of the world. */
export interface WatchSurroundings {
  /** Epoch ms. */
  now(): number;
  later(run: () => void, delayMs: number): Watch;
  /** A server that refusals are told of, else undefined. */
  nameServer(url: string): NamedServer | undefined;
}

/** A request's server under the name by which it is known. */
export interface NamedServer {
  /** `huggingface`, a provider's id, or undefined when several may answer there. */
  readonly answeredBy?: string;
  /** Where it would be without settings of one's own. */
  readonly url: string;
}
