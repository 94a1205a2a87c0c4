import { longestWindowMs } from '../bounds.ts';
import { parseHttpDate } from './httpDate.ts';
import { resetAt } from './rateLimit.ts';

const unitMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};
const longestText = 64;

/**
 * Epoch ms in `Retry-After` or a provider's reset header: seconds (`30`, `33011.38`), a Go duration
 * (`2m59.56s`, `20ms`), an ISO date or one of the three HTTP dates (RFC 9110). Undefined for everything else,
 * negative values, and more than 32 days ahead; never throws.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '' || text.length > longestText) return undefined;
  const delayMs = secondsMs(text) ?? goDurationMs(text);
  if (delayMs !== undefined) return resetAt(delayMs, now);
  const at = isoDate(text) ?? parseHttpDate(text, now);
  return at !== undefined && at - now <= longestWindowMs ? at : undefined;
}

function secondsMs(text: string): number | undefined {
  return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) * 1000 : undefined;
}

const goPart = /(\d+(?:\.\d+)?)(ms|µs|μs|us|ns|h|m|s)/y;

/** Milliseconds of a Go duration such as `1h2m`, `7.66s` or `20ms`; undefined for anything else. */
function goDurationMs(text: string): number | undefined {
  let total = 0;
  goPart.lastIndex = 0;
  while (goPart.lastIndex < text.length) {
    const part = goPart.exec(text);
    if (!part) return undefined;
    total += Number(part[1]) * (unitMs[part[2] ?? ''] ?? Number.NaN);
  }
  return total;
}

function isoDate(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text,
  );
  if (!match) return undefined;
  const zone = (match[3] ?? 'Z').toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const at = Date.parse(match[2] === undefined ? `${match[1]}` : `${match[1]}T${match[2]}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}
