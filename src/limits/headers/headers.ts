/** Response headers of `fetch`, undici or `node:http`. */
export type HeaderBag = HeaderMap | Readonly<Record<string, string | readonly string[] | undefined>>;

interface HeaderMap {
  get(name: string): string | null | undefined;
  keys(): Iterable<string>;
}

/** Node's limit for all headers of a response together. */
export const longestValue = 16_384;

/**
 * The header's value, several lines joined by commas (RFC 9110); undefined: missing, or longer than 16 KiB.
 */
export function headerValue(headers: HeaderBag, name: string): string | undefined {
  if (isMap(headers)) return bounded(headers.get(name) ?? undefined);
  const value = headers[name] ?? headers[keyLike(headers, name) ?? ''];
  return value === undefined || typeof value === 'string' ? bounded(value) : bounded(value.join(', '));
}

/** For the few libraries that do not write names in lower case. */
function keyLike(headers: object, name: string): string | undefined {
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name.toLowerCase()) return key;
  }
  return undefined;
}

/** The same headers for many look-ups: a plain object is walked over once. */
export function indexed(headers: HeaderBag): HeaderBag {
  if (isMap(headers)) return headers;
  const byName = new Map<string, string>();
  for (const key in headers) {
    const value = headers[key];
    if (value !== undefined)
      byName.set(key.toLowerCase(), typeof value === 'string' ? value : value.join(', '));
  }
  return byName;
}

/** `12,000`, `12000`, and `9.0` as one provider sends it. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const digits = text.replaceAll(',', '').replace(/\.0+$/, '');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

function bounded(value: string | undefined): string | undefined {
  return value !== undefined && value.length > longestValue ? undefined : value;
}

/** As the server or its library spells them. */
export function headerNames(headers: HeaderBag): Iterable<string> {
  return isMap(headers) ? headers.keys() : Object.keys(headers);
}

function isMap(headers: HeaderBag): headers is HeaderMap {
  return typeof headers.get === 'function';
}
