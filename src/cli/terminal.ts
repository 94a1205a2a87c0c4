import type { Log } from '../account/log.ts';
import { redact } from '../limits/refusals/redact.ts';
import { visible, visibleJson } from './visibleText.ts';

const leastWidth = 40;
const usualWidth = 80;
const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Commands print what matters themselves. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Without what may be a secret in the arguments or the environment. */
export function printError(message: string): void {
  process.stderr.write(`headroom: ${visible(redact(message))}\n`);
}

/** Text for people goes to stdout; with `--json`, where stdout is one JSON value, to stderr. */
export function printBefore(line: string | undefined, json: boolean): void {
  if (line === undefined) return;
  if (json) printError(line);
  else process.stdout.write(`${visible(line)}\n`);
}

/**
 * Prints one JSON value. Characters that change how a terminal shows text are escaped.
 * @param form `readable`: indented in a terminal
 */
export function printJson(value: unknown, form: 'line' | 'readable'): void {
  const { stdout } = process;
  const indent = form === 'readable' && stdout.isTTY ? 2 : undefined;
  stdout.write(`${visibleJson(JSON.stringify(value, null, indent))}\n`);
}

/** Aborts `signal` at the first Ctrl+C or SIGTERM; a second one ends the process, as usual. */
export function interruptible() {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: keyof typeof signalCodes) => {
    exitCode = signalCodes[name];
    controller.abort();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    /** 128 + the signal's number; undefined: there was none. */
    get exitCode() {
      return exitCode;
    },
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** Shows a line while the command waits: HF's stream takes about ten seconds. Returns a function that erases it. */
export function showProgress(): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  stderr.write('Asking Hugging Face…');
  return () => void stderr.write('\r\x1b[K');
}

/** Of the terminal, some of which report 0 columns. `Infinity` in a pipe or file, where nothing is cut. */
export function tableWidth(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY ? Math.max(leastWidth, columns || usualWidth) : Number.POSITIVE_INFINITY;
}
