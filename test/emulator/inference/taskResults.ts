import { createHash } from 'node:crypto';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A PNG of one pixel, followed by 48 KiB that depend only on the prompt. */
export function imageOf(prompt: string): Buffer {
  const blocks = Array.from({ length: 1536 }, (_, index) =>
    createHash('sha256').update(`${index} ${prompt}`).digest(),
  );
  return Buffer.concat([png, ...blocks]);
}

/** 1024 numbers between -1 and 1 that depend only on the text. */
export function embeddingOf(text: string): number[] {
  return Array.from({ length: 32 }, (_, index) => createHash('sha256').update(`${index} ${text}`).digest())
    .flatMap(block => [...block])
    .map(byte => (byte - 127.5) / 127.5);
}

/** A transcript with the upload's size and hash: a test notices each lost byte. */
export function transcriptOf(size: number, sha256: string): string {
  return `I heard ${size} bytes, ${sha256}.`;
}
