import { oneLine } from './plainText.ts';

const script = /(?:^|[\s/\\])([^\s/\\]{1,60}\.(?:py|[cm]?[jt]sx?|sh|rb|go|rs))(?=\s|$)/;

/** A refused program for a row: the script of its command line, else the beginning. */
export function shortProgram(program: string): string {
  return oneLine(script.exec(program)?.[1] ?? program, 40);
}
