import { type HeaderBag, headerValue, indexed } from '../headers/headers.ts';
import { parseRateLimitHeaders, type RateWindow } from '../headers/rateLimit.ts';
import { parseRetryAfter } from '../headers/retryAfter.ts';
import { answeredBy } from './answeredBy.ts';
import { type Words, wordsOf } from './answerWords.ts';
import { libraryWindow } from './libraryWindow.ts';
import { type Address, addressOf } from './requestAddress.ts';

/** What the rules look at: a response with its body's words taken out. */
export interface Answer {
  /** For an error inside a success, the one that the error names, else 200. */
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
  /** `huggingface`, a provider's id, or undefined when nothing tells. */
  readonly answeredBy?: string;
  /** From the headers, else as the library that printed the refusal read them. */
  readonly windows: readonly RateWindow[];
  /** Epoch ms, from `Retry-After` or a field of that name in the body. */
  readonly retryAt?: number;
  header(name: string): string | undefined;
}

/** The parts of a response that an answer is made of. */
export interface AnswerSource {
  readonly status: number;
  readonly headers: HeaderBag;
  readonly bodyText?: string;
  readonly url: string;
  readonly at: number;
  readonly answeredBy?: string;
  readonly model?: string;
}

/** `words`: those of the body, when the caller has read them. */
export function readAnswer(response: AnswerSource, words: Words = wordsOf(response.bodyText ?? '')): Answer {
  const { at, status } = response;
  const headers = indexed(response.headers);
  const header = (name: string) => headerValue(headers, name);
  const code = words.code ?? header('x-error-code');
  const { type } = words;
  const text = words.text || header('x-error-message')?.slice(0, 2048) || '';
  const address = addressOf(response.url, text);
  const windows = parseRateLimitHeaders(headers, at);
  const printed = windows.length === 0 ? libraryWindow(text, at) : undefined;
  return {
    status: status === 200 ? (words.status ?? status) : status,
    text,
    code,
    type,
    words: (type ?? code) === undefined ? text.toLowerCase() : `${text} ${type} ${code}`.toLowerCase(),
    at,
    address,
    answeredBy: response.answeredBy ?? answeredBy(headers, address, response.model),
    windows: printed ? [printed] : windows,
    retryAt: parseRetryAfter(header('retry-after'), at) ?? parseRetryAfter(words.retryAfter, at),
    header,
  };
}
