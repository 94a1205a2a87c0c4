import { type HeaderBag, headerValue } from './headers.ts';
import { redact } from './redact.ts';

/** Those that tell of limits, of who answered and of which request it was. */
const kept =
  /^(?:(?:x-)?(?:rate-?limit|tokenlimit|error)(?:-|$)|retry-after$|x-request-id$|x-inference-provider$)/;
/** For headers that can only be asked for by name. */
const usualNames = [
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
  'x-error-code',
  'x-error-message',
  'x-request-id',
  'x-inference-provider',
];
const longestValue = 400;
/** Of JSON. */
const mostCharacters = 2048;
/** Quotes, colon and comma around a name and its value, and the braces. */
const aroundEach = 6;
/** Shorter ones are numbers and times: no secret is in them. */
const longestPlain = 15;

/**
 * The headers of a refusal that are worth keeping, by name in lower case, secrets redacted, at most 2 KiB of JSON in
 * ASCII; undefined when there are none.
 */
export function keptHeaders(headers: HeaderBag): Readonly<Record<string, string>> | undefined {
  let found: Record<string, string> | undefined;
  let left = mostCharacters;
  for (const key of namesOf(headers)) {
    if (!mayBeKept(key)) continue;
    const name = key.toLowerCase();
    if (!kept.test(name)) continue;
    const value = headerValue(headers, key);
    if (value === undefined) continue;
    const text = shown(value);
    left -= written(name) + written(text) + aroundEach;
    if (left < 0) break;
    found ??= {};
    found[name] = text;
  }
  return found;
}

function namesOf(headers: HeaderBag): readonly string[] {
  if (typeof headers.get !== 'function') return Object.keys(headers);
  return headers instanceof Headers || headers instanceof Map ? [...headers.keys()].map(String) : usualNames;
}

/** By the first letter, since most headers are others. */
function mayBeKept(name: string): boolean {
  const first = name.charCodeAt(0) | 32;
  return first === 114 || first === 120;
}

function shown(value: string): string {
  const ascii = /[^ -~]/.test(value) ? value.replace(/[^ -~]/g, '?') : value;
  return ascii.length > longestPlain ? redact(ascii).slice(0, longestValue) : ascii;
}

/** Characters of a text in JSON, at most. */
function written(text: string): number {
  let escaped = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 34 || code === 92) escaped++;
  }
  return text.length + escaped;
}
