import { type HeaderBag, headerNames, headerValue } from '../headers/headers.ts';
import { redact } from './redact.ts';

/** Headers about limits, the server that answered, and the request's id. */
const kept =
  /^(?:(?:x-)?(?:rate-?limit|tokenlimit|error)(?:-|$)|retry-after$|x-request-id$|x-inference-provider$)/;
const longestValue = 400;
/** In JSON. */
const mostCharacters = 2048;
/** Shorter values are numbers and times, no secrets. */
const longestPlain = 15;

/**
 * The headers to keep of a refusal: names in lower case, secrets redacted, at most 2 KiB of JSON in ASCII.
 */
export function keptHeaders(headers: HeaderBag): Readonly<Record<string, string>> | undefined {
  let found: Record<string, string> | undefined;
  let left = mostCharacters;
  for (const key of headerNames(headers)) {
    const name = keptName(key);
    if (name === undefined) continue;
    const value = headerValue(headers, key);
    if (value === undefined) continue;
    const text = shown(value, name.startsWith('ratelimit'));
    // with a colon and a comma
    left -= JSON.stringify(name).length + JSON.stringify(text).length + 2;
    if (left < 0) break;
    found ??= {};
    found[name] = text;
  }
  return found;
}

/** Cache by the server's spelling: the same names come again and again. */
const known = new Map<string, string | undefined>();
const mostKnown = 500;

/** The name in lower case; undefined: the header is not kept. */
function keptName(key: string): string | undefined {
  if (known.has(key)) return known.get(key);
  const lower = key.toLowerCase();
  const name = kept.test(lower) ? lower : undefined;
  if (known.size < mostKnown && key.length < 60) known.set(key, name);
  return name;
}

/** @param structured a standard field, which holds names and numbers only */
function shown(value: string, structured: boolean): string {
  const ascii = printable.test(value) ? value : value.replace(/[^ -~]/g, '?');
  const text = structured || ascii.length <= longestPlain ? ascii : redact(ascii);
  return text.slice(0, longestValue);
}

const printable = /^[ -~]*$/;
