import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type Fault, spoil } from '../faults.ts';
import { type ErrorForm, errorPage } from './errorForm.ts';
import { EventStream } from './eventStream.ts';

const basicAuthentication = 'Basic realm="Authentication required", charset="UTF-8"';

export type Headers = Record<string, string | number | undefined>;

/** Sends the response of one request: adds the default headers and applies the fault. */
export class Reply {
  readonly headers: Headers = { 'x-request-id': `Root=1-${randomUUID().slice(0, 8)};${randomUUID()}` };
  readonly #response: ServerResponse;
  readonly #fault: Fault | undefined;
  readonly #errorForm: ErrorForm;
  readonly #gzips: boolean;

  constructor(response: ServerResponse, fault: Fault | undefined, errorForm: ErrorForm, gzips: boolean) {
    this.#response = response;
    this.#fault = fault;
    this.#errorForm = errorForm;
    this.#gzips = gzips;
  }

  /** Aborts when the response has ended or the client has disconnected. */
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

  /** HF's error format: the same text in the body and in X-Error-Message. `fields` are added to a JSON body. */
  error(
    status: number,
    message: string,
    code?: string,
    headers: Headers = {},
    fields: Record<string, unknown> = {},
  ): void {
    const form = this.#errorForm;
    const isGit = form === 'git' || form === 'lfs';
    const all: Headers = {
      'x-error-message': headerValue(message),
      'x-error-code': code,
      // git and git-lfs ask for credentials only when the server names Basic
      ...(isGit && status === 401 && { 'www-authenticate': basicAuthentication }),
      ...headers,
    };
    if (form === 'html') this.html(status, errorPage(status, message), all);
    else if (form === 'git')
      this.bytes(status, Buffer.from(message), { 'content-type': 'text/plain', ...all });
    else if (form === 'lfs')
      this.json(status, { message }, { 'content-type': 'application/vnd.git-lfs+json', ...all });
    else this.json(status, { error: message, ...fields }, all);
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

  /** Sends a generated body; faults are not applied to it. */
  readable(status: number, body: Readable, headers: Headers = {}): void {
    this.#head(status, headers);
    pipeline(body, this.#response, () => {});
  }

  /** Starts a stream of server-sent events. */
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

function isJson(headers: Headers): boolean {
  return String(headers['content-type'] ?? '').includes('json');
}

function headerValue(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
