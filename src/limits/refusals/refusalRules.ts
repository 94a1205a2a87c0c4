import { parseCount } from '../headers/headers.ts';
import { parseProviderHeaders, scopeOf } from '../headers/providerHeaders.ts';
import type { RateWindow } from '../headers/rateLimit.ts';
import type { ErrorResponse } from './errorResponse.ts';
import { hubQuotaRules } from './hubQuotas.ts';
import { hubHeaderRules, hubRules } from './hubRefusals.ts';
import { moneyRules } from './moneyRefusals.ts';
import { planRules } from './planGates.ts';
import { providerRules } from './providerRefusals.ts';
import { needlePattern, providerOf, type RefusalRule, type RuleMatch } from './refusalRule.ts';
import { wordedRetryAt, wordedSeconds } from './wordedTime.ts';

/** For responses of any server, when no known words match: the words that most use, then the status alone. */
const fallbackRules: readonly RefusalRule[] = [
  {
    name: 'capacity',
    needles: [
      'overload',
      '(?:at|over|no|out of) capacity',
      'queue (?:is )?full',
      'high (?:demand|load|traffic)',
      'busy\\b',
    ],
    statuses: [200, 429, 500, 503, 529],
    recognise: ({ retryAt }) => ({ cause: 'capacity', resetsAt: retryAt }),
  },
  { name: 'full-platform', statuses: [503], recognise: fullPlatform },
  { name: 'payment', statuses: [402], recognise: payment },
  {
    name: 'counted-words',
    needles: ['(?:tokens|requests|queries|calls) ?(?:per|/) ?(?:second|minute|hour|day|month)\\b'],
    statuses: [200, 429],
    recognise: countedWords,
  },
  { name: 'spent-by-headers', statuses: [429], recognise: spentByHeaders },
  {
    // `Too Many Requests` is the name of the status and says nothing.
    name: 'rate',
    needles: ['rate[ _-]?limit', 'throttled', 'usage limits?\\b'],
    statuses: [200, 429],
    recognise: ({ text, retryAt, at }) => ({ cause: 'rate', resetsAt: retryAt ?? wordedRetryAt(text, at) }),
  },
  {
    name: 'unknown',
    statuses: [402, 429],
    recognise: ({ retryAt }) => ({ cause: 'unknown', resetsAt: retryAt }),
  },
];

/** In order: the first that matches a response decides. */
export const refusalRules: readonly RefusalRule[] = [
  ...hubRules,
  ...hubQuotaRules,
  ...planRules,
  ...moneyRules,
  ...hubHeaderRules,
  ...providerRules,
  ...fallbackRules,
];

interface AskedRule {
  readonly rule: RefusalRule;
  /** Undefined: asked whatever the words. */
  readonly pattern?: RegExp;
}

/** The rules of each status, in order. */
export const rulesByStatus: ReadonlyMap<number, readonly AskedRule[]> = Map.groupBy(
  refusalRules.flatMap(rule => {
    const pattern = rule.needles && needlePattern(rule.needles);
    return rule.statuses.map(status => ({ status, rule, pattern }));
  }),
  ({ status }) => status,
);

/** A 503 of a provider means its platform is full; HF's own and an endpoint's may be anything. */
function fullPlatform(response: ErrorResponse): RuleMatch | undefined {
  // hf-inference: a model that is not in memory yet.
  if (providerOf(response) === undefined || /\bloading\b/i.test(response.text)) return undefined;
  return { cause: 'capacity', resetsAt: response.retryAt };
}

function payment({ text }: ErrorResponse): RuleMatch | undefined {
  const worded =
    /insufficient|out of credits?|add (?:more )?credits?|payment required|monthly credits|quota (?:is )?(?:exceeded|exhausted)/i;
  return worded.test(text) ? { cause: 'credits' } : undefined;
}

const counted = /\b(tokens|requests|queries|calls) ?(?:per|\/) ?(second|minute|hour|day|month)\b/i;
const countBefore = /(\d[\d,]{0,15}(?:\.\d)?) (?:input |output |total |API )?$/i;

/** `Your rate limit is 60 queries per minute`, `limited to 20 API calls / minute`, from any server. */
function countedWords({ text, words, retryAt, at }: ErrorResponse): RuleMatch | undefined {
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
function spentByHeaders(response: ErrorResponse): RuleMatch | undefined {
  const { retryAt, at } = response;
  const windows = parseProviderHeaders(response.headers, providerOf(response), at);
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
