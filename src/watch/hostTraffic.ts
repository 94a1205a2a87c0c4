import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { HeaderBag } from '../limits/headers/headers.ts';
import { classifyRefusal } from '../limits/refusals/refusal.ts';
import { textOfBody } from './responseBody.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';

/** Statuses that the classifier looks at. */
const refused = new Set([400, 402, 403, 409, 412, 413, 422, 429, 500, 503, 529]);
const mostBody = 8192;
/** A program may never read the body. */
const patienceMs = 1_000;
/** A storm of refusals with unread bodies must not fill the memory. */
const mostPending = 100;

interface Pending {
  readonly url: string;
  readonly status: number;
  readonly headers: HeaderBag;
  readonly chunks: Uint8Array[];
  length: number;
  readonly patience: Watch;
}

/**
 * Refusals of this process's requests by `fetch`, undici or `node:http`: in an extension host those of all
 * extensions. Only of servers that `nameServer` knows. A body is seen when it comes through undici and its
 * reader takes it.
 * @param ownAgent start of the user agent of Headroom's own calls, which are recorded elsewhere
 */
export function watchHostTraffic(
  surroundings: WatchSurroundings,
  ownAgent: string,
  seen: SeenListener,
): Watch {
  const pending = new Map<object, Pending>();

  const report = (url: string, status: number, headers: HeaderBag, bodyText?: string): void => {
    const server = surroundings.nameServer(url);
    if (!server) return;
    const at = surroundings.now();
    const refusal = classifyRefusal({ ...server, status, headers, bodyText, at, source: 'host' });
    if (refusal) seen(refusal);
  };

  const settle = (request: object): void => {
    const waiting = pending.get(request);
    if (!waiting) return;
    pending.delete(request);
    waiting.patience.dispose();
    const { url, status, headers, chunks } = waiting;
    report(url, status, headers, textOfBody(headers, chunks));
  };

  const onUndiciHeaders = (message: unknown): void => {
    const { request, response } = message as UndiciMessage;
    const status = response?.statusCode ?? 0;
    if (!refused.has(status) || pending.size >= mostPending) return;
    const url = `${String(request.origin)}${request.path}`;
    if (!surroundings.nameServer(url) || agentOf(request.headers).startsWith(ownAgent)) return;
    const patience = surroundings.later(() => settle(request), patienceMs);
    const headers = bagOf(response?.headers ?? []);
    pending.set(request, { url, status, headers, chunks: [], length: 0, patience });
  };
  const onUndiciChunk = (message: unknown): void => {
    const { request, chunk } = message as UndiciMessage;
    const waiting = pending.get(request);
    if (!waiting || !chunk || waiting.length >= mostBody) return;
    // the reader may reuse the memory
    waiting.chunks.push(Uint8Array.from(chunk.subarray(0, mostBody - waiting.length)));
    waiting.length += chunk.length;
  };
  const onUndiciEnd = (message: unknown): void => settle((message as UndiciMessage).request);
  const onNodeResponse = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const status = response.statusCode ?? 0;
    if (!refused.has(status)) return;
    if (String(request.getHeader('user-agent') ?? '').startsWith(ownAgent)) return;
    const host = String(request.getHeader('host') ?? request.host);
    report(`${request.protocol}//${host}${request.path}`, status, response.headers);
  };

  const listeners = Object.entries({
    'undici:request:headers': quietly(onUndiciHeaders),
    'undici:request:bodyChunkReceived': quietly(onUndiciChunk),
    'undici:request:trailers': quietly(onUndiciEnd),
    'undici:request:error': quietly(onUndiciEnd),
    'http.client.response.finish': quietly(onNodeResponse),
  });
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  return {
    dispose() {
      for (const [channel, listener] of listeners) unsubscribe(channel, listener);
      for (const { patience } of pending.values()) patience.dispose();
      pending.clear();
    },
  };
}

/** The messages of undici 5 to 8. */
interface UndiciMessage {
  readonly request: {
    readonly origin?: unknown;
    readonly path?: string;
    /** Names and values in turn, or lines. */
    readonly headers?: readonly string[] | string;
  };
  readonly response?: { readonly statusCode?: number; readonly headers?: readonly unknown[] };
  readonly chunk?: Uint8Array;
}

/** A listener that throws, on a message of an unexpected shape, would end the process. */
function quietly(listener: (message: unknown) => void): (message: unknown) => void {
  return message => {
    try {
      listener(message);
    } catch {
      // not recorded
    }
  };
}

function agentOf(headers: UndiciMessage['request']['headers'] = []): string {
  if (typeof headers === 'string') return /^user-agent: (.*)$/im.exec(headers)?.[1] ?? '';
  const at = headers.findIndex(
    (name, index) => index % 2 === 0 && String(name).toLowerCase() === 'user-agent',
  );
  return at < 0 ? '' : String(headers[at + 1]);
}

/** Names and values in turn, as bytes. */
function bagOf(headers: readonly unknown[]): Record<string, string> {
  const bag: Record<string, string> = {};
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = String(headers[index]).toLowerCase();
    const value = String(headers[index + 1]);
    bag[name] = bag[name] === undefined ? value : `${bag[name]}, ${value}`;
  }
  return bag;
}
