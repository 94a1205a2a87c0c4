/** One item of a list header: `"fixed window";"api";q=1000` has two names and one parameter. */
export interface HeaderItem {
  readonly quotedNames: readonly string[];
  readonly bareNames: readonly string[];
  /** Keys in lower case; of two with one key the last wins (RFC 9651). */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a list header leniently: HF's `RateLimit-Policy` has two strings in one item, so it is no structured
 * field (RFC 9651), and a strict parser refuses it. Never throws; unreadable parts are left out.
 */
export function scanItems(value: string): HeaderItem[] {
  return (
    plainItem(value) ??
    splitOutsideQuotes(value, ',')
      .filter(item => item.trim() !== '')
      .map(scanItem)
  );
}

const plain = /^"([^"\\]*)"(?:;"([^"\\]*)")?;([a-z]+)=([\w.]+)(?:;([a-z]+)=([\w.]+))?$/;

/** HF's form of an item by one pattern: half the time of the scan, for two headers of each response. */
function plainItem(value: string): HeaderItem[] | undefined {
  const match = plain.exec(value);
  if (!match) return undefined;
  const [, first = '', second, key = '', amount = '', otherKey, otherAmount = ''] = match;
  const parameters = new Map([[key, amount]]);
  if (otherKey !== undefined) parameters.set(otherKey, otherAmount);
  return [{ quotedNames: second === undefined ? [first] : [first, second], bareNames: [], parameters }];
}

function scanItem(item: string): HeaderItem {
  const quotedNames: string[] = [];
  const bareNames: string[] = [];
  const parameters = new Map<string, string>();
  for (const rawPart of splitOutsideQuotes(item, ';')) {
    const part = rawPart.trim();
    const equals = part.indexOf('=');
    if (part.startsWith('"')) quotedNames.push(unquote(part));
    else if (equals > 0) {
      parameters.set(part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()));
    } else if (part !== '') bareNames.push(part);
  }
  return { quotedNames, bareNames, parameters };
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}
