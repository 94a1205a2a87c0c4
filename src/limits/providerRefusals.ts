import type { Answer } from './answer.ts';
import { parseCount, type RefusalRule, type Verdict } from './refusalRule.ts';
import { parseRetryAfter } from './retryAfter.ts';
import { wordedSeconds } from './wordedDuration.ts';

/** Refusals of partner providers, called directly or passed through by the router; bodies as seen in 2026. */
export const providerRules: readonly RefusalRule[] = [
  { name: 'provider-balance', statuses: [400, 402, 403, 429], recognise: providerBalance },
  { name: 'z-ai', statuses: [429], recognise: zAi },
  // Groq refuses a request that is larger than the whole window with 413.
  { name: 'worded-window', statuses: [413, 429], recognise: wordedWindow },
  { name: 'cerebras', statuses: [429], recognise: cerebras },
  { name: 'together', statuses: [429], recognise: together },
  { name: 'replicate', statuses: [429], recognise: replicate },
  { name: 'concurrency', statuses: [429], recognise: concurrency },
];

/** The account at the provider has no money: HF's there, or the owner's of a custom key. */
function providerBalance(answer: Answer): Verdict | undefined {
  const text = `${answer.text} ${answer.code ?? ''} ${answer.type ?? ''}`;
  if (!/NOT_ENOUGH_BALANCE|insufficient[ _]balance|insufficient_quota/i.test(text)) return undefined;
  return { cause: 'credits', scope: 'provider balance' };
}

function zAi(answer: Answer): Verdict | undefined {
  if (answer.answeredBy !== undefined && answer.answeredBy !== 'zai-org') return undefined;
  if (answer.code === '1113') return { cause: 'credits', by: 'zai-org', scope: 'provider balance' };
  // Its text names a time without a zone: not a reset that can be trusted.
  if (answer.code === '1308') {
    return { cause: 'rate', by: 'zai-org', scope: 'usage window', resetsAt: answer.retryAt };
  }
  return undefined;
}

/** Groq's and OpenAI's: `… on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s.` */
function wordedWindow(answer: Answer): Verdict | undefined {
  const match =
    /\bon ([\w ]{1,40}?) per (\w{1,10}) \((\w{2,8})\): Limit (\d+(?:,\d{3})*)(?:, Used (\d+(?:,\d{3})*))?/i.exec(
      answer.text,
    );
  if (!match) return undefined;
  const limit = parseCount(match[4]);
  const used = parseCount(match[5]);
  const retryIn = /try again in ((?:[\d.]+[a-zµμ]{1,2})+)/i.exec(answer.text)?.[1];
  return {
    cause: /token/i.test(match[1] ?? '') ? 'tokens' : 'rate',
    by: answer.answeredBy ?? (answer.text.includes('service tier') ? 'groq' : undefined),
    scope: `${match[1]} per ${match[2]}`,
    limit,
    remaining: limit === undefined || used === undefined ? undefined : Math.max(0, limit - used),
    windowSeconds: wordedSeconds(match[2] ?? ''),
    resetsAt: answer.retryAt ?? parseRetryAfter(retryIn, answer.at),
    model: /for model `([^`]{1,120})`/.exec(answer.text)?.[1],
  };
}

function cerebras(answer: Answer): Verdict | undefined {
  const by = answer.answeredBy ?? 'cerebras';
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
    by: answer.answeredBy ?? 'together',
    scope: `${match[1]}s`,
    resetsAt: answer.retryAt ?? parseRetryAfter(answer.header('x-ratelimit-reset'), answer.at),
  };
}

function replicate(answer: Answer): Verdict | undefined {
  const match = /request was throttled\b.*\brate limit resets in ([^.]{1,30})/i.exec(answer.text);
  if (!match) return undefined;
  const seconds = wordedSeconds(match[1] ?? '');
  return {
    cause: 'rate',
    by: answer.answeredBy ?? 'replicate',
    resetsAt: answer.retryAt ?? (seconds === undefined ? undefined : answer.at + seconds * 1000),
  };
}

function concurrency(answer: Answer): Verdict | undefined {
  if (!/concurren(?:t|cy)|simultaneous requests/i.test(answer.text)) return undefined;
  return { cause: 'concurrency', resetsAt: answer.retryAt };
}
