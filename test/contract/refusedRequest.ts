import assert from 'node:assert/strict';
import { sendRaw } from './rawClient.ts';
import type { RawUpstream } from './rawUpstream.ts';
import { key, type TestGateway } from './testGateway.ts';

/** A raw request; `PORT` is replaced by the gateway's port. */
export interface RawCase {
  readonly name: string;
  /** @default GET /v1/models HTTP/1.1 */
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly status: number;
}

export const host = 'Host: 127.0.0.1:PORT';
export const bearer = `Authorization: Bearer ${key}`;

export function sendCase(
  { port }: TestGateway,
  { line = 'GET /v1/models HTTP/1.1', headers = [] }: Pick<RawCase, 'line' | 'headers'>,
): Promise<string> {
  const bytes = [line, ...headers, 'Connection: close', '', ''].join('\r\n');
  return sendRaw(port, bytes.replaceAll('PORT', String(port)));
}

/** The response has the status and a readable error without the key; nothing was forwarded. */
export async function assertRefused(
  gateway: TestGateway,
  upstream: RawUpstream,
  refused: RawCase,
): Promise<void> {
  const answer = await sendCase(gateway, refused);
  assert.match(answer, new RegExp(`^HTTP/1.1 ${refused.status} `));
  assert.equal(upstream.connections.length, 0, 'the gateway connects to upstream');
  assert.doesNotMatch(answer, /access-control/i);
  assert.doesNotMatch(answer, new RegExp(key));
  const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  assert.match(error.message ?? error, /\.$/);
  if (refused.line?.includes('/hub/')) assert.match(answer, /^x-error-code: [a-z_]+\r$/m);
  else assert.match(`${error.type} ${error.code}`, /^headroom_error [a-z_]+$/);
}
