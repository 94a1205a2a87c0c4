import type { Answer } from './answer.ts';
import { providerOf, type RefusalRule, type Verdict } from './refusalRule.ts';

const by = 'huggingface';

/** Refusals because of money: HF's texts of 2025 and 2026, then those of providers' own accounts. */
export const moneyRules: readonly RefusalRule[] = [
  {
    name: 'monthly-credits',
    needles: ['y included credits', 'paid credits'],
    statuses: [200, 402],
    recognise: monthlyCredits,
  },
  {
    name: 'pay-as-you-go',
    needles: ['bled for provider '],
    statuses: [200, 400, 402, 403],
    recognise: payAsYouGo,
  },
  {
    name: 'prepaid-jobs',
    needles: ['balance is insufficient'],
    statuses: [402],
    recognise: prepaidJobs,
  },
  {
    name: 'suspended-account',
    needles: ['uspended'],
    statuses: [200, 402, 403, 412, 429],
    recognise: suspendedAccount,
  },
  { name: 'spending-limit', needles: ['spend'], statuses: [200, 402, 403, 429], recognise: spendingLimit },
  {
    name: 'provider-balance',
    needles: ['balance', 'ufficient', 'dit limit exceeded', 'urrent quota', '余额不足', 'op_up'],
    statuses: [200, 400, 402, 403, 429],
    recognise: providerBalance,
  },
];

function monthlyCredits({ text }: Answer): Verdict | undefined {
  if (/(?:depleted|exceeded) your monthly included credits/.test(text)) {
    return { cause: 'credits', by, scope: 'monthly included credits' };
  }
  if (!/add pre-?paid credits/i.test(text)) return undefined;
  const named = /monthly usage limit for ([\w-]{1,60})|to continue using ([\w-]{1,60})\./.exec(text);
  return named ? { cause: 'credits', by, scope: named[1] ?? named[2] } : undefined;
}

/** No money helps here: HF can't bill this provider yet. */
function payAsYouGo({ text }: Answer): Verdict | undefined {
  const match = /pay-as-you-?\s?go is not enabled for provider ([\w-]{1,60})/i.exec(text);
  return match ? { cause: 'quota', by: match[1], scope: 'pay-as-you-go' } : undefined;
}

function prepaidJobs({ text }: Answer): Verdict | undefined {
  if (!/pre-?paid credit balance is insufficient/i.test(text)) return undefined;
  return { cause: 'credits', by, scope: /to use (\w{1,40})/.exec(text)?.[1] };
}

/** Fireworks's 412, which names the two reasons that it may have. */
function suspendedAccount(answer: Answer): Verdict | undefined {
  if (!/\baccount .{1,80}is suspended\b.{0,40}\bspending limit/i.test(answer.text)) return undefined;
  return { cause: 'spending-limit', by: providerOf(answer) ?? 'fireworks-ai' };
}

function spendingLimit({ text }: Answer): Verdict | undefined {
  return /\bspend(?:ing)?[ -]limit/i.test(text) ? { cause: 'spending-limit' } : undefined;
}

const balance =
  /not[_ ]enough[_ ]balance|insufficient[ _](?:balance|credits?)\b|insufficient_quota|exhausted balance|credit limit exceeded|余额不足|exceeded your current quota, please check your plan and billing|reason: top_up/;

/** The account at the provider has no money: HF's there, or the owner's of a custom key. Z.ai says so with 429. */
function providerBalance(answer: Answer): Verdict | undefined {
  if (!balance.test(answer.words)) return undefined;
  const of = providerOf(answer);
  // On HF's own APIs these words are about the account at HF.
  if (of === undefined && answer.address.host !== 'router.huggingface.co' && answer.answeredBy === by) {
    return { cause: 'credits' };
  }
  return { cause: 'credits', by: of, scope: 'provider balance' };
}
