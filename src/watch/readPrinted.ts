import type { Refusal } from '../limits/refusals/refusal.ts';
import type { PrintedBy } from './printedBy.ts';
import { RefusalReader } from './refusalReader.ts';
import type { Watch, WatchSurroundings } from './seenRefusal.ts';

/** As terminals send it: the reader has a bound for each chunk. */
const chunkLength = 4096;

/**
 * The refusals in a text that a program printed, in their order, by any server.
 * @param at epoch ms of the printing
 */
export function readPrinted(
  text: string,
  by: PrintedBy,
  nameServer: WatchSurroundings['nameServer'],
  at: number,
): Refusal[] {
  const found: Refusal[] = [];
  const world = { now: () => at, later: atEnd, nameServer };
  const reader = new RefusalReader(by, world, one => found.push(one), true);
  for (let from = 0; from < text.length; from += chunkLength)
    reader.write(text.slice(from, from + chunkLength));
  reader.end();
  return found;
}

/** For a text that is there as a whole: nothing to wait for. */
export function atEnd(): Watch {
  return { dispose() {} };
}
