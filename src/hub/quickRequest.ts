import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { ChunkedUpload } from './chunkedUpload.ts';
import { badValue, token } from './fieldSyntax.ts';
import type { TrailedOptions } from './trailers.ts';

const badPath = /[^\x21-\x7e\x80-\xff]/;
/** What decides where a message ends, or is undici's own to write. */
const undicis =
  /^(?:connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

const undicisLengths: ReadonlySet<number> = new Set([2, 4, 6, 7, 10, 14, 17]);

/** A request that is written in one go, or in chunks. */
export interface QuickRequest {
  readonly method: NonNullable<Dispatcher.DispatchOptions['method']>;
  /** Latin-1, to the empty line. */
  readonly head: string;
  readonly body: Buffer | undefined;
  /** The body, when it goes out in chunks. */
  readonly upload: ChunkedUpload | undefined;
}

export function isQuick(options: TrailedOptions, handler: Dispatcher.DispatchHandler): boolean {
  const { body, method, headersTimeout, bodyTimeout, upgrade, query, trailers } = options;
  return (
    (body === null || (Buffer.isBuffer(body) && body.length > 0) || trailers !== undefined) &&
    headersTimeout === 0 &&
    bodyTimeout === 0 &&
    !upgrade &&
    query === undefined &&
    method !== 'CONNECT' &&
    handler.onHeaders !== undefined &&
    handler.onRequestStart === undefined
  );
}

/** Undefined when undici had better look at it. */
export function quickRequest(options: TrailedOptions, host: string): QuickRequest | undefined {
  const { method, body, trailers } = options;
  const head = headOf(options, host);
  if (head === undefined) return undefined;
  if (trailers === undefined) {
    return { method, head, body: (body as Buffer | null) ?? undefined, upload: undefined };
  }
  if (!Buffer.isBuffer(body) && !(body instanceof Readable)) return undefined;
  return { method, head, body: undefined, upload: new ChunkedUpload(body, trailers) };
}

function headOf(options: TrailedOptions, host: string): string | undefined {
  const { method, path, body, trailers } = options;
  const headers = trailers === undefined ? options.headers : listOf(options.headers, host);
  if (!Array.isArray(headers) || badPath.test(path) || !path.startsWith('/') || !token.test(method)) {
    return undefined;
  }
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  // looked at together, since a regular expression for each of ten headers takes as long as all the rest here
  let names = '';
  let values = '';
  for (let index = 0; index < headers.length; index += 2) {
    const name: unknown = headers[index];
    const value: unknown = headers[index + 1];
    if (typeof name !== 'string' || typeof value !== 'string' || name === '') return undefined;
    if (undicisLengths.has(name.length) && undicis.test(name)) return undefined;
    names += name;
    values += value;
    head += `${name}: ${value}\r\n`;
  }
  if ((names !== '' && !token.test(names)) || badValue.test(values)) return undefined;
  if (trailers !== undefined) head += `trailer: ${trailers.announced}\r\ntransfer-encoding: chunked\r\n`;
  else if (Buffer.isBuffer(body)) head += `content-length: ${body.length}\r\n`;
  else if (method === 'POST' || method === 'PUT' || method === 'PATCH') head += 'content-length: 0\r\n';
  return `${head}\r\n`;
}

/** Undici's agents for proxies make an object of the headers, and add the host. */
function listOf(headers: TrailedOptions['headers'], host: string): unknown {
  if (!headers || Symbol.iterator in headers) return headers;
  return Object.entries(headers)
    .filter(([name, value]) => name !== 'host' || value !== host)
    .flat();
}
