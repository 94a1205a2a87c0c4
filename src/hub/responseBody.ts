import { HubError } from './hubError.ts';
import { callText, hubWords, mediaType, type ResponseHead } from './responseError.ts';

export const jsonType = 'application/json';
export const anyType = '*/*';
const maxJsonBytes = 4 * 1024 * 1024;

/** @throws HubError */
export async function readJson(head: ResponseHead, body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const { text, overflow } = await readText(body, maxJsonBytes);
  const call = callText(head);
  if (overflow) throw new HubError('too-large', `${call} answered with more than 4 MiB`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // Unfinished JSON is the only sign of a body without a length that the server ended early.
    // The parser's message quotes the body: not kept as the cause.
    throw cause instanceof Error && /end of JSON|Unterminated/.test(cause.message)
      ? new HubError('truncated', `${call} sent only a part of its body`, { status: head.status })
      : new HubError('not-json', `${call} answered with malformed JSON`, { status: head.status });
  }
  // No result has an `error`, but HF has refused with status 200.
  if (typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'string') {
    const words = hubWords(head.headers, text);
    throw new HubError('rejected', `${call} answered ${head.status}, but: ${words}`, {
      status: head.status,
      words,
    });
  }
  return value;
}

/** Stops at `maxBytes`; the text is what came before. */
export async function readText(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ text: string; overflow: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return { text, overflow: true };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), overflow: false };
}

/** Any `+json` type is JSON too. */
export function isAccepted({ headers }: ResponseHead, accept: string): boolean {
  if (accept === anyType) return true;
  const received = mediaType(headers);
  return received === accept || (accept === jsonType && /^application\/.+\+json$/.test(received));
}

export function unexpectedType(head: ResponseHead, accept: string): HubError {
  const received = mediaType(head.headers) || 'no content type';
  return new HubError('not-json', `${callText(head)} answered with ${received} instead of ${accept}`, {
    status: head.status,
  });
}
