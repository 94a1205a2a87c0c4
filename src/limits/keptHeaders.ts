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
/** Of names and values together, with what JSON puts around them. */
const mostCharacters = 2048;
const aroundEach = 6;

/**
 * The headers of a refusal that are worth keeping, by name in lower case, secrets redacted, at most 2 KiB of JSON in
 * ASCII; undefined when there are none.
 */
export function keptHeaders(headers: HeaderBag): Readonly<Record<string, string>> | undefined {
  const found: [string, string][] = [];
  let left = mostCharacters;
  for (const key of namesOf(headers)) {
    const name = key.toLowerCase();
    if (!kept.test(name)) continue;
    const value = headerValue(headers, key);
    if (value === undefined) continue;
    const shown = redact(value.replace(/[^ -~]/g, '?')).slice(0, longestValue);
    left -= JSON.stringify(name).length + JSON.stringify(shown).length + aroundEach;
    if (left < 0) break;
    found.push([name, shown]);
  }
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function namesOf(headers: HeaderBag): readonly string[] {
  if (headers instanceof Headers || headers instanceof Map) return [...headers.keys()].map(String);
  return typeof headers.get === 'function' ? usualNames : Object.keys(headers);
}
