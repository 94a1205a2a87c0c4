import { at, chat, json, type RefusalCase } from './refusalCase.ts';

export const providerCases: readonly RefusalCase[] = [
  {
    name: "Groq's tokens per minute",
    seen: {
      url: chat,
      model: 'acme/Model-7B:groq',
      bodyText: json({
        message:
          'Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s. Need more tokens? Upgrade to Dev Tier today.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      }),
    },
    expected: {
      cause: 'tokens',
      by: 'groq',
      scope: 'tokens per minute',
      limit: 12_000,
      remaining: 7563,
      windowSeconds: 60,
      resetsAt: at + 11_455,
      model: 'acme/Model-7B:groq',
    },
  },
  {
    name: "Groq's requests per day, by its words alone",
    seen: {
      url: '',
      headers: { 'retry-after': '90' },
      bodyText: json({
        message:
          'Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on requests per day (RPD): Limit 1000, Used 1000, Requested 1. Please try again in 1m26.4s.',
      }),
    },
    expected: {
      cause: 'rate',
      by: 'groq',
      scope: 'requests per day',
      remaining: 0,
      windowSeconds: 86_400,
      resetsAt: at + 90_000,
      model: 'm',
    },
  },
  {
    name: "Cerebras's tokens per minute, with the reset of that window and not of the day's",
    seen: {
      url: 'https://api.cerebras.ai/v1/chat/completions',
      headers: {
        'x-ratelimit-limit-tokens-minute': '60000',
        'x-ratelimit-remaining-tokens-minute': '0',
        'x-ratelimit-reset-tokens-minute': '11.382867',
        'x-ratelimit-reset-requests-day': '33011.382867',
      },
      bodyText: JSON.stringify({
        message: 'Tokens per minute limit exceeded - too many tokens processed.',
        type: 'too_many_tokens_error',
        param: 'quota',
        code: 'token_quota_exceeded',
      }),
    },
    expected: {
      cause: 'tokens',
      by: 'cerebras',
      scope: 'tokens per minute',
      limit: 60_000,
      remaining: 0,
      windowSeconds: 60,
      resetsAt: at + 11_383,
    },
  },
  {
    name: "Cerebras's full queue",
    seen: {
      url: 'https://api.cerebras.ai/v1/chat/completions',
      bodyText: JSON.stringify({ message: 'We are busy', code: 'queue_exceeded' }),
    },
    expected: { cause: 'capacity', by: 'cerebras' },
  },
  {
    name: "Together's dynamic limit of requests",
    seen: {
      url: chat,
      headers: { 'x-inference-provider': 'together', 'x-ratelimit-reset': '3' },
      bodyText: json({ message: 'Slow down', type: 'dynamic_request_limited' }),
    },
    expected: { cause: 'rate', by: 'together', scope: 'requests', resetsAt: at + 3000 },
  },
  {
    name: "Together's dynamic limit of tokens",
    seen: { url: chat, bodyText: json({ message: 'Slow down', type: 'dynamic_token_limited' }) },
    expected: { cause: 'tokens', scope: 'tokens' },
  },
  {
    name: "Replicate's throttle",
    seen: {
      url: 'https://api.replicate.com/v1/predictions',
      bodyText: JSON.stringify({ detail: 'Request was throttled. Your rate limit resets in ~30s.' }),
    },
    expected: { cause: 'rate', by: 'replicate', resetsAt: at + 30_000 },
  },
  {
    name: "Z.ai's balance behind a 429",
    seen: {
      url: 'https://api.z.ai/api/paas/v4/chat/completions',
      bodyText: json({
        code: '1113',
        message: 'Insufficient balance or no resource package. Please recharge.',
      }),
    },
    expected: { cause: 'credits', by: 'zai-org' },
  },
  {
    name: "Z.ai's usage window without a time zone",
    seen: {
      url: 'https://api.z.ai/api/paas/v4/chat/completions',
      bodyText: json({ code: 1308, message: 'Usage limit reached. It will reset at 2026-10-14 18:09:04' }),
    },
    expected: { cause: 'rate', by: 'zai-org', scope: 'usage window' },
  },
  {
    name: "a provider's full platform",
    seen: { status: 503, url: chat, headers: { 'x-inference-provider': 'together' }, bodyText: '' },
    expected: { cause: 'capacity', by: 'together' },
  },
  {
    name: 'too many requests at once',
    seen: { url: chat, bodyText: json({ message: 'Concurrency limit reached' }), answeredBy: 'scaleway' },
    expected: { cause: 'concurrency', by: 'scaleway' },
  },
  {
    name: 'a 429 without a reason, with the time that the server named',
    seen: { url: 'http://127.0.0.1:1/x', headers: { 'retry-after': '7' }, bodyText: 'Too Many Requests' },
    expected: { cause: 'unknown', by: 'unknown', resetsAt: at + 7000, message: 'Too Many Requests' },
  },
];
