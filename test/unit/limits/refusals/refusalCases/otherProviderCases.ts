import { at, chat, json, type RefusalCase } from './refusalCase.ts';

const direct = (host: string) => `https://${host}/v1/chat/completions`;

/** Limits in a provider's headers, or in words that several providers use. */
export const otherProviderCases: readonly RefusalCase[] = [
  {
    name: 'the short words of a relay',
    seen: { url: '', bodyText: json({ message: 'TPM limit reached for this model, please slow down' }) },
    expected: { cause: 'tokens', scope: 'tokens per minute', windowSeconds: 60 },
  },
  {
    name: "Groq's day by its headers, whose reset is a Go duration",
    seen: {
      url: 'https://router.huggingface.co/groq/openai/v1/chat/completions',
      bodyText: json({ message: 'Too Many Requests' }),
      headers: {
        'x-ratelimit-limit-requests': '1000',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '2m59.56s',
        'x-ratelimit-limit-tokens': '12000',
        'x-ratelimit-remaining-tokens': '7563',
        'x-ratelimit-reset-tokens': '7.66s',
      },
    },
    expected: {
      cause: 'rate',
      by: 'groq',
      scope: 'requests per day',
      limit: 1000,
      remaining: 0,
      windowSeconds: 86_400,
      resetsAt: at + 179_560,
    },
  },
  {
    name: "Groq's minute of tokens by its headers",
    seen: {
      url: direct('api.groq.com'),
      headers: {
        'X-RateLimit-Remaining-Tokens': '0',
        'X-RateLimit-Reset-Tokens': '7.66s',
        'X-RateLimit-Remaining-Requests': '12',
      },
    },
    expected: {
      cause: 'tokens',
      by: 'groq',
      scope: 'tokens per minute',
      windowSeconds: 60,
      resetsAt: at + 7660,
    },
  },
  {
    name: 'the same headers of a provider with unknown windows',
    seen: {
      url: direct('api.openai.com'),
      headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' },
    },
    expected: { cause: 'tokens', by: 'openai', scope: 'tokens', resetsAt: at + 360_000 },
  },
  {
    name: 'the later of two spent windows, in float seconds',
    seen: {
      url: direct('api.cerebras.ai'),
      headers: {
        'x-ratelimit-remaining-tokens-minute': '0',
        'x-ratelimit-reset-tokens-minute': '11.382867',
        'x-ratelimit-remaining-requests-day': '0',
        'x-ratelimit-reset-requests-day': '33011.382867',
      },
    },
    expected: {
      cause: 'rate',
      by: 'cerebras',
      scope: 'requests per day',
      windowSeconds: 86_400,
      resetsAt: at + 33_011_383,
    },
  },
  {
    name: "Fireworks's generated tokens",
    seen: {
      url: direct('api.fireworks.ai'),
      bodyText: json('Too Many Requests'),
      headers: {
        'x-ratelimit-remaining-tokens-generated': '0',
        'x-ratelimit-limit-tokens-generated': '6000',
        'x-ratelimit-remaining-tokens-prompt': '900',
      },
    },
    expected: { cause: 'tokens', by: 'fireworks-ai', scope: 'generated tokens', limit: 6000, remaining: 0 },
  },
  {
    name: "Fireworks's adaptive limit, whose `error` is only the name of the status",
    seen: {
      url: direct('api.fireworks.ai'),
      bodyText: JSON.stringify({
        error: 'Too Many Requests',
        message:
          'You have exceeded your usage limits. Please try again later or contact Fireworks to explore dedicated capacity.',
      }),
    },
    expected: {
      cause: 'rate',
      by: 'fireworks-ai',
      message:
        'You have exceeded your usage limits. Please try again later or contact Fireworks to explore dedicated capacity.',
    },
  },
  {
    name: "Groq's request that is larger than its whole window",
    seen: {
      status: 413,
      url: direct('api.groq.com'),
      bodyText: json({
        message:
          'Request too large for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 7012, please reduce your message size and try again.',
      }),
    },
    expected: {
      status: 413,
      cause: 'tokens',
      by: 'groq',
      scope: 'tokens per minute',
      limit: 6000,
      model: 'm',
    },
  },
  {
    name: "Groq's tokens of a day, as Python prints them",
    seen: {
      url: '',
      bodyText:
        "Error code: 429 - {'error': {'message': 'Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 98532, Requested 2310. Please try again in 12m7.488s.', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}",
    },
    expected: {
      cause: 'tokens',
      by: 'groq',
      scope: 'tokens per day',
      windowSeconds: 86_400,
      remaining: 1468,
      resetsAt: at + 727_488,
    },
  },
  {
    name: 'Cerebras through the router, by its words alone',
    seen: {
      url: chat,
      bodyText: JSON.stringify({
        message: 'Tokens per day limit exceeded - too many tokens processed.',
        type: 'too_many_tokens_error',
        param: 'quota',
        code: 'token_quota_exceeded',
      }),
    },
    expected: { cause: 'tokens', by: 'cerebras', scope: 'tokens per day', windowSeconds: 86_400 },
  },
  {
    name: "Together's limit of one model",
    seen: {
      url: direct('api.together.ai'),
      bodyText: json({
        message:
          'You have reached the rate limit specific to this model m. The maximum rate limit for this model is 9.0 queries per minute. This limit differs from the general rate limits',
        type: 'model_rate_limit',
      }),
    },
    expected: { cause: 'rate', by: 'together', scope: 'queries per minute', limit: 9, windowSeconds: 60 },
  },
  {
    name: "Together's rate limit whose type mentions credit",
    seen: {
      url: direct('api.together.xyz'),
      bodyText: json({
        message:
          'You have been rate limited. Your rate limit is 60 queries per minute. Please navigate to https://api.together.xyz/settings/billing to upgrade to a paid plan.',
        type: 'credit_limit',
      }),
    },
    expected: { cause: 'rate', by: 'together', scope: 'queries per minute', limit: 60 },
  },
  {
    name: "Replicate's slower lane for small balances",
    seen: {
      url: 'https://api.replicate.com/v1/predictions',
      bodyText: JSON.stringify({
        detail:
          'Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~5s.',
        status: 429,
        retry_after: 4,
      }),
    },
    expected: {
      cause: 'rate',
      by: 'replicate',
      scope: 'requests per minute',
      limit: 6,
      windowSeconds: 60,
      resetsAt: at + 4000,
    },
  },
  {
    name: "Cohere's trial key",
    seen: {
      url: direct('api.cohere.com'),
      bodyText: JSON.stringify({
        message: 'You are using a Trial key, which is limited to 1000 API calls / month.',
      }),
    },
    expected: { cause: 'rate', by: 'cohere', scope: 'calls per month', limit: 1000 },
  },
  {
    name: "DeepInfra's busy model",
    seen: { url: direct('api.deepinfra.com'), bodyText: json({ message: 'Model busy, retry later' }) },
    expected: { cause: 'capacity', by: 'deepinfra' },
  },
  {
    name: "Cerebras's high traffic",
    seen: {
      headers: { 'x-inference-provider': 'cerebras', 'retry-after': 'Wed, 14 Oct 2026 09:30:20 GMT' },
      url: chat,
      bodyText: JSON.stringify({
        message: "We're experiencing high traffic right now! Please try again soon.",
        type: 'too_many_requests_error',
        param: 'queue',
        code: 'queue_exceeded',
      }),
    },
    expected: { cause: 'capacity', by: 'cerebras', resetsAt: at + 20_000 },
  },
  {
    name: "Z.ai's concurrency",
    seen: {
      url: direct('api.z.ai'),
      bodyText: json({
        code: '1302',
        message:
          'High concurrency usage of this API, please reduce concurrency or contact customer service to increase limits',
      }),
    },
    expected: { cause: 'concurrency', by: 'zai-org' },
  },
  {
    name: "Z.ai's balance with its code in `type`",
    seen: {
      url: chat,
      bodyText: JSON.stringify({ type: 'error', error: { type: '1113', message: 'Please recharge.' } }),
    },
    expected: { cause: 'credits', by: 'zai-org', scope: 'provider balance' },
  },
  {
    name: "Z.ai's balance in Chinese",
    seen: { url: direct('api.z.ai'), bodyText: '429 余额不足或无可用资源包,请充值。' },
    expected: { cause: 'credits', by: 'zai-org', scope: 'provider balance' },
  },
  {
    name: 'a list of errors',
    seen: {
      answeredBy: 'scaleway',
      bodyText: JSON.stringify([{ error: { message: 'Quota of 300 requests per minute exceeded' } }]),
    },
    expected: { cause: 'rate', by: 'scaleway', scope: 'requests per minute', limit: 300, windowSeconds: 60 },
  },
  {
    name: 'a bare limit of an unknown provider',
    seen: {
      url: chat,
      headers: { 'x-inference-provider': 'newcomer' },
      bodyText: json({ message: 'Rate limit exceeded, please try again later', code: 'rate_limit_exceeded' }),
    },
    expected: { cause: 'rate', by: 'newcomer' },
  },
];
