import type { Refusal, ResponseFacts } from '../../../../../src/limits/refusals/refusal.ts';
import type { Remedy } from '../../../../../src/limits/refusals/remedy.ts';

/** Something that users asked about in public, as they met it, and what must be said to them. */
export interface Complaint {
  readonly about: string;
  /** Repository and number, or the forum's topic. */
  readonly source: string;
  readonly seen: Partial<ResponseFacts>;
  /** Undefined: no limit declined it, and none may be named. */
  readonly cause: Partial<Refusal> | undefined;
  /** Of the explanation, in its order. */
  readonly remedies?: readonly Remedy['kind'][];
  readonly sentence?: RegExp;
}
