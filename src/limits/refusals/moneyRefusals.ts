import { endpointIn, isOfEndpoints } from './answeredBy.ts';
import type { ErrorResponse } from './errorResponse.ts';
import { ownBudgetRule } from './ownBudget.ts';
import { providerOf, type RefusalRule, type RuleMatch } from './refusalRule.ts';

const by = 'huggingface';

/** Refusals because of money: HF's texts of 2025 and 2026, then those of providers' own accounts. */
export const moneyRules: readonly RefusalRule[] = [
  ownBudgetRule,
  {
    name: 'monthly-credits',
    needles: ['(?:depleted|exceeded) your monthly included credits', 'add pre-?paid credits'],
    openings: [
      'you have (?:depleted|exceeded) your monthly included',
      'you have reached (?:your|the) (?:free )?monthly usage',
    ],
    statuses: [200, 402],
    recognise: monthlyCredits,
  },
  {
    name: 'pay-as-you-go',
    needles: ['pay-as-you-?\\s?go is not enabled for provider '],
    statuses: [200, 400, 402, 403],
    recognise: payAsYouGo,
  },
  {
    name: 'prepaid-jobs',
    needles: ['pre-?paid credit balance is insufficient'],
    statuses: [402],
    recognise: ({ text }) => ({ cause: 'credits', by, scope: /to use (\w{1,40})/.exec(text)?.[1] }),
  },
  {
    name: 'credit-recharge',
    needles: ['automatic credit recharge'],
    openings: ['you need to set ?up automatic credit recharge'],
    statuses: [200, 402, 403],
    recognise: () => ({ cause: 'credits', by }),
  },
  {
    name: 'suspended-account',
    needles: ['account .{1,80}is suspended\\b.{0,40}\\bspending limit'],
    statuses: [200, 402, 403, 412, 429],
    // Fireworks's 412, which names the two reasons that it may have.
    recognise: response => ({ cause: 'spending-limit', by: providerOf(response) ?? 'fireworks-ai' }),
  },
  {
    name: 'spending-limit',
    needles: ['spend(?:ing)?[ -]limit'],
    statuses: [200, 402, 403, 429],
    openings: ['resource group spend', 'the spending limit of'],
    // an organization's, also for a provider that the request never reached
    recognise: ({ isRouted, text, address }) => ({
      cause: 'spending-limit',
      by: isRouted || /resource group/i.test(text) ? by : undefined,
      ...(isOfEndpoints(address) && {
        by,
        scope: 'Inference Endpoints',
        model: endpointIn(address),
      }),
    }),
  },
  {
    name: 'provider-balance',
    needles: [
      'not[_ ]enough[_ ]balance',
      'insufficient[ _](?:balance|credits?)\\b',
      'insufficient_quota',
      'exhausted balance',
      'credit limit exceeded',
      '余额不足',
      'exceeded your current quota, please check your plan and billing',
      'reason: top_up',
    ],
    statuses: [200, 400, 402, 403, 429],
    recognise: providerBalance,
  },
];

function monthlyCredits({ text }: ErrorResponse): RuleMatch | undefined {
  if (/your monthly included credits/i.test(text)) {
    return { cause: 'credits', by, scope: 'monthly included credits' };
  }
  const named = /monthly usage limit for ([\w-]{1,60})|to continue using ([\w-]{1,60})\./.exec(text);
  return named ? { cause: 'credits', by, scope: named[1] ?? named[2] } : undefined;
}

/** No money helps: HF can't bill this provider yet. */
function payAsYouGo({ text }: ErrorResponse): RuleMatch | undefined {
  const match = /pay-as-you-?\s?go is not enabled for provider ([\w-]{1,60}?)(?: ?yet)?(?![\w-])/i.exec(text);
  return match ? { cause: 'quota', by: match[1], scope: 'pay-as-you-go' } : undefined;
}

/** The account at the provider is empty: HF's there, or that of a custom key. Z.ai says so with 429. */
function providerBalance(response: ErrorResponse): RuleMatch {
  const provider = providerOf(response);
  // On HF's own APIs these words are about the account at HF.
  const isHubs = response.answeredBy === by && !response.isRouted;
  return isHubs ? { cause: 'credits' } : { cause: 'credits', by: provider, scope: 'provider balance' };
}
