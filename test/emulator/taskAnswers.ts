import { createHash } from 'node:crypto';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A picture of the prompt: one pixel, and 48 KiB after its end that are the same for the same prompt. */
export function imageOf(prompt: string): Buffer {
  const blocks = Array.from({ length: 1536 }, (_, index) =>
    createHash('sha256').update(`${index} ${prompt}`).digest(),
  );
  return Buffer.concat([png, ...blocks]);
}

/** 1024 numbers between -1 and 1, the same for the same text. */
export function embeddingOf(text: string): number[] {
  return Array.from({ length: 32 }, (_, index) => createHash('sha256').update(`${index} ${text}`).digest())
    .flatMap(block => [...block])
    .map(byte => (byte - 127.5) / 127.5);
}

/** What was heard: how much of it there was, and its hash, so that a byte that was lost is noticed. */
export function transcriptOf(size: number, sha256: string): string {
  return `I heard ${size} bytes, ${sha256}.`;
}
