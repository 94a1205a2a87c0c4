/** One output of a notebook cell. */
export interface CellOutputItem {
  readonly mime: string;
  readonly data: Uint8Array;
}

/** The end of a longer output is enough. */
const mostRead = 262_144;

/** The text of a cell's print or error output; undefined for pictures, tables and the like. */
export function textOfOutput({ mime, data }: CellOutputItem): string | undefined {
  switch (mime) {
    case 'application/vnd.code.notebook.error':
      return textOfError(decoded(data));
    case 'application/vnd.code.notebook.stderr':
    case 'application/vnd.code.notebook.stdout':
      return decoded(data);
    default:
      return undefined;
  }
}

/** Jupyter's traceback ends with name and message; without a traceback these two are the text. */
function textOfError(json: string): string | undefined {
  try {
    const { name, message, stack } = JSON.parse(json) as Record<string, unknown>;
    const said = [name, message].filter(part => typeof part === 'string' && part !== '').join(': ');
    const traceback = typeof stack === 'string' ? stack : '';
    return `${traceback.includes(String(message)) ? traceback : `${traceback}\n${said}`}\n`;
  } catch {
    return undefined;
  }
}

function decoded(data: Uint8Array): string {
  return new TextDecoder().decode(data.subarray(Math.max(0, data.length - mostRead)));
}
