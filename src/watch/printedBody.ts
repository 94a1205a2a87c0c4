const mostBody = 4096;

/**
 * A response's body out of how a program printed it: JSON as it is, Python's and Node's way of writing an object as
 * JSON with the fields that matter, words as they are.
 */
export function bodyIn(printed: string): string {
  const text = printed.slice(0, mostBody).trim();
  const start = text.indexOf('{');
  if (start < 0) return asError(unquoted(text));
  const object = text.slice(start, text.lastIndexOf('}') + 1);
  if (isJson(object)) return object;
  const message = fieldOf(object, 'message') ?? fieldOf(object, 'error') ?? fieldOf(object, 'detail');
  if (message === undefined) return asError(text);
  return asError(message, fieldOf(object, 'code'), fieldOf(object, 'type'));
}

function asError(message: string, code?: string, type?: string): string {
  return JSON.stringify({ error: { message, code, type } });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fieldOf(object: string, name: string): string | undefined {
  const match = new RegExp(
    `(?:^|[{,\\s])['"]?${name}['"]?: ?(?:'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)"|(\\d{1,9})\\b)`,
  ).exec(object);
  return (match?.[1] ?? match?.[2] ?? match?.[3])?.replace(/\\(['"\\])/g, '$1');
}

function unquoted(text: string): string {
  return text.replace(/^(["'`])([\s\S]*)\1$/, '$2');
}
