import { longestCommandRead, longestProgram } from '../limits/bounds.ts';
import { shownCommand } from '../limits/refusals/commandLine.ts';
import { redact } from '../limits/refusals/redact.ts';
import type { RefusalSource } from '../limits/refusals/refusal.ts';
import { findNeedle, readErrorLine } from './errorLine.ts';
import { PrintedRefusal } from './printedRefusal.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';
import { TextLines } from './textLines.ts';

/** A traceback is printed at once, and a row that is this late looks immediate. */
const pauseMs = 400;
/**
 * Refusals of one chunk: a program that prints more at once does so in a loop, and holds up the event loop.
 */
const mostOfChunk = 200;

export interface PrintedBy {
  readonly source: RefusalSource;
  /** Without secrets. */
  readonly program?: string;
  /** Where the program sends its request, if its command line says so. */
  readonly url?: string;
}

/** Programs that show files: a refusal in their output happened elsewhere or never. */
const viewers =
  /^(?:cat|bat|less|more|head|grep|egrep|rg|ag|ack|sed|awk|jq|vi|vim|nvim|nano|emacs|man|diff|ls|find|fzf|strings|xxd|git (?:diff|log|show|blame|grep))\b/;

/** The command that a terminal runs, without what may be a secret; undefined: it only shows files. */
export function terminalCommand(commandLine: string): PrintedBy | undefined {
  if (viewers.test(commandLine.trim().replace(/^(?:sudo|command|time) /, ''))) return undefined;
  const program = shortened(shownCommand(commandLine));
  return { source: 'terminal', program: program || undefined, url: urlIn(commandLine) };
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
 * Finds refusals in the output of a program. Takes chunks of any size; keeps at most one line and one
 * refusal. Never throws.
 */
export class RefusalReader {
  readonly #lines: TextLines;
  readonly #by: PrintedBy;
  readonly #surroundings: WatchSurroundings;
  readonly #seen: SeenListener;
  #printed: PrintedRefusal | undefined;
  #ofChunk = 0;
  #pause: Watch | undefined;

  constructor(by: PrintedBy, surroundings: WatchSurroundings, seen: SeenListener) {
    this.#by = by;
    this.#surroundings = surroundings;
    this.#seen = seen;
    this.#lines = new TextLines(findNeedle, {
      wantsAll: () => this.#printed !== undefined,
      read: line => this.#read(plainLine(line)),
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
    if (this.#printed?.take(line)) return;
    this.#close();
    const error = this.#ofChunk < mostOfChunk ? readErrorLine(line, false) : undefined;
    if (!error) return;
    this.#ofChunk += 1;
    this.#printed = new PrintedRefusal(line, error, this.#surroundings.now());
    this.#pause = this.#surroundings.later(() => this.#close(), pauseMs);
  }

  #close(): void {
    const printed = this.#printed;
    this.#pause?.dispose();
    this.#pause = undefined;
    this.#printed = undefined;
    const { source, program, url } = this.#by;
    const refusal = printed?.refusal(source, this.#surroundings, url);
    if (refusal) this.#seen(program === undefined ? refusal : { ...refusal, program });
  }
}

/**
 * Operating system commands (shell integration's marks among them), colours and cursor moves, other control
 * characters. `util.stripVTControlCharacters` leaves the text of operating system commands on Node 20, and
 * takes 80 ms for a line of 8,192 characters of them on Node 24.
 */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences consist of them
  /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1a\x7f]/g;
const frame = /[│┃]/;

/** A line as it looks: without control sequences, and without the frame that Python's `rich` draws. */
function plainLine(raw: string): string {
  const text = raw.replace(sequences, '');
  if (!frame.test(text[0] ?? '')) return text.trimEnd();
  return (frame.test(text.at(-1) ?? '') ? text.slice(1, -1) : text.slice(1)).trim();
}
