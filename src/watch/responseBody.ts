import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import { type HeaderBag, headerValue } from '../limits/headers/headers.ts';

// the end may be missing
const zlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 65_536 };
const brotliOptions = { ...zlibOptions, finishFlush: constants.BROTLI_OPERATION_FLUSH };

/** By `Content-Encoding`. */
const decoders: ReadonlyMap<string, (bytes: Buffer) => Buffer> = new Map([
  ['identity', bytes => bytes],
  ['gzip', bytes => gunzipSync(bytes, zlibOptions)],
  ['x-gzip', bytes => gunzipSync(bytes, zlibOptions)],
  ['deflate', bytes => inflateSync(bytes, zlibOptions)],
  ['br', bytes => brotliDecompressSync(bytes, brotliOptions)],
]);

/** The text of a body's first bytes, decompressed; undefined when they are empty or unreadable. */
export function textOfBody(headers: HeaderBag, chunks: readonly Uint8Array[]): string | undefined {
  if (chunks.length === 0) return undefined;
  const bytes = Buffer.concat(chunks);
  try {
    const encoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase() || 'identity';
    return decoders.get(encoding)?.(bytes).toString('utf8');
  } catch {
    return undefined;
  }
}
