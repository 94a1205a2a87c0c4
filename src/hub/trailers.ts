import type { Dispatcher } from 'undici';
import { badValue, token } from './fieldSyntax.ts';

/** Fields behind the last chunk of a request's body. */
export interface Trailers {
  /** The names that may come, as the header `Trailer` has them. */
  readonly announced: string;
  /** Names and values in turn. They are known when the body has ended. */
  fields(): readonly string[];
}

/** Undici can't send trailers: of its agents only `QuickAgent` looks at them, the others send the body alone. */
export interface TrailedOptions extends Dispatcher.DispatchOptions {
  readonly trailers?: Trailers;
}

/** The end of a body in chunks. What is not plainly valid is left out: it might begin another request. */
export function lastChunk(trailers: Trailers): string {
  const fields = trailers.fields();
  let text = '0\r\n';
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const value = fields[index + 1] ?? '';
    if (token.test(name) && !badValue.test(value)) text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
