import { longestCommandRead, longestProgram } from '../limits/bounds.ts';
import { shownCommand } from '../limits/refusals/commandLine.ts';
import { redact } from '../limits/refusals/redact.ts';
import { findNeedle } from './errorLine.ts';
import { isOtherService } from './otherServices.ts';
import { PrintedBlock } from './printedBlock.ts';
import type { PrintedBy } from './printedBy.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';
import { shownBy } from './shownText.ts';
import { TextLines } from './textLines.ts';

/** A traceback is printed at once, and a row that is this late looks immediate. */
const pauseMs = 400;
/**
 * Refusals of one chunk: a program that prints more at once does so in a loop, and holds up the event loop.
 */
const mostOfChunk = 200;

/** The command that a terminal runs, without what may be a secret; undefined: it only shows text. */
export function terminalCommand(commandLine: string): PrintedBy | undefined {
  const shown = shownBy(commandLine);
  if (shown === 'text') return undefined;
  const program = shortened(shownCommand(commandLine)) || undefined;
  return { source: 'terminal', program, url: urlIn(commandLine), isTest: shown === 'tests' || undefined };
}

/** The name of a debug session or a notebook, without secrets. */
export function programName(name: string): string {
  return shortened(redact(name.slice(0, longestCommandRead).replace(/\s+/g, ' ')).trim());
}

function shortened(program: string): string {
  return program.length > longestProgram ? `${program.slice(0, longestProgram - 1)}…` : program;
}

/** The URL in a command of curl, wget, HTTPie or xh. */
function urlIn(commandLine: string): string | undefined {
  if (!/(?:^|[\s;|&(])(?:curl|wget|https?|xh)\s/.test(commandLine)) return undefined;
  return /\bhttps?:\/\/[^\s'"<>|;)]{1,500}/.exec(commandLine)?.[0];
}

/**
 * Finds refusals in the output of a program. Takes chunks of any size; keeps the lines of one block. Never throws.
 */
export class RefusalReader {
  readonly #lines: TextLines;
  readonly #by: PrintedBy;
  readonly #surroundings: WatchSurroundings;
  readonly #seen: SeenListener;
  readonly #tellsAll: boolean;
  #block: PrintedBlock | undefined;
  #ofChunk = 0;
  #pause: Watch | undefined;

  /** @param tellsAll also refusals by services that Hugging Face does not route to */
  constructor(by: PrintedBy, surroundings: WatchSurroundings, seen: SeenListener, tellsAll = false) {
    this.#by = by;
    this.#tellsAll = tellsAll;
    this.#surroundings = surroundings;
    this.#seen = seen;
    this.#lines = new TextLines(findNeedle, {
      wantsAll: () => this.#block !== undefined,
      read: line => this.#read(line),
    });
  }

  write(chunk: string): void {
    this.#ofChunk = 0;
    this.#lines.write(chunk);
  }

  /** The program has ended, or pauses. */
  end(): void {
    this.#lines.end();
    this.#close();
  }

  #read(line: string): void {
    if (this.#block === undefined) {
      if (this.#ofChunk >= mostOfChunk) return;
      this.#block = new PrintedBlock(this.#surroundings.now());
      this.#pause = this.#surroundings.later(() => this.#close(), pauseMs);
    }
    this.#block.add(line);
    if (this.#block.isFull) this.#close();
  }

  #close(): void {
    this.#pause?.dispose();
    this.#pause = undefined;
    const block = this.#block;
    this.#block = undefined;
    const { program } = this.#by;
    for (const refusal of block?.refusals(this.#by, this.#surroundings) ?? []) {
      if (!this.#tellsAll && isOtherService(refusal.by)) continue;
      if (this.#ofChunk++ >= mostOfChunk) return;
      this.#seen(program === undefined ? refusal : { ...refusal, program });
    }
  }
}
