import { headerValue, parseCount } from '../headers/headers.ts';
import { parseRetryAfter } from '../headers/retryAfter.ts';
import type { ErrorResponse } from './errorResponse.ts';
import { providerOf, type RefusalRule, type RuleMatch } from './refusalRule.ts';
import { wordedRetryAt, wordedSeconds } from './wordedTime.ts';

/** Refusals of partner providers, called directly or passed through by the router; bodies as seen in 2026. */
export const providerRules: readonly RefusalRule[] = [
  { name: 'z-ai', statuses: [200, 429], recognise: zAi },
  {
    name: 'worded-window',
    needles: ['on [\\w ]{1,40}? per \\w{1,10} \\(\\w{2,8}\\): limit\\b'],
    openings: ['rate limit (?:reached|exceeded) (?:for|on)\\b', 'request too large for model\\b'],
    // Groq answers 413 to a request that is larger than the whole window.
    statuses: [200, 413, 429],
    recognise: wordedWindow,
  },
  {
    name: 'cerebras',
    needles: ['(?:tokens|requests) per (?:minute|hour|day) limit exceeded', 'queue_exceeded'],
    statuses: [200, 429],
    recognise: cerebras,
  },
  {
    name: 'together',
    needles: ['dynamic_(?:request|token)_limited'],
    statuses: [200, 429],
    recognise: together,
  },
  { name: 'replicate', needles: ['request was throttled'], statuses: [200, 429], recognise: replicate },
  {
    name: 'short-words',
    needles: ['[tr]p[mhd]\\b.{0,20}\\b(?:limit|exceed)', '(?:limit|exceed\\w*)\\b.{0,30}\\b[tr]p[mhd]\\b'],
    statuses: [200, 429],
    recognise: shortWords,
  },
  {
    name: 'concurrency',
    needles: ['concurren(?:t|cy)', 'simultaneous requests'],
    statuses: [200, 429],
    recognise: ({ retryAt }) => ({ cause: 'concurrency', resetsAt: retryAt }),
  },
];

/** Z.ai's business codes behind a 429. Its times have no time zone, so they are no resets. */
function zAi(response: ErrorResponse): RuleMatch | undefined {
  const code = businessCode(response.code) ?? businessCode(response.type);
  if (code === undefined || (providerOf(response) ?? 'zai-org') !== 'zai-org') return undefined;
  const refused = { by: 'zai-org', resetsAt: response.retryAt };
  switch (code) {
    case '1113':
      return { cause: 'credits', by: 'zai-org', scope: 'provider balance' };
    case '1302':
      return { cause: 'concurrency', ...refused };
    case '1303':
      return { cause: 'rate', scope: 'requests', ...refused };
    case '1308':
    case '1310':
      return { cause: 'rate', scope: 'usage window', ...refused };
    default:
      return undefined;
  }
}

function businessCode(name: string | undefined): string | undefined {
  return name?.length === 4 && /^\d{4}$/.test(name) ? name : undefined;
}

const window =
  /\bon ([\w ]{1,40}?) per (\w{1,10}) \((\w{2,8})\): Limit (\d+(?:,\d{3})*)(?:, Used (\d+(?:,\d{3})*))?/;

/**
 * Groq's and OpenAI's words: `… on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please
 * try again in 11.455s.`
 */
function wordedWindow(response: ErrorResponse): RuleMatch | undefined {
  const { text, at, retryAt } = response;
  const match = window.exec(text);
  if (!match) return undefined;
  const limit = parseCount(match[4]);
  const used = parseCount(match[5]);
  return {
    cause: /token/i.test(match[1] ?? '') ? 'tokens' : 'rate',
    by: providerOf(response) ?? (text.includes('service tier') ? 'groq' : undefined),
    scope: `${match[1]} per ${match[2]}`,
    limit,
    remaining: limit === undefined || used === undefined ? undefined : Math.max(0, limit - used),
    windowSeconds: wordedSeconds(match[2] ?? ''),
    resetsAt: retryAt ?? wordedRetryAt(text, at),
    model: /for model `([^`]{1,120})`/.exec(text)?.[1],
  };
}

function cerebras(response: ErrorResponse): RuleMatch | undefined {
  const by = providerOf(response) ?? 'cerebras';
  if (response.code === 'queue_exceeded') return { cause: 'capacity', by, resetsAt: response.retryAt };
  const match = /\b(tokens|requests) per (minute|hour|day) limit exceeded/i.exec(response.text);
  const [, what = '', unit = ''] = match ?? [];
  if (!match) return undefined;
  const family = `${what}-${unit}`.toLowerCase();
  return {
    cause: /token/i.test(what) ? 'tokens' : 'rate',
    by,
    scope: `${what} per ${unit}`.toLowerCase(),
    limit: parseCount(headerValue(response.headers, `x-ratelimit-limit-${family}`)),
    remaining: parseCount(headerValue(response.headers, `x-ratelimit-remaining-${family}`)),
    windowSeconds: wordedSeconds(unit),
    resetsAt:
      response.retryAt ??
      parseRetryAfter(headerValue(response.headers, `x-ratelimit-reset-${family}`), response.at),
  };
}

function together(response: ErrorResponse): RuleMatch | undefined {
  const match = /^dynamic_(request|token)_limited$/.exec(response.type ?? response.code ?? '');
  if (!match) return undefined;
  return {
    cause: match[1] === 'token' ? 'tokens' : 'rate',
    by: providerOf(response) ?? 'together',
    scope: `${match[1]}s`,
    resetsAt:
      response.retryAt ?? parseRetryAfter(headerValue(response.headers, 'x-ratelimit-reset'), response.at),
  };
}

const units: Readonly<Record<string, string>> = { m: 'minute', h: 'hour', d: 'day' };

/** Relays' words: `TPM limit reached for this model, please slow down`. */
function shortWords({ text, at, retryAt }: ErrorResponse): RuleMatch | undefined {
  const [, what = '', unit = ''] = /\b([TR])P([MHD])\b/i.exec(text) ?? [];
  const name = units[unit.toLowerCase()];
  if (name === undefined) return undefined;
  const isTokens = what.toLowerCase() === 't';
  return {
    cause: isTokens ? 'tokens' : 'rate',
    scope: `${isTokens ? 'tokens' : 'requests'} per ${name}`,
    windowSeconds: wordedSeconds(name),
    resetsAt: retryAt ?? wordedRetryAt(text, at),
  };
}

/**
 * Replicate's words: `Request was throttled. Your rate limit … is reduced to 6 requests per minute … while
 * you have less than $5.0 in credit. Your rate limit resets in ~5s.`
 */
function replicate(response: ErrorResponse): RuleMatch {
  const { text, at, retryAt } = response;
  const reduced = /reduced to (\d{1,6}) requests per minute/.exec(text)?.[1];
  return {
    cause: 'rate',
    // Django's REST framework begins with the same words by default
    by: providerOf(response) ?? (/resets in ~/.test(text) ? 'replicate' : undefined),
    ...(reduced !== undefined && { scope: 'requests per minute', limit: Number(reduced), windowSeconds: 60 }),
    resetsAt: retryAt ?? wordedRetryAt(text, at),
  };
}
