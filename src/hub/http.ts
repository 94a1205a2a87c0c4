import { type Dispatcher, request } from 'undici';
import { mostClockSkewMs } from '../limits/bounds.ts';
import { firstPart, redact } from '../limits/refusals/redact.ts';
import { createDispatcher, type DispatcherOptions, keepAliveMs } from './dispatcher.ts';
import { HubError } from './hubError.ts';
import { type Call, codeOf, networkError } from './networkError.ts';
import { isAccepted, jsonType, readJson, readText, unexpectedType } from './responseBody.ts';
import { type ResponseHead, responseError } from './responseError.ts';
import type { Servers } from './servers.ts';

export interface HttpOptions extends DispatcherOptions {
  readonly userAgent: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Called for every response, refused ones and streams included. Must not throw. */
  readonly onResponse?: (response: SeenResponse) => void;
}

export interface SeenResponse extends ResponseHead {
  /** Only when status ≥ 400: at most 4 KiB, secrets redacted. */
  readonly bodyText?: string;
  /** As in the request. */
  readonly aside?: boolean;
  readonly isProbe?: boolean;
}

export interface HubRequest {
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** For the whole exchange. Default 10 s. */
  readonly timeoutMs?: number;
  /** The token is not the shown account's: neither are the limits in the headers. */
  readonly aside?: boolean;
  /** Asks for a feature that many accounts lack: an answer of 401 to 404 refuses no work. */
  readonly isProbe?: boolean;
  /** Not a server of Hugging Face: `onResponse` is not called. */
  readonly untapped?: boolean;
}

/** One token's access to Hugging Face. */
export interface HubAccess {
  readonly http: Http;
  readonly servers: Servers;
  readonly token: string;
  readonly signal?: AbortSignal;
}

export interface StreamRequest extends Omit<HubRequest, 'timeoutMs'> {
  /** Default: GET. */
  readonly method?: 'POST';
  /** Ends the exchange; its only time limit. */
  readonly signal: AbortSignal;
  /** The media type, or `anyType`. */
  readonly accept: string;
}

export interface HubStream {
  readonly head: ResponseHead;
  /** Ends with a HubError when the connection breaks. Leaving the loop closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Requests to Hugging Face. Every failure is a HubError: `timeout` when a signal aborts with a
 * `TimeoutError`, as `AbortSignal.timeout` does, else `aborted`. Redirects are never followed.
 */
export interface Http {
  readonly now: () => number;
  /** The parsed body of a 2xx response; at most 4 MiB. */
  getJson(url: string, request?: HubRequest): Promise<unknown>;
  /** The same for a POST without a body. It is never sent twice: the first one may have been executed. */
  postJson(url: string, request?: HubRequest): Promise<unknown>;
  /** A 2xx response of the media type `accept`, unread. */
  openStream(url: string, request: StreamRequest): Promise<HubStream>;
  /** Aborts all requests. */
  close(): Promise<void>;
}

const maxErrorBodyBytes = 64 * 1024;
const maxReportedChars = 4 * 1024;

export function createHttp(options: HttpOptions): Http {
  const { now } = options;
  let dispatcher: Dispatcher | undefined;
  const closing = new AbortController();
  const answeredAt = new Map<string, number>();

  async function send(url: URL, outgoing: StreamRequest): Promise<Dispatcher.ResponseData> {
    dispatcher ??= createDispatcher(options);
    const { token, accept, signal, method = 'GET' } = outgoing;
    return await request(url, {
      dispatcher,
      method,
      signal,
      // The signal is the time limit; undici's own of 300 s would end a quiet stream.
      headersTimeout: 0,
      bodyTimeout: 0,
      headers: {
        accept,
        'user-agent': options.userAgent,
        ...(token !== undefined && { authorization: bearer(token) }),
      },
    });
  }

  /** Sends once more when the server closed a reused connection without any response. */
  async function sendAgainAfterReset(url: URL, outgoing: StreamRequest): Promise<Dispatcher.ResponseData> {
    if (outgoing.method === 'POST') return await send(url, outgoing);
    const mayBePooled = now() - (answeredAt.get(url.origin) ?? Number.NEGATIVE_INFINITY) < keepAliveMs;
    try {
      return await send(url, outgoing);
    } catch (error) {
      if (!mayBePooled || outgoing.signal.aborted || !resetCodes.has(codeOf(error) ?? '')) throw error;
      return await send(url, outgoing);
    }
  }

  async function exchange(url: URL, outgoing: StreamRequest): Promise<HubStream> {
    const shownUrl = url.origin + url.pathname;
    const { aside, isProbe, untapped, signal, method = 'GET' } = outgoing;
    const call: Call = { method, url: shownUrl };
    let response: Dispatcher.ResponseData;
    try {
      response = await sendAgainAfterReset(url, outgoing);
    } catch (error) {
      throw abortError(call, signal) ?? networkError(call, error, false);
    }
    const at = now();
    answeredAt.set(url.origin, at);
    const headers = flatten(response.headers);
    const clockSkewMs = clockSkewOf(headers.date, at);
    const head: ResponseHead = { ...call, at, status: response.statusCode, headers, clockSkewMs };
    const body = guarded(response.body, call, signal);
    const onResponse = untapped ? undefined : options.onResponse;
    const seen: SeenResponse = { ...head, aside, isProbe };
    if (head.status < 300) {
      onResponse?.(seen);
      if (isAccepted(head, outgoing.accept)) return { head, body };
      response.body.on('error', () => {}).destroy();
      throw unexpectedType(head, outgoing.accept);
    }
    // The status says enough: a broken error body changes nothing.
    const { text } = await readText(body, maxErrorBodyBytes).catch(() => ({ text: '' }));
    const bodyText = head.status >= 400 ? redact(firstPart(text, maxReportedChars)) : undefined;
    onResponse?.({ ...seen, bodyText });
    const aborted = abortError(call, signal);
    throw aborted?.kind === 'aborted' ? aborted : responseError(head, text);
  }

  async function json(
    url: string,
    { timeoutMs = 10_000, signal, ...rest }: HubRequest = {},
    method?: 'POST',
  ): Promise<unknown> {
    const signals = [AbortSignal.timeout(timeoutMs), closing.signal, ...(signal ? [signal] : [])];
    const outgoing = { ...rest, method, accept: jsonType, signal: AbortSignal.any(signals) };
    const { head, body } = await exchange(new URL(url), outgoing);
    return await readJson(head, body);
  }

  return {
    now,
    getJson: (url, request) => json(url, request),
    postJson: (url, request) => json(url, request, 'POST'),
    async openStream(url, { signal, ...rest }) {
      return await exchange(new URL(url), { ...rest, signal: AbortSignal.any([closing.signal, signal]) });
    },
    async close() {
      // Destroying alone leaves a request pending while its connection is being made.
      closing.abort();
      await dispatcher?.destroy();
    },
  };
}

const resetCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The server's clock minus ours, from its `Date`; undefined when that is missing or not believed. */
export function clockSkewOf(date: string | undefined, at: number): number | undefined {
  const skewMs = Date.parse(date ?? '') - at;
  return Math.abs(skewMs) <= mostClockSkewMs ? skewMs : undefined;
}

function bearer(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new HubError('invalid-token', 'The token contains characters that no Hugging Face token has');
  }
  return `Bearer ${token}`;
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== 'set-cookie')
      flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function* guarded(
  body: AsyncIterable<Uint8Array>,
  call: Call,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } catch (error) {
    throw abortError(call, signal) ?? networkError(call, error, true);
  }
}

function abortError({ method, url }: Call, signal: AbortSignal): HubError | undefined {
  if (!signal.aborted) return undefined;
  return isTimeout(signal)
    ? new HubError('timeout', `${method} ${url} was not answered in time`)
    : new HubError('aborted', `${method} ${url} was cancelled`);
}

/** True after an `AbortSignal.timeout`, alone or among others. */
export function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
