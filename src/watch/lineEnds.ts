/** The start of the line that ends at `to`. */
export function lineStart(text: string, to: number): number {
  let start = to;
  while (start > 0 && !isEnd(text.charCodeAt(start - 1))) start--;
  return start;
}

/** Whether a line ends with this character. */
export function isEnd(code: number): boolean {
  return code === 10 || code === 13;
}
