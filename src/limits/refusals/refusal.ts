import { mostMessageChars, mostNameChars, mostScopeChars } from '../bounds.ts';
import { type ErrorResponse, type ResponseParts, readErrorResponse } from './errorResponse.ts';
import { keptHeaders } from './keptHeaders.ts';
import { firstPart, redact, redactKeys } from './redact.ts';
import type { RefusalCause, RuleMatch } from './refusalRule.ts';
import { rulesByStatus } from './refusalRules.ts';
import { type Words, wordsOf } from './responseWords.ts';
import { providerId } from './serverToken.ts';

export type { RefusalCause } from './refusalRule.ts';

export const refusalSources = [
  'headroom',
  'gateway',
  'host',
  'terminal',
  'debug-console',
  'notebook',
] as const;

/** Where the refusal was seen. */
export type RefusalSource = (typeof refusalSources)[number];

/** A response that declined work because of a limit, or an episode of such responses. */
export interface Refusal {
  /** Epoch ms; of an episode the first. */
  readonly at: number;
  /** Responses of the episode; undefined: one. */
  readonly count?: number;
  /** Epoch ms of the episode's last response. */
  readonly lastAt?: number;
  /** Of the response; of an error inside a success the one that it names, if any. */
  readonly status: number;
  readonly cause: RefusalCause;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** The limit's subject, in the server's words: `api`, `repository commits`, `tokens per minute`. */
  readonly scope?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly windowSeconds?: number;
  /** Epoch ms; undefined: the server named no time. */
  readonly resetsAt?: number;
  readonly billedTo?: string;
  readonly model?: string;
  readonly source: RefusalSource;
  /** The refused program, from a watcher: command line, debug session or notebook cell, without secrets. */
  readonly program?: string;
  /** The server's own words, at most 500 characters, secrets redacted. */
  readonly message: string;
  /** Headers about limits, names in lower case, secrets redacted; undefined: not seen. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Epoch ms of the last response. */
export function lastOf({ at, lastAt }: Pick<Refusal, 'at' | 'lastAt'>): number {
  return lastAt ?? at;
}

export function countOf({ count }: Pick<Refusal, 'count'>): number {
  return count ?? 1;
}

/** Undefined for `unknown`. */
export function known<Name extends string>(name: Name): Name | undefined {
  return name === 'unknown' ? undefined : name;
}

/** Read out of what a program printed: it tells no more than the program's words. */
export function isPrinted(source: RefusalSource): boolean {
  return source === 'terminal' || source === 'debug-console' || source === 'notebook';
}

export interface ResponseFacts extends ResponseParts {
  readonly source: RefusalSource;
  readonly billedTo?: string;
}

/**
 * The refusal in a response; undefined when no limit declined the work. A wrong token and a missing
 * permission, also that to bill an organization, are no limits. Never throws, and never invents a reset.
 */
export function classifyRefusal(response: ResponseFacts): Refusal | undefined {
  if (response.status === 200) {
    const body = response.bodyText ?? '';
    if (!/^\s*[[{]/.test(body.slice(0, 64)) || !body.slice(0, 8192).includes('"error"')) return undefined;
    const words = wordsOf(body);
    return words.failed ? refusalIn(response, words) : undefined;
  }
  return rulesByStatus.has(response.status) ? refusalIn(response) : undefined;
}

/**
 * The refusal in an error event of a stream that began as a success.
 * @param event its `data`, or the whole event
 */
export function classifyStreamError(
  response: Omit<ResponseFacts, 'bodyText'>,
  event: string,
): Refusal | undefined {
  const { data, failed } = readEvent(event.slice(0, 16_384));
  const words = wordsOf(data);
  // a model's own words may be about limits, too
  return failed || words.failed ? refusalIn({ ...response, status: 200 }, words) : undefined;
}

function refusalIn(facts: ResponseFacts, words?: Words): Refusal | undefined {
  const response = readErrorResponse(facts, words);
  for (const { rule, pattern } of rulesByStatus.get(response.status) ?? []) {
    if (pattern && !pattern.test(response.words)) continue;
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

function refusalOf(facts: ResponseFacts, response: ErrorResponse, match: RuleMatch): Refusal {
  const { scope, limit, remaining, windowSeconds, resetsAt } = match;
  const { billedTo = match.billedTo, model = match.model } = facts;
  const by = response.partner ?? match.by ?? response.answeredBy;
  return {
    at: facts.at,
    status: response.status,
    cause: match.cause,
    by: (by && providerId(by)) ?? 'unknown',
    scope: scope && redact(scope).slice(0, mostScopeChars),
    limit,
    remaining,
    windowSeconds,
    resetsAt,
    billedTo,
    model: model && redactKeys(firstPart(model, mostNameChars), '…'),
    source: facts.source,
    message: redact(response.text).slice(0, mostMessageChars).toWellFormed(),
    // made from the program's words: no server sent them
    headers: isPrinted(facts.source) ? undefined : keptHeaders(facts.headers),
  };
}
