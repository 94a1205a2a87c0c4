import type { Answer } from './answer.ts';
import { parseCount, type RefusalRule, type Verdict } from './refusalRule.ts';
import { wordedSeconds } from './wordedDuration.ts';

const by = 'huggingface';
/** One report has HF's limit text as `{"error": …}` under a 200. */
const limitStatuses = [200, 403, 429];

/** Hugging Face's own refusals, texts as seen in 2025 and 2026. */
export const hubRules: readonly RefusalRule[] = [
  { name: 'hub-window', statuses: limitStatuses, recognise: hubWindow },
  { name: 'anonymous-ip', statuses: limitStatuses, recognise: anonymousIp },
  { name: 'action-limit', statuses: limitStatuses, recognise: actionLimit },
  { name: 'action-quota', statuses: limitStatuses, recognise: actionQuota },
  { name: 'zero-gpu', statuses: [...limitStatuses, 400, 402, 503], recognise: zeroGpu },
  { name: 'whoami', statuses: [429], recognise: whoami },
  { name: 'full-window', statuses: [429], recognise: fullWindow },
  { name: 'monthly-credits', statuses: [402], recognise: monthlyCredits },
  { name: 'pay-as-you-go', statuses: [400, 402, 403], recognise: payAsYouGo },
  { name: 'prepaid-jobs', statuses: [402], recognise: prepaidJobs },
  { name: 'spending-limit', statuses: [402, 403], recognise: spendingLimit },
];

function hubWindow(answer: Answer): Verdict | undefined {
  const match = /hit the quota of (\d[\d,]*) (\S{1,40}) requests per (.{1,30}?) period/i.exec(answer.text);
  if (!match) return undefined;
  const full = answer.windows.find(window => window.bucket === match[2] && window.remaining === 0);
  return {
    cause: 'rate',
    by,
    scope: match[2],
    limit: parseCount(match[1]),
    remaining: full?.remaining,
    windowSeconds: wordedSeconds(match[3] ?? ''),
    resetsAt: full?.resetsAt ?? answer.retryAt,
  };
}

function anonymousIp(answer: Answer): Verdict | undefined {
  if (!/rate limit your IP/i.test(answer.text)) return undefined;
  return { cause: 'rate', by, ...ofFullWindow(answer), scope: 'anonymous' };
}

function actionLimit(answer: Answer): Verdict | undefined {
  const match = /exceeded the rate limit for (.{1,80}?) \((\d[\d,]*) per ([^)]{1,40})\)/i.exec(answer.text);
  if (!match) return undefined;
  const retryIn = wordedSeconds(/retry this action in ([^.]{1,40})/i.exec(answer.text)?.[1] ?? '');
  return {
    cause: 'quota',
    by,
    scope: match[1],
    limit: parseCount(match[2]),
    windowSeconds: wordedSeconds(match[3] ?? ''),
    resetsAt: answer.retryAt ?? (retryIn === undefined ? undefined : answer.at + retryIn * 1000),
  };
}

function actionQuota(answer: Answer): Verdict | undefined {
  const match = /exceeded our (hourly|daily) quotas? for action: ([\w-]{1,60})/i.exec(answer.text);
  if (!match) return undefined;
  return {
    cause: 'quota',
    by,
    scope: match[2],
    windowSeconds: match[1]?.toLowerCase() === 'hourly' ? 3600 : 86_400,
    resetsAt: answer.retryAt,
  };
}

function zeroGpu(answer: Answer): Verdict | undefined {
  if (!/exceeded your .{0,30}(?:ZeroGPU|GPU) quota/i.test(answer.text)) return undefined;
  return { cause: 'quota', by, scope: 'ZeroGPU', resetsAt: answer.retryAt };
}

/** Counted by IP: colleagues behind one address share it, and a valid token does not help. */
function whoami(answer: Answer): Verdict | undefined {
  if (!/\/whoami-v2\b/.test(`${answer.path} ${answer.text}`)) return undefined;
  return { cause: 'rate', by, resetsAt: answer.retryAt, ...ofFullWindow(answer), scope: 'whoami-v2' };
}

/** A 429 of an action limit carries a window with requests left: only an empty one is to blame. */
function fullWindow(answer: Answer): Verdict | undefined {
  const full = ofFullWindow(answer);
  return full && { cause: 'rate', by: answer.answeredBy ?? by, resetsAt: answer.retryAt, ...full };
}

function ofFullWindow(answer: Answer) {
  const window = answer.windows.find(candidate => candidate.remaining === 0);
  if (!window) return undefined;
  const { bucket, limit, remaining, windowSeconds, resetsAt } = window;
  return { scope: bucket, limit, remaining, windowSeconds, ...(resetsAt !== undefined && { resetsAt }) };
}

function monthlyCredits(answer: Answer): Verdict | undefined {
  const included = /(?:depleted|exceeded) your monthly included credits/i.test(answer.text);
  const provider = /free monthly usage limit for ([\w-]{1,60})|to continue using ([\w-]{1,60})\./i.exec(
    answer.text,
  );
  if (included) return { cause: 'credits', by, scope: 'monthly included credits' };
  if (!provider || !/add pre-?paid credits/i.test(answer.text)) return undefined;
  return { cause: 'credits', by, scope: provider[1] ?? provider[2] };
}

/** No money helps here: HF can't bill this provider yet. */
function payAsYouGo(answer: Answer): Verdict | undefined {
  const match = /pay-as-you-?\s?go is not enabled for provider ([\w-]{1,60})/i.exec(answer.text);
  return match ? { cause: 'quota', by: match[1], scope: 'pay-as-you-go' } : undefined;
}

function prepaidJobs(answer: Answer): Verdict | undefined {
  if (!/pre-?paid credit balance is insufficient/i.test(answer.text)) return undefined;
  return { cause: 'credits', by, scope: /to use (\w{1,40})/i.exec(answer.text)?.[1] };
}

function spendingLimit(answer: Answer): Verdict | undefined {
  return /\bspend(?:ing)?[ -]limit/i.test(answer.text) ? { cause: 'spending-limit', by } : undefined;
}
