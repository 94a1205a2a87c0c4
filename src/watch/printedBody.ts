const mostBody = 4096;

/**
 * A response's body from its printed form: JSON stays, an object printed by Python or Node becomes JSON with
 * the fields that matter, words become `{"error": {"message": …}}`.
 */
export function bodyIn(printed: string): string {
  const text = printed.slice(0, mostBody).trim();
  const start = text.indexOf('{');
  if (start < 0) return asError(unquoted(text));
  const object = text.slice(start, text.lastIndexOf('}') + 1);
  if (isJson(object)) return object;
  const message =
    fieldIn(object, fields.message) ?? fieldIn(object, fields.error) ?? fieldIn(object, fields.detail);
  if (message === undefined) return asError(text);
  return asError(message, fieldIn(object, fields.code), fieldIn(object, fields.type));
}

function asError(message: string, code?: string, type?: string): string {
  return JSON.stringify({ error: { message, code, type } });
}

function isJson(text: string): boolean {
  // the first key of a Python or Node object is no JSON: an exception would take longer than all the rest
  if (!/^\{\s*["}]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const fields = {
  message: field('message'),
  error: field('error'),
  detail: field('detail'),
  code: field('code'),
  type: field('type'),
};

function field(name: string): RegExp {
  return new RegExp(
    `(?:^|[{,\\s])['"]?${name}['"]?: ?(?:'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)"|(\\d{1,9})\\b)`,
  );
}

function fieldIn(object: string, field: RegExp): string | undefined {
  const match = field.exec(object);
  return (match?.[1] ?? match?.[2] ?? match?.[3])?.replace(/\\(['"\\])/g, '$1');
}

function unquoted(text: string): string {
  return text.replace(/^(["'`])([\s\S]*)\1$/, '$2');
}
