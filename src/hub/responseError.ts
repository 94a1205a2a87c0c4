import { knownTime, parseRateLimitHeaders } from '../limits/headers/rateLimit.ts';
import { parseRetryAfter } from '../limits/headers/retryAfter.ts';
import { redact } from '../limits/refusals/redact.ts';
import { HubError, type HubErrorDetails, type HubErrorKind } from './hubError.ts';

/** A response without its body. */
export interface ResponseHead {
  /** Epoch ms of arrival. */
  readonly at: number;
  /** Of the request; default: GET. */
  readonly method?: 'GET' | 'POST';
  /** Origin and path. */
  readonly url: string;
  readonly status: number;
  /** Lower-case names; repeated ones joined with a comma; no cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** The server's clock minus ours in ms, to about a second; undefined without a `Date`. */
  readonly clockSkewMs?: number;
}

/** The error of a response with status 300 or more. */
export function responseError(head: ResponseHead, bodyText: string): HubError {
  const kind = kindOf(head);
  const words = hubWords(head.headers, bodyText);
  const details: HubErrorDetails = {
    status: head.status,
    words,
    retryAt: kind === 'rate-limited' ? retryAt(head) : undefined,
  };
  return new HubError(kind, redact(sentence(head, kind, words)), details);
}

export function callText({ method = 'GET', url }: ResponseHead): string {
  return `${method} ${url}`;
}

/** HF's own words in a body or header: at most 500 characters, secrets redacted. */
export function hubWords(headers: ResponseHead['headers'], bodyText: string): string | undefined {
  const words = wordsOfBody(headers, bodyText) ?? headers['x-error-message'];
  return words?.trim() ? redact(words.trim()).slice(0, 500) : undefined;
}

export function mediaType(headers: ResponseHead['headers']): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

function kindOf({ status, headers }: ResponseHead): HubErrorKind {
  if (status < 400) return 'redirected';
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'server-error';
  // Hugging Face sends JSON with an id here. A page comes from a captive portal or a company's proxy, and
  // says nothing about the token.
  if (mediaType(headers) === 'text/html' && !headers['x-request-id'] && !headers['x-error-message']) {
    return 'not-json';
  }
  return kinds[status] ?? 'rejected';
}

const kinds: Readonly<Record<number, HubErrorKind>> = {
  401: 'invalid-token',
  402: 'payment-required',
  403: 'missing-permission',
  404: 'not-found',
};

function sentence(head: ResponseHead, kind: HubErrorKind, words: string | undefined): string {
  const call = callText(head);
  if (kind === 'redirected') {
    const { location } = head.headers;
    const target =
      location && URL.canParse(location, head.url) ? new URL(location, head.url).origin : 'nowhere';
    return `${call} was redirected to ${target}, which Headroom does not follow`;
  }
  return `${call} answered ${head.status}${words ? `: ${words}` : ''}`;
}

function retryAt({ at, headers, clockSkewMs = 0 }: ResponseHead): number | undefined {
  // A 429 with requests left in the window is an action limit, which Retry-After reports.
  const windows = parseRateLimitHeaders(headers.ratelimit, headers['ratelimit-policy'], at);
  const exhausted = windows.find(window => window.remaining === 0);
  if (exhausted?.resetsAt !== undefined) return exhausted.resetsAt;
  const retryAfter = headers['retry-after'];
  if (retryAfter === undefined) return undefined;
  const time = parseRetryAfter(retryAfter, at);
  // A date is on the server's clock; ours may be an hour off.
  return time !== undefined && /[a-z]/i.test(retryAfter) ? knownTime(time - clockSkewMs, at) : time;
}

function wordsOfBody(headers: ResponseHead['headers'], bodyText: string): string | undefined {
  if (mediaType(headers) === 'text/plain') return bodyText;
  let body: unknown;
  try {
    body = JSON.parse(bodyText);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, detail, message } = body as Record<string, unknown>;
  const nested =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  return [error, nested, detail, message].find(value => typeof value === 'string');
}
