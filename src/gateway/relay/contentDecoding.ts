import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decoder = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const decoders = new Map<string, Decoder>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate)],
  ['br', promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)],
  ['zstd', promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress)],
]);

/** A complete body as text; empty when it can't be decoded, or is longer than `maxBytes`. Never rejects. */
export function decodedText(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): string | Promise<string> {
  const name = encoding?.toLowerCase() ?? 'identity';
  if (name === 'identity') return body.toString('utf8');
  const decode = decoders.get(name);
  if (decode === undefined) return '';
  return decode(body, { maxOutputLength: maxBytes }).then(
    decoded => decoded.toString('utf8'),
    () => '',
  );
}
