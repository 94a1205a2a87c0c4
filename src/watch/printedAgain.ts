import { countOf, known, type Refusal } from '../limits/refusals/refusal.ts';

/** A program's loggers print one refusal within this time. */
const burstMs = 5_000;
/** Programs and limits at once: more are told apart no longer. */
const mostBursts = 100;

/** What a program printed of one limit in a few seconds. */
interface Burst {
  /** Epoch ms. */
  lastAt: number;
  /** All that its forms told. */
  known: Refusal;
  /** How often each form was printed. */
  readonly forms: Map<string, number>;
  /** Refusals that were passed on: of the form that was printed most. */
  passed: number;
}

/**
 * Several loggers of a program print one refusal, each in its own form and with other facts: the HTTP client's line,
 * the SDK's retry, the traceback. The form that was printed most often counts; another one completes what is known,
 * with the count 0.
 */
export class PrintedAgain {
  #bursts: Burst[] = [];

  /** The refusal with all that its burst told, and the count 0 when it was counted before. */
  take(refusal: Refusal): Refusal {
    const { at, source } = refusal;
    if (source === 'host') return refusal;
    this.#bursts = this.#bursts.filter(({ lastAt }) => Math.abs(at - lastAt) <= burstMs).slice(-mostBursts);
    let burst = this.#bursts.find(({ known }) => isOne(known, refusal));
    if (!burst) {
      burst = { lastAt: at, known: refusal, forms: new Map(), passed: 0 };
      this.#bursts.push(burst);
    }
    const form = formOf(refusal);
    const printed = (burst.forms.get(form) ?? 0) + countOf(refusal);
    burst.forms.set(form, printed);
    burst.lastAt = at;
    burst.known = completed(burst.known, refusal);
    const isNew = printed > burst.passed;
    burst.passed = Math.max(burst.passed, printed);
    const whole = { ...completed(refusal, burst.known), at };
    return isNew ? whole : { ...whole, count: 0 };
  }
}

/** Times and ids in the words differ with each request. */
function formOf({ cause, by, scope, message }: Refusal): string {
  return JSON.stringify([cause, by, scope, message.slice(0, 200).replace(/[\w.-]*\d[\w.-]*/g, '#')]);
}

/** Whether both may tell of one refusal: same program, and no fact that both know differs. */
function isOne(one: Refusal, other: Refusal): boolean {
  return (
    one.source === other.source &&
    one.program === other.program &&
    one.status === other.status &&
    agree(known(one.cause), known(other.cause)) &&
    agree(known(one.by), known(other.by)) &&
    agree(one.scope, other.scope) &&
    agree(one.model, other.model) &&
    agree(one.billedTo, other.billedTo)
  );
}

function agree<T>(one: T | undefined, other: T | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** The gaps filled from the other. */
function completed(refusal: Refusal, other: Refusal): Refusal {
  const isKnown = known(refusal.cause) !== undefined;
  const facts = Object.entries(refusal).filter(([, value]) => value !== undefined);
  return {
    ...other,
    ...Object.fromEntries(facts),
    cause: isKnown ? refusal.cause : other.cause,
    by: known(refusal.by) ?? other.by,
    message: (isKnown && refusal.message) || other.message || refusal.message,
  };
}
