import { type Answer, readAnswer } from './answer.ts';
import { answeredBy } from './answeredBy.ts';
import type { HeaderBag } from './headers.ts';
import { redact } from './redact.ts';
import type { Verdict } from './refusalRule.ts';
import { refusalRules } from './refusalRules.ts';

/** Why work was declined. `DESIGN` vocabulary: `unsettled` is a 402 although money is left. */
export type RefusalCause =
  | 'rate'
  | 'tokens'
  | 'concurrency'
  | 'credits'
  | 'unsettled'
  | 'spending-limit'
  | 'quota'
  | 'capacity'
  | 'unknown';

/** Where the refusal was seen. */
export type RefusalSource = 'headroom' | 'gateway' | 'host' | 'terminal' | 'debug-console' | 'notebook';

/** A response that declined work because of a limit. */
export interface Refusal {
  /** Epoch ms. */
  readonly at: number;
  readonly status: number;
  readonly cause: RefusalCause;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** What the limit applies to, in HF's words where it has one: `api`, `repository commits`, `tokens per minute`. */
  readonly scope?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** Epoch ms; undefined when the server did not say. */
  readonly resetsAt?: number;
  readonly billedTo?: string;
  readonly model?: string;
  readonly source: RefusalSource;
  /** The server's own words, at most 500 characters, secrets redacted. */
  readonly message: string;
}

/** A response as whoever saw it can tell of it. */
export interface ResponseFacts {
  readonly status: number;
  readonly headers: HeaderBag;
  /** Undefined: not read. */
  readonly bodyText?: string;
  readonly url: string;
  /** Epoch ms. */
  readonly at: number;
  readonly source: RefusalSource;
  /** `huggingface` or a provider's id, where the caller knows who answers at this address. */
  readonly answeredBy?: string;
  readonly billedTo?: string;
  readonly model?: string;
}

const mostMessage = 500;

/**
 * The refusal that a response is, or undefined when it declines nothing because of a limit. Never throws, and
 * never makes up a reset: what the server did not say is undefined.
 */
export function classifyRefusal(response: ResponseFacts): Refusal | undefined {
  const rules = refusalRules.filter(rule => rule.statuses.includes(response.status));
  if (rules.length === 0 || (response.status === 200 && !/^\s*\{\s*"error"/.test(response.bodyText ?? ''))) {
    return undefined;
  }
  const answer = readAnswer({ ...response, answeredBy: response.answeredBy ?? answeredBy(response) });
  for (const rule of rules) {
    const verdict = rule.recognise(answer);
    if (verdict) return refusalOf(response, answer, verdict);
  }
  return undefined;
}

function refusalOf(response: ResponseFacts, answer: Answer, verdict: Verdict): Refusal {
  const model = response.model ?? verdict.model;
  return {
    at: response.at,
    status: response.status,
    cause: verdict.cause,
    by: verdict.by ?? answer.answeredBy ?? 'unknown',
    ...(verdict.scope !== undefined && { scope: redact(verdict.scope) }),
    ...(verdict.limit !== undefined && { limit: verdict.limit }),
    ...(verdict.remaining !== undefined && { remaining: verdict.remaining }),
    ...(verdict.windowSeconds !== undefined && { windowSeconds: verdict.windowSeconds }),
    ...(verdict.resetsAt !== undefined && { resetsAt: verdict.resetsAt }),
    ...(response.billedTo !== undefined && { billedTo: response.billedTo }),
    ...(model !== undefined && { model }),
    source: response.source,
    message: redact(answer.text).slice(0, mostMessage),
  };
}
