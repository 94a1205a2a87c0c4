import { parseCount } from '../headers/headers.ts';
import type { Answer } from './answer.ts';
import type { RefusalRule, Verdict } from './refusalRule.ts';
import { wordedSeconds } from './wordedDuration.ts';
import { wordedRetryAt } from './wordedRetry.ts';

const by = 'huggingface';
/** One report has HF's limit text as `{"error": …}` under a 200. */
const limitStatuses = [200, 403, 429];

/** The Hub's windows and action limits, texts as seen in 2025 and 2026. */
export const hubRules: readonly RefusalRule[] = [
  { name: 'hub-window', needles: ['hit the quota of '], statuses: limitStatuses, recognise: hubWindow },
  { name: 'whoami', statuses: [429], recognise: whoami },
  { name: 'whoami-words', needles: ['/whoami-v2'], statuses: [429], recognise: whoamiInWords },
  {
    name: 'anonymous-ip',
    needles: [' ip', 'hf access token'],
    statuses: limitStatuses,
    recognise: anonymousIp,
  },
  {
    name: 'action-limit',
    needles: ['t for ', 'etry this action in '],
    statuses: limitStatuses,
    recognise: actionLimit,
  },
  { name: 'action-quota', needles: ['y quota'], statuses: limitStatuses, recognise: actionQuota },
];

/** What the headers or the address tell when the words do not. */
export const hubHeaderRules: readonly RefusalRule[] = [
  { name: 'full-window', statuses: [429], recognise: fullWindow },
  { name: 'resolver', statuses: [429], recognise: resolver },
];

function hubWindow(answer: Answer): Verdict | undefined {
  const match = /hit the quota of (\d[\d,]*) (\S{1,40}) requests per (.{1,30}?) period/.exec(answer.text);
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

/** Also hf-inference's own words, of 2024. */
function anonymousIp(answer: Answer): Verdict | undefined {
  if (!/rate limit your IP|Please log in or use a HF access token/.test(answer.text)) return undefined;
  return { cause: 'rate', by, resetsAt: answer.retryAt, ...ofFullWindow(answer), scope: 'anonymous' };
}

const action = /exceeded the rate limit for (.{1,80}?) \((\d[\d,]*) per ([^)]{1,40})\)/;
const retryAction = /retry this action in /;

/** The wait of an action is in its words: `Retry-After` and `t` may be those of a window beside it. */
function actionLimit(answer: Answer): Verdict | undefined {
  const { text, at } = answer;
  const match = action.exec(text);
  if (!match && !retryAction.test(text)) return undefined;
  return {
    cause: 'quota',
    by,
    scope: match?.[1],
    limit: parseCount(match?.[2]),
    windowSeconds: wordedSeconds(match?.[3] ?? ''),
    resetsAt: wordedRetryAt(text, at, retryAction) ?? answer.retryAt,
  };
}

function actionQuota(answer: Answer): Verdict | undefined {
  const match = /exceeded our (hourly|daily) quotas? for action: ([\w-]{1,60})/.exec(answer.text);
  if (!match) return undefined;
  return {
    cause: 'quota',
    by,
    scope: match[2],
    windowSeconds: match[1] === 'hourly' ? 3600 : 86_400,
    resetsAt: answer.retryAt,
  };
}

/** Counted by IP: colleagues behind one address share it, and a valid token does not help. */
function whoami(answer: Answer): Verdict | undefined {
  return answer.address.path.includes('/whoami-v2') ? whoamiFull(answer) : undefined;
}

function whoamiInWords(answer: Answer): Verdict | undefined {
  return answer.text.includes('/whoami-v2') ? whoamiFull(answer) : undefined;
}

function whoamiFull(answer: Answer): Verdict {
  return { cause: 'rate', by, resetsAt: answer.retryAt, ...ofFullWindow(answer), scope: 'whoami-v2' };
}

/** A 429 of an action limit carries a window with requests left: only an empty one is to blame. */
function fullWindow(answer: Answer): Verdict | undefined {
  const full = ofFullWindow(answer);
  return full && { cause: 'rate', by: answer.answeredBy ?? by, resetsAt: answer.retryAt, ...full };
}

/** Files are limited by one window only, that of resolvers (https://huggingface.co/docs/hub/rate-limits). */
function resolver(answer: Answer): Verdict | undefined {
  const file = answer.answeredBy === by && answer.address.path.includes('/resolve/');
  if (!file || answer.windows.length > 0) return undefined;
  return { cause: 'rate', by, scope: 'resolvers', resetsAt: answer.retryAt };
}

function ofFullWindow(answer: Answer) {
  const window = answer.windows.find(candidate => candidate.remaining === 0);
  if (!window) return undefined;
  const { bucket, limit, remaining, windowSeconds, resetsAt } = window;
  return { scope: bucket, limit, remaining, windowSeconds, ...(resetsAt !== undefined && { resetsAt }) };
}
