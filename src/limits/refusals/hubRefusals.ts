import { parseCount } from '../headers/headers.ts';
import type { ErrorResponse } from './errorResponse.ts';
import type { RefusalRule, RuleMatch } from './refusalRule.ts';
import { wordedRetryAt, wordedSeconds } from './wordedTime.ts';

const by = 'huggingface';
/** One report has HF's limit text as `{"error": …}` under a 200. */
const limitStatuses = [200, 403, 429];

/** The Hub's windows and action limits, texts as seen in 2025 and 2026. */
export const hubRules: readonly RefusalRule[] = [
  {
    name: 'hub-window',
    needles: ['hit the quota of\\b'],
    openings: ['we had to rate limit you\\b'],
    statuses: limitStatuses,
    recognise: hubWindow,
  },
  {
    name: 'whoami',
    openings: ["you['’]ve hit the rate limit for\\b"],
    statuses: [429],
    recognise: whoami,
  },
  {
    name: 'anonymous-ip',
    needles: ['rate limit your ip\\b', 'please log in or use a hf access token'],
    openings: ['we had to rate limit your ip\\b', 'rate limit reached\\. please log in'],
    statuses: limitStatuses,
    recognise: anonymousIp,
  },
  {
    name: 'action-limit',
    needles: ['exceeded the rate limit for\\b', 'retry this action in\\b'],
    openings: ['you have exceeded the rate limit for\\b', "you['’]ve been rate limited"],
    statuses: limitStatuses,
    recognise: actionLimit,
  },
  {
    name: 'action-quota',
    needles: ['exceeded our (?:hourly|daily) quota'],
    openings: ['you have (?:been rate-limited: )?exceeded our\\b'],
    statuses: limitStatuses,
    recognise: actionQuota,
  },
];

/** Rules that read headers and the address, for responses whose words match no rule before. */
export const hubHeaderRules: readonly RefusalRule[] = [
  { name: 'full-window', statuses: [429], recognise: fullWindow },
  { name: 'resolver', statuses: [429], recognise: resolver },
];

function hubWindow(response: ErrorResponse): RuleMatch | undefined {
  const match = /hit the quota of (\d[\d,]*) (\S{1,40}) requests per (.{1,30}?) period/.exec(response.text);
  if (!match) return undefined;
  const full = response.windows.find(window => window.bucket === match[2] && window.remaining === 0);
  return {
    cause: 'rate',
    by,
    scope: match[2],
    limit: parseCount(match[1]),
    remaining: full?.remaining,
    windowSeconds: wordedSeconds(match[3] ?? ''),
    resetsAt: full?.resetsAt ?? response.retryAt,
  };
}

/** Counted by IP, so colleagues behind one address share it, and a valid token does not help. */
function whoami(response: ErrorResponse): RuleMatch | undefined {
  const isWhoami = response.address.path.includes('/whoami-v2') || response.text.includes('/whoami-v2');
  if (!isWhoami) return undefined;
  return { cause: 'rate', by, resetsAt: response.retryAt, ...fullWindowOf(response), scope: 'whoami-v2' };
}

/** Also hf-inference's own words, of 2024. */
function anonymousIp(response: ErrorResponse): RuleMatch | undefined {
  if (!/rate limit your IP|Please log in or use a HF access token/.test(response.text)) return undefined;
  return { cause: 'rate', by, resetsAt: response.retryAt, ...fullWindowOf(response), scope: 'anonymous' };
}

const action = /exceeded the rate limit for (.{1,80}?) \((\d[\d,]*) per ([^)]{1,40})\)/;
const retryAction = /retry this action in /;

/** The words have the wait of an action; `Retry-After` and `t` may be those of a window beside it. */
function actionLimit({ text, at, retryAt }: ErrorResponse): RuleMatch | undefined {
  const match = action.exec(text);
  if (!match && !retryAction.test(text)) return undefined;
  return {
    cause: 'quota',
    by,
    scope: match?.[1],
    limit: parseCount(match?.[2]),
    windowSeconds: wordedSeconds(match?.[3] ?? ''),
    resetsAt: wordedRetryAt(text, at, retryAction) ?? retryAt,
  };
}

function actionQuota({ text, retryAt }: ErrorResponse): RuleMatch | undefined {
  const match = /exceeded our (hourly|daily) quotas? for action: ([\w-]{1,60})/.exec(text);
  if (!match) return undefined;
  const windowSeconds = match[1] === 'hourly' ? 3600 : 86_400;
  return { cause: 'quota', by, scope: match[2], windowSeconds, resetsAt: retryAt };
}

/** A 429 of an action limit carries a window with requests left: only an empty window explains a refusal. */
function fullWindow(response: ErrorResponse): RuleMatch | undefined {
  const full = fullWindowOf(response);
  return full && { cause: 'rate', by: response.answeredBy ?? by, resetsAt: response.retryAt, ...full };
}

/** Only the `resolvers` window limits files: https://huggingface.co/docs/hub/rate-limits. */
function resolver(response: ErrorResponse): RuleMatch | undefined {
  const isFile = response.answeredBy === by && response.address.path.includes('/resolve/');
  if (!isFile || response.windows.length > 0) return undefined;
  return { cause: 'rate', by, scope: 'resolvers', resetsAt: response.retryAt };
}

function fullWindowOf(response: ErrorResponse) {
  const window = response.windows.find(candidate => candidate.remaining === 0);
  if (!window) return undefined;
  const { bucket, limit, remaining, windowSeconds, resetsAt } = window;
  return { scope: bucket, limit, remaining, windowSeconds, ...(resetsAt !== undefined && { resetsAt }) };
}
