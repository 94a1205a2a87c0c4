/** Words in lines of this width, as Python's `rich` breaks them: a longer word at the last column. */
function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return [...lines, line];
}

/** A record of `rich.logging.RichHandler` (rich 15.0) in a terminal of so many columns. */
export function richRecord(text: string, columns: number): string {
  // a column of fewer characters than its longest word is no longer read
  const path = columns < 60 ? 'a.py:7' : '_http.py:402';
  const width = columns - 29 - path.length - 1;
  const lines = folded(text, width).map((line, index) => {
    const head = index === 0 ? '[10/14/26 09:30:00] ERROR    ' : ' '.repeat(29);
    return `${head}${line.padEnd(width)} ${index === 0 ? path : ' '.repeat(path.length)}`;
  });
  return `${lines.join('\n')}\n`;
}

/** The same with the colours of numbers and paths. */
export function coloured(record: string): string {
  return record
    .replace(/\b\d{2,}\b(?![/:\]])/g, '\x1b[1;36m$&\x1b[0m')
    .replace(/^ {29}/gm, '\x1b[2;36m                   \x1b[0m          ');
}

/** A panel of `rich`, as `typer` prints errors. */
export function richPanel(text: string, columns: number): string {
  const width = columns - 4;
  const lines = folded(text, width).map(line => `│ ${line.padEnd(width)} │`);
  return `╭─ Error ${'─'.repeat(columns - 10)}╮\n${lines.join('\n')}\n╰${'─'.repeat(columns - 2)}╯\n`;
}
