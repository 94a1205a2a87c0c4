import type { Refusal, ResponseFacts } from '../../../../../src/limits/refusals/refusal.ts';
import type { Remedy } from '../../../../../src/limits/refusals/remedy.ts';

/** A public question of a user, with the response and the expected explanation. */
export interface Complaint {
  readonly about: string;
  /** Repository and number, or topic of the forum. */
  readonly source: string;
  readonly seen: Partial<ResponseFacts>;
  /** Undefined: no limit declined it. */
  readonly cause: Partial<Refusal> | undefined;
  /** In the order of the explanation. */
  readonly remedies?: readonly Remedy['kind'][];
  readonly sentence?: RegExp;
}
