import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp, type Http, type HttpOptions, type SeenResponse } from '../../src/hub/http.ts';
import { HubError, type HubErrorKind } from '../../src/hub/hubError.ts';

export interface TestServer {
  readonly url: string;
  /** In order of arrival. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A server on a free loopback port. */
export async function listen(answer: RequestListener, server: Server = createServer()): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${'setSecureContext' in server ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export function html(status: number): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<!DOCTYPE html><title>Sign in to the WiFi</title>');
  };
}

/** An Http that collects the responses it reports. */
export function tapped(options: Partial<HttpOptions> = {}): Http & { readonly seen: SeenResponse[] } {
  const seen: SeenResponse[] = [];
  const http = createHttp({
    userAgent: 'headroom/test',
    now: Date.now,
    onResponse: response => seen.push(response),
    ...options,
  });
  return { ...http, seen };
}

/** The HubError that a call failed with; throws when it did not fail. */
export async function failure(call: Promise<unknown>, kind?: HubErrorKind): Promise<HubError> {
  const error = await call.then(
    value => new Error(`did not fail: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HubError)) throw error;
  if (kind && error.kind !== kind) throw new Error(`${error.kind} instead of ${kind}: ${error.message}`);
  return error;
}
