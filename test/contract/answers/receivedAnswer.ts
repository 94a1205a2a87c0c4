import assert from 'node:assert/strict';

/** What a caller got. */
export interface Outcome {
  /** All bytes of the connection. */
  readonly bytes: Buffer;
  /** Undefined: the connection ended without an answer. */
  readonly head?: ReceivedHead;
  readonly body: Buffer;
  readonly trailers: string;
  /** The answer ended as its head says. */
  readonly isWhole: boolean;
  readonly ms: number;
}

export interface ReceivedHead {
  readonly status: number;
  readonly line: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Reads an answer of HTTP/1.1, strictly. */
export function readAnswer(bytes: Buffer, method: string, ms: number): Outcome {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { bytes, body: bytes, trailers: '', isWhole: false, ms };
  const [line = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]);
  const headers = lines.map(text => {
    const colon = text.indexOf(':');
    return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()] as const;
  });
  const head = { status, line, headers };
  const field = (wanted: string) => headers.find(([name]) => name === wanted)?.[1];
  const rest = bytes.subarray(end + 4);
  if (method === 'HEAD' || status === 204 || status === 304) {
    return { bytes, head, body: rest, trailers: '', isWhole: rest.length === 0, ms };
  }
  if (field('transfer-encoding') === 'chunked') return { bytes, head, ms, ...dechunked(rest) };
  const length = field('content-length');
  const isWhole = length === undefined || Number(length) === rest.length;
  return { bytes, head, body: rest, trailers: '', isWhole, ms };
}

function dechunked(bytes: Buffer): { body: Buffer; trailers: string; isWhole: boolean } {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, Math.max(at, line)), 16);
    const next = line + 4 + size;
    if (line < 0 || !(size >= 0) || (size > 0 && next > bytes.length)) {
      return { body: Buffer.concat(chunks), trailers: '', isWhole: false };
    }
    if (size === 0) {
      const trailers = bytes.toString('latin1', line + 2);
      return { body: Buffer.concat(chunks), trailers, isWhole: trailers.endsWith('\r\n') };
    }
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    at = next;
  }
}

/** A 502 of the gateway's own; that of the Hub's paths has the words in a header, too. */
export function isOfGateway({ head, body }: Outcome): boolean {
  if (head?.status !== 502) return false;
  return body.includes('headroom_error') || head.headers.some(([name]) => name === 'x-error-code');
}

/** What HTTP allows in an answer (RFC 9110, RFC 9112) from upstream and from the gateway. */
export function assertLegal({ status, line, headers }: ReceivedHead, { trailers }: Outcome): void {
  assert.match(line, /^HTTP\/1\.1 \d{3} [\t\x20-\x7e\x80-\xff]*$/);
  assert.ok(status >= 200 && status <= 599, line);
  for (const [name, value] of headers) {
    assert.match(name, /^[!#$%&'*+.^_`|~0-9a-z-]+$/);
    assert.match(value, /^[\t\x20-\x7e\x80-\xff]*$/);
  }
  const names = headers.map(([name]) => name);
  const count = (wanted: string) => names.filter(name => name === wanted).length;
  assert.ok(count('content-length') <= 1, 'lengths');
  assert.ok(count('transfer-encoding') <= 1, 'framings');
  assert.ok(count('content-length') + count('transfer-encoding') <= 1, 'a length beside chunks');
  if (status === 204)
    assert.equal(count('content-length') + count('transfer-encoding'), 0, 'a 204 with a body');
  if (count('trailer') > 0) assert.equal(count('transfer-encoding'), 1, 'a Trailer without chunks');
  for (const trailer of trailers.split('\r\n').filter(Boolean)) {
    assert.match(trailer, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/);
    assert.doesNotMatch(
      trailer,
      /^(?:content-length|transfer-encoding|host|set-cookie|trailer|authorization):/i,
    );
  }
}
