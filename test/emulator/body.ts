import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The body of a request: always counted and hashed, kept only when it is small. */
export interface Body {
  /** Empty when it was too large to keep. */
  readonly kept: Buffer;
  readonly whole: boolean;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

const mib = 2 ** 20;

/** Reads to the end in constant memory. Rejects when the caller goes away before. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const most = request.headers['content-type']?.includes('json') ? 32 * mib : 4 * mib;
  const hash = createHash('sha256');
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
    else chunks = [];
  }
  return { kept: Buffer.concat(chunks), whole: size <= most, size, sha256: hash.digest('hex') };
}
