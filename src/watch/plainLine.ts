/** Operating system commands (shell integration's marks among them), then colours and cursor moves, then the rest. */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what control sequences are made of
  /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1a\x7f]/g;

const frame = /[│┃]/;

/** A line as it is seen: without ANSI sequences and control characters, and without the frame that `rich` draws. */
export function plainLine(raw: string): string {
  const text = raw.replace(sequences, '');
  if (!frame.test(text[0] ?? '')) return text.trimEnd();
  return (frame.test(text.at(-1) ?? '') ? text.slice(1, -1) : text.slice(1)).trim();
}
