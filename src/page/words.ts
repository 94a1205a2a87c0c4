import type { WordName } from '../view/dashboard/dashboardWords.ts';

export type Words = Readonly<Record<string, string>>;

/** The page's word in the reader's language, with `{0}` and so on filled in. */
export function word(words: Words, name: WordName, ...values: readonly string[]): string {
  return (words[name] ?? name).replace(/\{(\d)\}/g, (place, index) => values[Number(index)] ?? place);
}
