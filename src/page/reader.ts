import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { WordName } from '../view/dashboard/dashboardWords.ts';
import { type Words, word } from './words.ts';

/** Language and clock of the person at the page. */
export interface Reader {
  readonly locale: string;
  readonly words: Words;
  /** Epoch ms by the extension's clock. */
  now(): number;
}

export const readerContext = createContext<Reader>({ locale: 'en', words: {}, now: () => 0 });

export function useReader() {
  const reader = useContext(readerContext);
  const say = (name: WordName, ...values: readonly string[]) => word(reader.words, name, ...values);
  return { ...reader, say };
}
