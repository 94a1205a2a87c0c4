import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGzip, type Gzip, gzipSync } from 'node:zlib';
import { type Fault, spoil } from './faults.ts';

export type Headers = Record<string, string | number | undefined>;

/** The one way to answer: default headers on everything, and faults applied to the bytes. */
export class Reply {
  readonly headers: Headers = { 'x-request-id': `Root=1-${randomUUID().slice(0, 8)};${randomUUID()}` };
  readonly #response: ServerResponse;
  readonly #fault: Fault | undefined;
  /** `{error: …}` becomes a page when the caller asked for HTML. */
  readonly #wantsHtml: boolean;
  readonly #gzips: boolean;

  constructor(response: ServerResponse, fault: Fault | undefined, wantsHtml: boolean, gzips: boolean) {
    this.#response = response;
    this.#fault = fault;
    this.#wantsHtml = wantsHtml;
    this.#gzips = gzips;
  }

  /** Aborted when the answer is over, or its reader gone. */
  get closed(): AbortSignal {
    const closed = new AbortController();
    this.onClose(() => closed.abort());
    return closed.signal;
  }

  onClose(listener: () => void): void {
    if (this.#response.closed) listener();
    else this.#response.once('close', listener);
  }

  json(status: number, value: unknown, headers: Headers = {}): void {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    this.bytes(status, Buffer.from(JSON.stringify(value)), { ...type, ...headers });
  }

  html(status: number, page: string, headers: Headers = {}): void {
    this.bytes(status, Buffer.from(page), { 'content-type': 'text/html; charset=utf-8', ...headers });
  }

  /** HF's error: the same text in the body and in X-Error-Message. */
  error(status: number, message: string, code?: string, headers: Headers = {}): void {
    const all = { 'x-error-message': headerValue(message), 'x-error-code': code, ...headers };
    if (this.#wantsHtml) {
      const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      this.html(status, `<!DOCTYPE html><html><body><h1>${status}</h1><p>${text}</p></body></html>`, all);
    } else this.json(status, { error: message }, all);
  }

  bytes(status: number, body: Buffer, headers: Headers = {}): void {
    const fault = this.#fault;
    const plain = fault && status < 300 && isJson(headers) ? spoil(fault, body) : body;
    const spoilt = this.#gzips && isJson(headers) ? gzipSync(plain) : plain;
    const encoding = spoilt === plain ? undefined : 'gzip';
    this.#head(status, { ...headers, 'content-encoding': encoding, 'content-length': spoilt.length });
    if (fault?.kind === 'half-body' || fault?.kind === 'reset-mid-body') {
      this.#response.write(spoilt.subarray(0, Math.floor(spoilt.length / 2)), () => this.destroy());
    } else if (fault?.kind === 'stall')
      this.#response.write(spoilt.subarray(0, Math.floor(spoilt.length / 2)));
    else this.#response.end(spoilt);
  }

  /** A body that is made while it is sent; faults don't touch it. */
  readable(status: number, body: Readable, headers: Headers = {}): void {
    this.#head(status, headers);
    pipeline(body, this.#response, () => {});
  }

  /** Starts a server-sent stream. */
  stream(headers: Headers = {}): EventStream {
    this.#head(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      ...(this.#gzips && { 'content-encoding': 'gzip' }),
      ...headers,
    });
    this.#response.flushHeaders();
    return new EventStream(this.#response, this.#fault, this.#gzips);
  }

  destroy(): void {
    this.#response.socket?.destroy();
  }

  #head(status: number, headers: Headers): void {
    for (const [name, value] of Object.entries({ ...this.headers, ...headers })) {
      if (value !== undefined) this.#response.setHeader(name, String(value));
    }
    this.#response.statusCode = status;
  }
}

/** A stream of events that knows when its reader is gone. */
export class EventStream {
  readonly signal: AbortSignal;
  readonly #response: ServerResponse;
  readonly #fault: Fault | undefined;
  /** The response, or what compresses before it. */
  readonly #out: ServerResponse | Gzip;
  #writes = 0;
  #broken = false;

  constructor(response: ServerResponse, fault: Fault | undefined, gzips: boolean) {
    const closed = new AbortController();
    response.on('close', () => closed.abort());
    this.signal = closed.signal;
    this.#response = response;
    this.#fault = fault;
    // each event leaves at once, as it does without compression
    this.#out = gzips ? createGzip({ flush: constants.Z_SYNC_FLUSH }) : response;
    if (this.#out !== response) (this.#out as Gzip).pipe(response);
  }

  event(name: string, data: unknown): void {
    this.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  data(data: unknown): void {
    this.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }

  comment(text: string): void {
    this.write(`: ${text}\n\n`);
  }

  end(): void {
    if (this.#fault?.kind !== 'stall' && !this.#broken) this.#out.end();
  }

  write(text: string): void {
    const fault = this.#fault;
    if (this.signal.aborted || this.#broken) return;
    this.#writes += 1;
    const spent = this.#writes > (fault?.afterWrites ?? 1);
    if (fault?.kind === 'stall' && spent) return;
    if (fault?.kind === 'malformed-json') this.#out.write(text.replace(/\}(?=\n)/, ',,'));
    else if ((fault?.kind === 'half-body' || fault?.kind === 'reset-mid-body') && spent) {
      this.#broken = true;
      this.#out.write(text.slice(0, Math.floor(text.length / 2)), () => this.#response.socket?.destroy());
    } else if (fault && (fault.kind === 'wrong-type' || fault.kind === 'missing-field'))
      this.#out.write(this.#spoilData(fault, text));
    else this.#out.write(text);
  }

  #spoilData(fault: Fault, text: string): string {
    return text.replace(
      /^data: (\{.*\})$/m,
      (_, json: string) => `data: ${spoil(fault, Buffer.from(json)).toString()}`,
    );
  }
}

function isJson(headers: Headers): boolean {
  return String(headers['content-type'] ?? '').includes('json');
}

function headerValue(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
