import { parseCount } from '../headers/headers.ts';
import { parseRetryAfter } from '../headers/retryAfter.ts';
import type { Answer } from './answer.ts';
import { providerOf, type RefusalRule, type Verdict } from './refusalRule.ts';
import { wordedSeconds } from './wordedDuration.ts';
import { wordedRetryAt } from './wordedRetry.ts';

/** Refusals of partner providers, called directly or passed through by the router; bodies as seen in 2026. */
export const providerRules: readonly RefusalRule[] = [
  { name: 'z-ai', statuses: [200, 429], recognise: zAi },
  // Groq refuses a request that is larger than the whole window with 413.
  { name: 'worded-window', needles: ['): limit '], statuses: [200, 413, 429], recognise: wordedWindow },
  {
    name: 'cerebras',
    needles: ['t exceeded', 'ue_exceeded'],
    statuses: [200, 429],
    recognise: cerebras,
  },
  { name: 'together', needles: ['dynamic_'], statuses: [200, 429], recognise: together },
  { name: 'replicate', needles: ['was throttled'], statuses: [200, 429], recognise: replicate },
  {
    name: 'concurrency',
    needles: ['concurren', 'simultaneous requests'],
    statuses: [200, 429],
    recognise: concurrency,
  },
];

/** Business codes of Z.ai behind a 429; its times have no zone, so they are not resets that can be trusted. */
function zAi(answer: Answer): Verdict | undefined {
  const code = businessCode(answer.code) ?? businessCode(answer.type);
  if (code === undefined || (providerOf(answer) ?? 'zai-org') !== 'zai-org') return undefined;
  const refused = { by: 'zai-org', resetsAt: answer.retryAt };
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

/** Groq's and OpenAI's: `… on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s.` */
function wordedWindow(answer: Answer): Verdict | undefined {
  const match = window.exec(answer.text);
  if (!match) return undefined;
  const limit = parseCount(match[4]);
  const used = parseCount(match[5]);
  return {
    cause: /token/i.test(match[1] ?? '') ? 'tokens' : 'rate',
    by: providerOf(answer) ?? (answer.text.includes('service tier') ? 'groq' : undefined),
    scope: `${match[1]} per ${match[2]}`,
    limit,
    remaining: limit === undefined || used === undefined ? undefined : Math.max(0, limit - used),
    windowSeconds: wordedSeconds(match[2] ?? ''),
    resetsAt: answer.retryAt ?? wordedRetryAt(answer.text, answer.at),
    model: /for model `([^`]{1,120})`/.exec(answer.text)?.[1],
  };
}

function cerebras(answer: Answer): Verdict | undefined {
  const by = providerOf(answer) ?? 'cerebras';
  if (answer.code === 'queue_exceeded') return { cause: 'capacity', by, resetsAt: answer.retryAt };
  const match = /\b(tokens|requests) per (minute|hour|day) limit exceeded/i.exec(answer.text);
  const [, what = '', unit = ''] = match ?? [];
  if (!match) return undefined;
  const family = `${what}-${unit}`.toLowerCase();
  return {
    cause: /token/i.test(what) ? 'tokens' : 'rate',
    by,
    scope: `${what} per ${unit}`.toLowerCase(),
    limit: parseCount(answer.header(`x-ratelimit-limit-${family}`)),
    remaining: parseCount(answer.header(`x-ratelimit-remaining-${family}`)),
    windowSeconds: wordedSeconds(unit),
    resetsAt: answer.retryAt ?? parseRetryAfter(answer.header(`x-ratelimit-reset-${family}`), answer.at),
  };
}

function together(answer: Answer): Verdict | undefined {
  const match = /^dynamic_(request|token)_limited$/.exec(answer.type ?? answer.code ?? '');
  if (!match) return undefined;
  return {
    cause: match[1] === 'token' ? 'tokens' : 'rate',
    by: providerOf(answer) ?? 'together',
    scope: `${match[1]}s`,
    resetsAt: answer.retryAt ?? parseRetryAfter(answer.header('x-ratelimit-reset'), answer.at),
  };
}

/** `… reduced to 6 requests per minute … while you have less than $5.0 in credit. Your rate limit resets in ~5s.` */
function replicate(answer: Answer): Verdict | undefined {
  if (!/request was throttled/i.test(answer.text)) return undefined;
  const reduced = /reduced to (\d{1,6}) requests per minute/.exec(answer.text)?.[1];
  return {
    cause: 'rate',
    by: providerOf(answer) ?? 'replicate',
    ...(reduced !== undefined && {
      scope: 'requests per minute',
      limit: Number(reduced),
      windowSeconds: 60,
    }),
    resetsAt: answer.retryAt ?? wordedRetryAt(answer.text, answer.at),
  };
}

function concurrency(answer: Answer): Verdict | undefined {
  if (!/concurren(?:t|cy)|simultaneous requests/i.test(answer.text)) return undefined;
  return { cause: 'concurrency', resetsAt: answer.retryAt };
}
