import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { longestDecodingMs, mostDecoders, mostWaitingDecoderBytes } from '../../limits/bounds.ts';

/** Several encodings after each other are not read: no server of a model uses them. */
const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => zlib.createGunzip()],
  ['x-gzip', () => zlib.createGunzip()],
  ['deflate', () => zlib.createInflate()],
  ['br', () => zlib.createBrotliDecompress()],
  ['zstd', () => zlib.createZstdDecompress()],
]);

export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && nameOf(encoding) !== 'identity';
}

/** A complete body as text; empty when it can't be decoded, or is longer than `maxBytes`. Never rejects. */
export function decodedText(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): string | Promise<string> {
  if (!isEncoded(encoding)) return body.toString('utf8');
  const parts: Buffer[] = [];
  return decode(body, encoding, maxBytes, part => parts.push(part)).then(isWhole =>
    isWhole ? Buffer.concat(parts).toString('utf8') : '',
  );
}

let running = 0;
let waitingBytes = 0;
const waiting: (() => void)[] = [];

/**
 * Decompresses on the thread pool, few bodies at a time, and stops after `maxBytes` or 2 s. Never rejects.
 * @returns false when the body can't be decoded, or not within its bounds
 */
export function decode(
  body: Buffer,
  encoding: string,
  maxBytes: number,
  onPart: (part: Buffer) => void,
): Promise<boolean> {
  const create = decoders.get(nameOf(encoding));
  if (create === undefined || waitingBytes + body.length > mostWaitingDecoderBytes) {
    return Promise.resolve(false);
  }
  const { promise, resolve } = Promise.withResolvers<boolean>();
  waitingBytes += body.length;
  waiting.push(() => {
    waitingBytes -= body.length;
    running += 1;
    const decoder = create();
    let bytes = 0;
    let isStopped = false;
    const stop = (isWhole: boolean) => {
      isStopped = true;
      decoder.destroy();
      resolve(isWhole);
    };
    const timer = setTimeout(() => stop(false), longestDecodingMs).unref();
    decoder.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes) stop(false);
      else if (!isStopped) onPart(part);
    });
    decoder.on('end', () => stop(true));
    decoder.on('error', () => stop(false));
    decoder.on('close', () => {
      clearTimeout(timer);
      running -= 1;
      startNext();
    });
    decoder.end(body);
  });
  startNext();
  return promise;
}

function startNext(): void {
  while (running < mostDecoders && waiting.length > 0) waiting.shift()?.();
}

function nameOf(encoding: string): string {
  return encoding.trim().toLowerCase();
}
