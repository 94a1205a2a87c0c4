import type { RefusalSource } from '../limits/refusals/refusal.ts';
import { needles, readErrorLine } from './errorForms.ts';
import { needleScan } from './needles.ts';
import { plainLine } from './plainLine.ts';
import { RefusalAccount } from './refusalAccount.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';
import { TextLines } from './textLines.ts';

/** A traceback is printed at once; whoever waits for the row should not notice this. */
const pauseMs = 400;
/** Told of in one chunk: a program that prints more at once does so in a loop, and nobody else gets a turn meanwhile. */
const mostOfChunk = 200;

/** One for all readers, so that the engine compiles it for its tables: that is half of its speed. */
const findNeedle = needleScan(needles);

export interface PrintedBy {
  readonly source: RefusalSource;
  /** Without secrets. */
  readonly program?: string;
  /** Where the program was told to send its request, if that is known. */
  readonly url?: string;
}

/**
 * Finds refusals in what a program prints. Takes its output in chunks of any size; keeps at most one line and one
 * account of a refusal. Never throws.
 */
export class RefusalReader {
  readonly #lines: TextLines;
  readonly #by: PrintedBy;
  readonly #surroundings: WatchSurroundings;
  readonly #seen: SeenListener;
  #account: RefusalAccount | undefined;
  #ofChunk = 0;
  #pause: Watch | undefined;

  constructor(by: PrintedBy, surroundings: WatchSurroundings, seen: SeenListener) {
    this.#by = by;
    this.#surroundings = surroundings;
    this.#seen = seen;
    this.#lines = new TextLines(findNeedle, {
      wantsAll: () => this.#account !== undefined,
      read: line => this.#read(plainLine(line)),
    });
  }

  write(chunk: string): void {
    this.#ofChunk = 0;
    this.#lines.write(chunk);
  }

  /** The program has ended, or will not print more for now. */
  end(): void {
    this.#lines.end();
    this.#close();
  }

  #read(line: string): void {
    if (this.#account?.take(line)) return;
    this.#close();
    const told = this.#ofChunk < mostOfChunk ? readErrorLine(line, false) : undefined;
    if (!told) return;
    this.#ofChunk += 1;
    this.#account = new RefusalAccount(line, told, this.#surroundings.now());
    this.#pause = this.#surroundings.later(() => this.#close(), pauseMs);
  }

  #close(): void {
    const account = this.#account;
    this.#pause?.dispose();
    this.#pause = undefined;
    this.#account = undefined;
    const { source, program, url } = this.#by;
    const refusal = account?.refusal(source, this.#surroundings, url);
    if (refusal)
      this.#seen(program === undefined ? { refusal } : { refusal: { ...refusal, program }, program });
  }
}
