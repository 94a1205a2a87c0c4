import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

const block = Buffer.from(Array.from({ length: 65_521 }, (_, index) => (index * 31 + 7) % 251));
const hashes = new Map<number, string>();

/** Bytes of a large file that was never uploaded: generated while read, the same at each offset. */
export function generatedBytes(from: number, to: number): Readable {
  return Readable.from(blocks(from, to), { objectMode: false });
}

/** SHA-256 of a generated file of `size` bytes. */
export function generatedSha256(size: number): string {
  const known = hashes.get(size);
  if (known) return known;
  const hash = createHash('sha256');
  for (const part of blocks(0, size)) hash.update(part);
  const digest = hash.digest('hex');
  hashes.set(size, digest);
  return digest;
}

function* blocks(from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to; ) {
    const start = at % block.length;
    const part = block.subarray(start, Math.min(block.length, start + to - at));
    at += part.length;
    yield part;
  }
}
