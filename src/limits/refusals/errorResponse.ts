import { type HeaderBag, headerValue, indexed } from '../headers/headers.ts';
import { parseRateLimitHeaders, type RateWindow } from '../headers/rateLimit.ts';
import { parseRetryAfter } from '../headers/retryAfter.ts';
import { answeredBy, partnerIn } from './answeredBy.ts';
import { printedRateLimit } from './printedRateLimit.ts';
import { firstPart } from './redact.ts';
import { type Address, addressOf } from './requestAddress.ts';
import { mostText, type Words, wordsOf } from './responseWords.ts';

/** A response as the rules read it, with the words of its body. */
export interface ErrorResponse {
  /** Of an error inside a success the status that it names, else 200. */
  readonly status: number;
  /** The server's words, not yet redacted; empty when it had none. */
  readonly text: string;
  readonly code?: string;
  readonly type?: string;
  /** Text, type and code, in lower case. */
  readonly words: string;
  /** Epoch ms. */
  readonly at: number;
  /** Of the request; its parts are empty when unknown. */
  readonly address: Address;
  /** `huggingface` or a provider's id; undefined: not known. */
  readonly answeredBy?: string;
  /** The partner whose words these are, even where they sound like HF's. */
  readonly partner?: string;
  /** Through HF's router. */
  readonly isRouted: boolean;
  /** From the headers, else from the words of the library that printed the refusal. */
  readonly windows: readonly RateWindow[];
  /** Epoch ms, from `Retry-After` or a field of that name in the body. */
  readonly retryAt?: number;
  readonly headers: HeaderBag;
}

/** The facts of a response, from the gateway, Headroom's own calls or a watcher. */
export interface ResponseParts {
  readonly status: number;
  readonly headers: HeaderBag;
  /** Undefined: not read. */
  readonly bodyText?: string;
  readonly url: string;
  /** Epoch ms. */
  readonly at: number;
  /** `huggingface` or a provider's id, if the caller knows the server of this address. */
  readonly answeredBy?: string;
  /** The provider that answered, if the caller knows; default: as the headers say. */
  readonly partner?: string;
  /** Through HF's router; default: as the address says. */
  readonly isRouted?: boolean;
  readonly model?: string;
}

/** @param words of the body, when the caller has read them */
export function readErrorResponse(
  response: ResponseParts,
  words: Words = wordsOf(response.bodyText ?? ''),
): ErrorResponse {
  const { at, status } = response;
  const headers = indexed(response.headers);
  const code = words.code ?? headerValue(headers, 'x-error-code');
  const { type } = words;
  const text = words.text || firstPart(headerValue(headers, 'x-error-message') ?? '', mostText);
  const address = addressOf(response.url, text);
  return {
    status: status === 200 ? (words.status ?? status) : status,
    text,
    code,
    type,
    words: (type ?? code) === undefined ? text.toLowerCase() : `${text} ${type} ${code}`.toLowerCase(),
    at,
    address,
    answeredBy: response.answeredBy ?? answeredBy(headers, address, response.model),
    partner: response.partner ?? partnerIn(headers),
    isRouted: response.isRouted ?? address.host === 'router.huggingface.co',
    windows: windowsOf(headers, text, at),
    retryAt:
      parseRetryAfter(headerValue(headers, 'retry-after'), at) ?? parseRetryAfter(words.retryAfter, at),
    headers,
  };
}

function windowsOf(headers: HeaderBag, text: string, at: number): RateWindow[] {
  const limit = headerValue(headers, 'ratelimit');
  const windows = parseRateLimitHeaders(limit, headerValue(headers, 'ratelimit-policy'), at);
  if (windows.length > 0 || !text.includes("' rate limit.")) return windows;
  const printed = printedRateLimit(text);
  return parseRateLimitHeaders(printed?.ratelimit, printed?.['ratelimit-policy'], at);
}
