import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import { type HeaderBag, headerValue } from '../limits/headers/headers.ts';

const mostDecoded = 65_536;

/** The text of a body's first bytes, decompressed; undefined when they are empty or unreadable. */
export function bodyText(headers: HeaderBag, chunks: readonly Uint8Array[]): string | undefined {
  if (chunks.length === 0) return undefined;
  const bytes = Buffer.concat(chunks);
  try {
    return decompressed(bytes, headerValue(headers, 'content-encoding') ?? 'identity')?.toString('utf8');
  } catch {
    return undefined;
  }
}

function decompressed(bytes: Buffer, encoding: string): Buffer | undefined {
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
    case '':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      // the end may be missing
      return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostDecoded });
    case 'deflate':
      return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostDecoded });
    case 'br':
      return brotliDecompressSync(bytes, {
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
        maxOutputLength: mostDecoded,
      });
    default:
      return undefined;
  }
}
