import { parseCount } from '../headers/headers.ts';
import { parseProviderHeaders, scopeOf } from '../headers/providerHeaders.ts';
import type { RateWindow } from '../headers/rateLimit.ts';
import type { Answer } from './answer.ts';
import { hubQuotaRules } from './hubQuotas.ts';
import { hubHeaderRules, hubRules } from './hubRefusals.ts';
import { moneyRules } from './moneyRefusals.ts';
import { providerRules } from './providerRefusals.ts';
import { providerOf, type RefusalRule, type Verdict } from './refusalRule.ts';
import { wordedSeconds } from './wordedDuration.ts';
import { wordedRetryAt } from './wordedRetry.ts';

/** What holds when nobody's known words do: the status alone, and the server's own words for people. */
const fallbackRules: readonly RefusalRule[] = [
  {
    name: 'capacity',
    needles: ['erload', 'pacity', 'ueue', 'high ', 'busy'],
    statuses: [200, 429, 500, 503, 529],
    recognise: capacity,
  },
  { name: 'full-platform', statuses: [503], recognise: fullPlatform },
  { name: 'payment', statuses: [402], recognise: payment },
  {
    name: 'counted-words',
    needles: ['token', 'request', 'queries', 'calls'],
    statuses: [200, 429],
    recognise: countedWords,
  },
  { name: 'spent-by-headers', statuses: [429], recognise: spentByHeaders },
  { name: 'rate', needles: ['limit', 'throttled'], statuses: [200, 429], recognise: rate },
  {
    name: 'unknown',
    statuses: [402, 429],
    recognise: answer => ({ cause: 'unknown', resetsAt: answer.retryAt }),
  },
];

/** In order: the first that recognises an answer decides. */
export const refusalRules: readonly RefusalRule[] = [
  ...hubRules,
  ...hubQuotaRules,
  ...moneyRules,
  ...hubHeaderRules,
  ...providerRules,
  ...fallbackRules,
];

const overloaded =
  /overload|(?:at|over|no|out of) capacity|queue (?:is )?full|high (?:demand|load|traffic)|\bbusy\b/;

function capacity(answer: Answer): Verdict | undefined {
  return overloaded.test(answer.words) ? { cause: 'capacity', resetsAt: answer.retryAt } : undefined;
}

/** A 503 of a provider means its platform is full; HF's own and an endpoint's may be anything. */
function fullPlatform(answer: Answer): Verdict | undefined {
  // hf-inference: a model that is not in memory yet.
  if (providerOf(answer) === undefined || /\bloading\b/i.test(answer.text)) return undefined;
  return { cause: 'capacity', resetsAt: answer.retryAt };
}

function payment({ text }: Answer): Verdict | undefined {
  const worded =
    /insufficient|out of credits?|add (?:more )?credits?|payment required|monthly credits|quota (?:is )?(?:exceeded|exhausted)/i;
  return worded.test(text) ? { cause: 'credits' } : undefined;
}

const counted = /\b(tokens|requests|queries|calls) ?(?:per|\/) ?(second|minute|hour|day|month)\b/i;
const countBefore = /(\d[\d,]{0,15}(?:\.\d)?) (?:input |output |total |API )?$/i;

/** `Your rate limit is 60 queries per minute`, `limited to 20 API calls / minute`, from whomever. */
function countedWords({ text, words, retryAt, at }: Answer): Verdict | undefined {
  const match = counted.exec(text);
  if (!match || !/limit|exceed|quota|throttl/.test(words)) return undefined;
  const [, what = '', unit = ''] = match;
  const before = text.slice(Math.max(0, match.index - 30), match.index);
  return {
    cause: /token/i.test(what) ? 'tokens' : 'rate',
    scope: `${what} per ${unit}`.toLowerCase(),
    limit: parseCount(countBefore.exec(before)?.[1]),
    // A month has no length.
    windowSeconds: /month/i.test(unit) ? undefined : wordedSeconds(unit),
    resetsAt: retryAt ?? wordedRetryAt(text, at),
  };
}

/** The provider's window that its own headers show as used up; of several the one that opens last. */
function spentByHeaders(answer: Answer): Verdict | undefined {
  const { retryAt, at } = answer;
  const windows = parseProviderHeaders({ get: answer.header }, providerOf(answer), at);
  const spent = windows
    .filter(({ remaining }) => remaining === 0)
    .map(window => ({ ...window, resetsAt: retryAt ?? window.resetsAt }))
    .reduce<RateWindow | undefined>(
      (last, next) => (last && (last.resetsAt ?? 0) >= (next.resetsAt ?? 0) ? last : next),
      undefined,
    );
  if (!spent) return undefined;
  const { unit, limit, windowSeconds, resetsAt } = spent;
  const cause = unit === 'tokens' ? 'tokens' : 'rate';
  return { cause, scope: scopeOf(spent), limit, remaining: 0, windowSeconds, resetsAt };
}

/** `Too Many Requests` is the name of the status and tells nothing. */
function rate({ text, words, retryAt, at }: Answer): Verdict | undefined {
  if (!/rate[ -_]?limit|throttled|usage limits?\b/.test(words)) return undefined;
  return { cause: 'rate', resetsAt: retryAt ?? wordedRetryAt(text, at) };
}
