import { type Dispatcher, request } from 'undici';
import { redact } from '../limits/refusals/redact.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { createDispatcher, type DispatcherOptions, keepAliveMs } from './dispatcher.ts';
import { HubError } from './hubError.ts';
import { codeOf, networkError } from './networkError.ts';
import { hubWords, mediaType, type ResponseHead, responseError } from './responseError.ts';

export interface HttpOptions extends DispatcherOptions {
  readonly userAgent: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** The tap: every response that came, refused ones and streams included. Must not throw. */
  readonly onResponse?: (response: SeenResponse) => void;
}

export interface SeenResponse extends ResponseHead {
  readonly method: 'GET';
  /** Only when status ≥ 400: at most 4 KiB, secrets redacted. */
  readonly bodyText?: string;
  readonly hadToken: boolean;
  /** As in the request. */
  readonly aside?: boolean;
}

export interface HubRequest {
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** For the whole exchange; of a stream, until its head. Default 10 s. */
  readonly timeoutMs?: number;
  /** Default `application/json`. */
  readonly accept?: string;
  /** The token is not the watched account's: what the headers tell of limits is somebody else's. */
  readonly aside?: boolean;
  /** The server is not Hugging Face's, and the answer tells nothing of its limits or its clock: no tap. */
  readonly untapped?: boolean;
}

export interface HubStream {
  readonly head: ResponseHead;
  /** Ends with a HubError when the connection breaks. Leaving the loop closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** GET requests to Hugging Face. Every failure is a HubError. Redirects are never followed. */
export interface Http {
  readonly now: () => number;
  /** The parsed body of a 2xx answer; at most 4 MiB. */
  getJson(url: string, request?: HubRequest): Promise<unknown>;
  /** A 2xx answer of the media type `accept`, unread. */
  openStream(url: string, request: HubRequest & { readonly accept: string }): Promise<HubStream>;
  /** Ends what is in flight as `aborted`. */
  close(): Promise<void>;
}

const maxBodyBytes = 4 * 1024 * 1024;
const maxErrorBodyBytes = 64 * 1024;
const maxTapChars = 4 * 1024;

interface Exchange extends HubStream {
  /** Closes the connection of a body that nobody will read. */
  discard(): void;
}

export function createHttp(options: HttpOptions): Http {
  const { now } = options;
  let dispatcher: Dispatcher | undefined;
  const closing = new AbortController();
  const answeredAt = new Map<string, number>();

  async function send(
    url: URL,
    hubRequest: HubRequest,
    deadline: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    dispatcher ??= createDispatcher(options);
    const authorization = hubRequest.token === undefined ? {} : { authorization: bearer(hubRequest.token) };
    return await request(url, {
      dispatcher,
      signal: deadline.signal,
      // The deadline rules: undici's own limits of 300 s would only outlive it, and end a quiet stream.
      headersTimeout: 0,
      bodyTimeout: 0,
      headers: {
        accept: hubRequest.accept ?? 'application/json',
        'user-agent': options.userAgent,
        ...authorization,
      },
    });
  }

  /** A server may close an idle connection at the moment of its reuse; nothing was answered, so ask once more. */
  async function sendAgainAfterReset(
    url: URL,
    hubRequest: HubRequest,
    deadline: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    const mayBePooled = now() - (answeredAt.get(url.origin) ?? Number.NEGATIVE_INFINITY) < keepAliveMs;
    try {
      return await send(url, hubRequest, deadline);
    } catch (error) {
      if (!mayBePooled || deadline.ended || !resetCodes.has(codeOf(error) ?? '')) throw error;
      return await send(url, hubRequest, deadline);
    }
  }

  async function exchange(url: URL, hubRequest: HubRequest, deadline: Deadline): Promise<Exchange> {
    const shownUrl = url.origin + url.pathname;
    const early = deadlineError(shownUrl, deadline);
    if (early) throw early;
    let response: Dispatcher.ResponseData;
    try {
      response = await sendAgainAfterReset(url, hubRequest, deadline);
    } catch (error) {
      throw deadlineError(shownUrl, deadline) ?? networkError(shownUrl, error, false);
    }
    const at = now();
    answeredAt.set(url.origin, at);
    const headers = flatten(response.headers);
    const date = Date.parse(headers.date ?? '');
    const clockSkewMs = Number.isNaN(date) ? undefined : date - at;
    const head: ResponseHead = { at, url: shownUrl, status: response.statusCode, headers, clockSkewMs };
    const body = guarded(response.body, shownUrl, deadline);
    const { token, aside, untapped } = hubRequest;
    const onResponse = untapped ? undefined : options.onResponse;
    const seen = { ...head, method: 'GET', hadToken: token !== undefined, aside } as const;
    if (head.status < 300) {
      onResponse?.(seen);
      return { head, body, discard: () => response.body.on('error', () => {}).destroy() };
    }
    // The status says enough: a broken error body changes nothing.
    const { text } = await readText(body, maxErrorBodyBytes).catch(() => ({ text: '' }));
    const bodyText = head.status >= 400 ? redact(text.slice(0, maxTapChars)) : undefined;
    onResponse?.({ ...seen, bodyText });
    throw deadlineError(shownUrl, deadline, 'aborted') ?? responseError(head, text);
  }

  return {
    now,
    async getJson(url, hubRequest = {}) {
      const deadline = startDeadline(hubRequest.timeoutMs ?? 10_000, hubRequest.signal, closing.signal);
      try {
        const { head, body, discard } = await exchange(new URL(url), hubRequest, deadline);
        if (!isJson(head.headers)) {
          discard();
          throw notJson(head, 'application/json');
        }
        const { text, overflow } = await readText(body, maxBodyBytes);
        if (overflow) throw new HubError('too-large', `GET ${head.url} answered with more than 4 MiB`);
        return parseJson(head, text);
      } finally {
        deadline.dispose();
      }
    },
    async openStream(url, hubRequest) {
      const deadline = startDeadline(hubRequest.timeoutMs ?? 10_000, hubRequest.signal, closing.signal);
      try {
        const { head, body, discard } = await exchange(new URL(url), hubRequest, deadline);
        if (mediaType(head.headers) !== hubRequest.accept) {
          discard();
          throw notJson(head, hubRequest.accept);
        }
        deadline.stopClock();
        return { head, body };
      } catch (error) {
        deadline.dispose();
        throw error;
      }
    },
    async close() {
      // Destroying alone leaves a request pending whose connection is just being made.
      closing.abort();
      await dispatcher?.destroy();
    },
  };
}

const resetCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function bearer(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new HubError('invalid-token', 'The token contains characters that no token of Hugging Face has');
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
  url: string,
  deadline: Deadline,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } catch (error) {
    throw deadlineError(url, deadline) ?? networkError(url, error, true);
  } finally {
    deadline.dispose();
  }
}

async function readText(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ text: string; overflow: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return { text, overflow: true };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), overflow: false };
}

function parseJson(head: ResponseHead, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // A server that ends a body early without a length leaves no other trace than JSON without its end.
    // The parser's message quotes the body, so it is not kept as the cause.
    throw cause instanceof Error && /end of JSON|Unterminated/.test(cause.message)
      ? new HubError('truncated', `GET ${head.url} answered with half a body`, { status: head.status })
      : new HubError('not-json', `GET ${head.url} answered with malformed JSON`, { status: head.status });
  }
  // No result has an `error`; refusals with status 200 were reported.
  if (typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'string') {
    const words = hubWords(head.headers, text);
    throw new HubError('rejected', `GET ${head.url} answered ${head.status}, but: ${words}`, {
      status: head.status,
      words,
      requestId: head.headers['x-request-id'],
    });
  }
  return value;
}

function isJson(headers: ResponseHead['headers']): boolean {
  return /^application\/(.+\+)?json$/.test(mediaType(headers));
}

function notJson(head: ResponseHead, expected: string): HubError {
  const received = mediaType(head.headers) || 'no content type';
  return new HubError('not-json', `GET ${head.url} answered with ${received} instead of ${expected}`, {
    status: head.status,
  });
}

function deadlineError(url: string, deadline: Deadline, only?: 'aborted'): HubError | undefined {
  if (!deadline.ended || (only && deadline.ended !== only)) return undefined;
  return deadline.ended === 'timeout'
    ? new HubError('timeout', `GET ${url} was not answered in time`)
    : new HubError('aborted', `GET ${url} was cancelled`);
}
