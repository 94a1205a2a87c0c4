import type { HeaderBag } from '../headers/headers.ts';
import { type ErrorResponse, readErrorResponse } from './errorResponse.ts';
import { keptHeaders } from './keptHeaders.ts';
import { redact } from './redact.ts';
import type { RefusalCause, RuleMatch } from './refusalRule.ts';
import { mayRefuse, rulesFor } from './refusalRules.ts';
import { type Words, wordsOf } from './responseWords.ts';

export type { RefusalCause } from './refusalRule.ts';

/** Where the refusal was seen. */
export type RefusalSource = 'headroom' | 'gateway' | 'host' | 'terminal' | 'debug-console' | 'notebook';

/** A response that declined work because of a limit. */
export interface Refusal {
  /** Epoch ms. */
  readonly at: number;
  /** That of the response; of an error inside a success, the one that the error names, if any. */
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
  /** What met it, as far as a watcher knows: a command line, a debug session, a notebook's cell. No secrets in it. */
  readonly program?: string;
  /** The server's own words, at most 500 characters, secrets redacted. */
  readonly message: string;
  /** Those of the response that tell of limits, by name in lower case, secrets redacted; undefined: not seen. */
  readonly headers?: Readonly<Record<string, string>>;
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
const mostScope = 120;

/**
 * The refusal that a response is, or undefined when it declines nothing because of a limit: a wrong token or a
 * missing permission, that to bill an organization among them, is no limit. Never throws, and never makes up a
 * reset: what the server did not say is undefined.
 */
export function classifyRefusal(response: ResponseFacts): Refusal | undefined {
  if (response.status === 200) {
    const body = response.bodyText ?? '';
    if (!/^\s*[[{]/.test(body.slice(0, 64)) || !body.slice(0, 8192).includes('"error"')) return undefined;
    const words = wordsOf(body);
    return words.failed ? refusalIn(response, words) : undefined;
  }
  return mayRefuse(response.status) ? refusalIn(response) : undefined;
}

/**
 * The refusal that an error event tells of, in a stream that began as a success. `event`: its `data`, or the whole
 * event as it came.
 */
export function classifyStreamError(
  response: Omit<ResponseFacts, 'bodyText'>,
  event: string,
): Refusal | undefined {
  const { data, failed } = readEvent(event.slice(0, 16_384));
  const words = wordsOf(data);
  // What a model writes may be about limits, too.
  return failed || words.failed ? refusalIn({ ...response, status: 200 }, words) : undefined;
}

function refusalIn(facts: ResponseFacts, words?: Words): Refusal | undefined {
  const response = readErrorResponse(facts, words);
  for (const rule of rulesFor(response)) {
    const match = rule.recognise(response);
    if (match) return refusalOf(facts, response, match);
  }
  return undefined;
}

function readEvent(event: string): { readonly data: string; readonly failed: boolean } {
  if (!/^\s*(?:data|event|id|retry|):/.test(event)) return { data: event, failed: false };
  const lines = event.split(/\r\n|\n|\r/);
  const data = lines.filter(line => line.startsWith('data:')).map(line => line.slice(5));
  return { data: data.join('\n'), failed: lines.some(line => /^event: ?error\s*$/.test(line)) };
}

function refusalOf(response: ResponseFacts, answer: ErrorResponse, match: RuleMatch): Refusal {
  const { scope, limit, remaining, windowSeconds, resetsAt } = match;
  const { billedTo, model = match.model && redact(match.model) } = response;
  const refusal: { -readonly [Key in keyof Refusal]: Refusal[Key] } = {
    at: response.at,
    status: answer.status,
    cause: match.cause,
    by: match.by ?? answer.answeredBy ?? 'unknown',
    source: response.source,
    message: redact(answer.text).slice(0, mostMessage).toWellFormed(),
  };
  if (scope !== undefined) refusal.scope = redact(scope.slice(0, mostScope)).slice(0, mostScope);
  if (limit !== undefined) refusal.limit = limit;
  if (remaining !== undefined) refusal.remaining = remaining;
  if (windowSeconds !== undefined) refusal.windowSeconds = windowSeconds;
  if (resetsAt !== undefined) refusal.resetsAt = resetsAt;
  if (billedTo !== undefined) refusal.billedTo = billedTo;
  if (model !== undefined) refusal.model = model;
  const headers = isPrinted(response.source) ? undefined : keptHeaders(response.headers);
  if (headers !== undefined) refusal.headers = headers;
  return refusal;
}

/** What is read out of a program's words is put in the form of headers, which no server sent so. */
function isPrinted(source: RefusalSource): boolean {
  return source === 'terminal' || source === 'debug-console' || source === 'notebook';
}
