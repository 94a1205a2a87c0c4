import http from 'node:http';
import type { GatewayAddress } from '../../gateway/programVariables.ts';

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const mostBytes = 4 * 1024 * 1024;

/**
 * Sends one request through the gateway, as a program does. Not with VS Code's `fetch`, which may send even
 * loopback through a proxy. Rejects with the signal's reason, or when the gateway can't be reached.
 */
export function askGateway(
  { url, key }: Pick<GatewayAddress, 'url' | 'key'>,
  path: string,
  signal: AbortSignal,
  body?: unknown,
): Promise<GatewayResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<GatewayResponse>();
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const request = http.request(url + path, {
    method: sent === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      ...(sent !== undefined && { 'content-type': 'application/json' }),
    },
    agent: false,
    signal,
  });
  request.on('error', reject);
  request.on('response', response => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > mostBytes) request.destroy(new Error('The response is longer than 4 MiB'));
    });
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
  });
  request.end(sent);
  return promise;
}
