import { type HeaderBag, headerNames, headerValue } from '../headers/headers.ts';
import { firstPart, redact } from './redact.ts';
import { providerId } from './serverToken.ts';

/** Headers about limits, the server that answered, and the request's id. A name of other words may hold anything. */
const kept =
  /^(?:(?:x-)?(?:rate-?limit|tokenlimit|error)(?:-(?:limit|remaining|reset|policy|used|resource|window|unit|type|code|message|model|tier|after|requests?|tokens?|input|output|prompt|generated|cache|cached|adjusted|images?|audio|seconds?|minutes?|hours?|days?|months?|concurrent|concurrency|burst|dynamic|over|query|api|global|user|org|project))*|retry-after|x-request-id|x-inference-provider)$/;
const longestValue = 400;
/** In JSON. */
const mostCharacters = 2048;

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
    const text = shown(name, value);
    if (text === undefined) continue;
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

/** Undefined: not what a header of this name holds. */
function shown(name: string, value: string): string | undefined {
  if (plain.test(value)) return value;
  if (name === 'x-inference-provider') return providerId(value);
  if (name === 'x-request-id') return requestId(value);
  return words(value);
}

function words(value: string): string {
  const first = firstPart(value, mostCharacters);
  return redact(printable.test(first) ? first : first.replace(/[^ -~]/g, '?')).slice(0, longestValue);
}

/** Numbers and durations, and Hugging Face's windows. */
const plain = /^(?:\d{1,9}(?:\.\d{1,6})?[a-z]{0,2}|(?:"[a-z ]{1,16}";?){1,2}(?:;?[a-z]=\d{1,9}){0,3})$/;
const printable = /^[ -~]*$/;

/** Support finds a request by its id, which looks as random as a key: only ids of known forms stay whole. */
function requestId(value: string): string {
  return knownId.test(value) ? value : words(value);
}

const knownId =
  /^(?:Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?|(?:req_)?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|req_[0-9A-Za-z]{16,32}|[0-9a-f]{16}-[A-Z]{3})$/;
