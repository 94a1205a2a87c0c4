import type { Answer } from '../refusals/answer.ts';
import { parseCount, providerOf, type Verdict } from '../refusals/refusalRule.ts';
import { parseRetryAfter } from './retryAfter.ts';

interface Family {
  /** What stands behind `x-ratelimit-remaining-`. */
  readonly suffix: string;
  readonly scope: string;
  readonly windowSeconds?: number;
}

const minute = 60;
const day = 86_400;
/** Days and minutes are never mixed: a header that does not name its window has none. */
const families: readonly Family[] = [
  { suffix: 'requests-minute', scope: 'requests per minute', windowSeconds: minute },
  { suffix: 'requests-hour', scope: 'requests per hour', windowSeconds: 3600 },
  { suffix: 'requests-day', scope: 'requests per day', windowSeconds: day },
  { suffix: 'tokens-minute', scope: 'tokens per minute', windowSeconds: minute },
  { suffix: 'tokens-hour', scope: 'tokens per hour', windowSeconds: 3600 },
  { suffix: 'tokens-day', scope: 'tokens per day', windowSeconds: day },
  { suffix: 'requests', scope: 'requests' },
  { suffix: 'tokens', scope: 'tokens' },
  { suffix: 'tokens-prompt', scope: 'prompt tokens' },
  { suffix: 'tokens-cache-adjusted-prompt', scope: 'prompt tokens' },
  { suffix: 'tokens-generated', scope: 'generated tokens' },
];
/** https://console.groq.com/docs/rate-limits: its two headers without a window are these. */
const groqFamilies: Readonly<Record<string, Family>> = {
  requests: { suffix: 'requests', scope: 'requests per day', windowSeconds: day },
  tokens: { suffix: 'tokens', scope: 'tokens per minute', windowSeconds: minute },
};

/** What a provider's headers may tell of, as the provider means it. */
export function rateFamilies(provider: string | undefined): readonly Family[] {
  return provider === 'groq' ? familiesOfGroq : families;
}

const familiesOfGroq: readonly Family[] = families.map(family => groqFamilies[family.suffix] ?? family);

const remainingNames: readonly (readonly [name: string, family: Family])[] = families.map(family => [
  `x-ratelimit-remaining-${family.suffix}`,
  family,
]);

/** The limit that a provider's own headers show as used up; of several the one that opens last. */
export function spentByHeaders(answer: Answer): Verdict | undefined {
  let last: Verdict | undefined;
  for (const [name, family] of remainingNames) {
    if (answer.header(name)?.trim() !== '0') continue;
    const named = providerOf(answer) === 'groq' ? (groqFamilies[family.suffix] ?? family) : family;
    const spent = verdictOf(named, answer);
    if (last === undefined || (spent.resetsAt ?? 0) > (last.resetsAt ?? 0)) last = spent;
  }
  return last;
}

function verdictOf({ suffix, scope, windowSeconds }: Family, answer: Answer): Verdict {
  return {
    cause: suffix.startsWith('tokens') ? 'tokens' : 'rate',
    scope,
    limit: parseCount(answer.header(`x-ratelimit-limit-${suffix}`)),
    remaining: 0,
    windowSeconds,
    resetsAt: answer.retryAt ?? parseRetryAfter(answer.header(`x-ratelimit-reset-${suffix}`), answer.at),
  };
}
