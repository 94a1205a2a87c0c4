import { libraryTexts, otherTexts } from '../libraryTexts.ts';
import { mutated, noise } from './mutations.ts';
import type { Random } from './random.ts';

const texts = [...libraryTexts.map(({ text }) => text), ...otherTexts];
const urls = libraryTexts.map(({ by }) => by?.url);

/** The URL in a command line, mostly none. */
export function randomUrl(random: Random): string | undefined {
  return random.of(urls);
}

/** A program's output: texts of libraries in a row, whole or changed, and other texts. */
export function randomPrint(random: Random): string {
  let print = '';
  for (let count = 1 + random.below(3); count > 0; count--) {
    const text = random.of(texts);
    print += random.once(15)
      ? noise(random, random.below(800))
      : random.once(8)
        ? text
        : mutated(text, random, texts);
  }
  return print;
}

/** Chunks, cut anywhere. */
export function cutUp(text: string, random: Random): string[] {
  const chunks: string[] = [];
  const usual = random.of([3, 40, 400, 4_096, 100_000]);
  // a long text does not come letter by letter
  const most = Math.max(usual, text.length / 200);
  for (let from = 0; from < text.length; ) {
    const to = from + 1 + random.below(most);
    chunks.push(text.slice(from, to));
    from = to;
  }
  return chunks;
}
