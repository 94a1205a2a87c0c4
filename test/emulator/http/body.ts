import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A request body: always counted and hashed; the bytes are kept only when it is small. */
export interface Body {
  /** Missing when the body was too large to keep. */
  readonly bytes?: Buffer;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

const mib = 2 ** 20;

/** Reads the whole body in constant memory. Rejects when the client disconnects first. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  // JSON and git's packs are read by the handlers
  const keptSize = /json|x-git/.test(request.headers['content-type'] ?? '') ? 64 * mib : 4 * mib;
  const hash = createHash('sha256');
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= keptSize) chunks.push(chunk);
    else chunks = [];
  }
  const sha256 = hash.digest('hex');
  return size <= keptSize ? { bytes: Buffer.concat(chunks), size, sha256 } : { size, sha256 };
}
