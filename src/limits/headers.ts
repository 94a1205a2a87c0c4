/** Response headers as `fetch`, undici or `node:http` hand them over. */
export type HeaderBag =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** One header's value, several lines joined as HTTP says; undefined when it is not there. */
export function headerValue(headers: HeaderBag, name: string): string | undefined {
  if (isGetter(headers)) return headers.get(name) ?? undefined;
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() !== name.toLowerCase() || value === undefined) continue;
    return typeof value === 'string' ? value : value.join(', ');
  }
  return undefined;
}

function isGetter(headers: HeaderBag): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === 'function';
}
