import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classifyRefusal, type Refusal, type ResponseFacts } from '../../../src/limits/refusal.ts';
import { refusalRules } from '../../../src/limits/refusalRules.ts';

const at = Date.UTC(2026, 9, 14, 9, 30);
const hub = 'https://huggingface.co/api/models';
const chat = 'https://router.huggingface.co/v1/chat/completions';

function see(change: Partial<ResponseFacts>): Refusal | undefined {
  return classifyRefusal({
    status: 429,
    headers: {},
    bodyText: '',
    url: hub,
    at,
    source: 'terminal',
    ...change,
  });
}
const json = (error: unknown) => JSON.stringify({ error });
const window = (remaining: number, limit = 1000) => ({
  ratelimit: `"api";r=${remaining};t=242`,
  'ratelimit-policy': `"fixed window";"api";q=${limit};w=300`,
});

interface Case {
  readonly name: string;
  readonly seen: Partial<ResponseFacts>;
  readonly told: Partial<Refusal>;
}

const hubCases: readonly Case[] = [
  {
    name: 'a full window of a signed-in account',
    seen: {
      headers: window(0),
      bodyText: json(
        'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits',
      ),
    },
    told: {
      cause: 'rate',
      by: 'huggingface',
      scope: 'api',
      limit: 1000,
      remaining: 0,
      windowSeconds: 300,
      resetsAt: at + 242_000,
    },
  },
  {
    name: 'an anonymous IP',
    seen: {
      bodyText: json(
        "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.",
      ),
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'anonymous' },
  },
  {
    name: 'repository commits, without blaming the window that still has 977 of 1000',
    seen: {
      headers: window(977),
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes.',
      ),
    },
    told: {
      cause: 'quota',
      by: 'huggingface',
      scope: 'repository commits',
      limit: 128,
      windowSeconds: 3600,
      resetsAt: at + 43 * 60_000,
    },
  },
  {
    name: 'repository commits for about an hour',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 1 hour.',
      ),
    },
    told: { cause: 'quota', limit: 128, resetsAt: at + 3_600_000 },
  },
  {
    name: 'space creation',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for space creation (20 per day). You can retry this action in 1 day.',
      ),
    },
    told: { scope: 'space creation', limit: 20, windowSeconds: 86_400, resetsAt: at + 86_400_000 },
  },
  {
    name: 'the old form of action limits, without a reset',
    seen: { bodyText: json('You have been rate-limited: exceeded our hourly quotas for action: commit') },
    told: { cause: 'quota', scope: 'commit', windowSeconds: 3600 },
  },
  {
    name: 'whoami, which is counted by IP',
    seen: { url: 'https://huggingface.co/api/whoami-v2', bodyText: json('Too many requests') },
    told: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: "whoami in huggingface_hub's words",
    seen: {
      url: '',
      bodyText:
        "You've hit the rate limit for the /whoami-v2 endpoint, which is intentionally strict for security reasons",
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: 'an HTML page with an empty window',
    seen: {
      headers: window(0),
      bodyText:
        '<!DOCTYPE html><html><head><title>429</title><style>p{}</style></head><body><h1>429</h1><p>We had to rate limit you&#39;r requests</p></body></html>',
    },
    told: {
      cause: 'rate',
      scope: 'api',
      remaining: 0,
      limit: 1000,
      resetsAt: at + 242_000,
      message: "429 We had to rate limit you'r requests",
    },
  },
  {
    name: 'a limit inside a 200',
    seen: {
      status: 200,
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 1 hour.',
      ),
    },
    told: { status: 200, cause: 'quota', resetsAt: at + 3_600_000 },
  },
  {
    name: 'ZeroGPU time',
    seen: { bodyText: json('You have exceeded your free ZeroGPU quota (120s requested vs. 0s left)') },
    told: { cause: 'quota', by: 'huggingface', scope: 'ZeroGPU' },
  },
];

const pay = (text: string): Partial<ResponseFacts> => ({ status: 402, url: chat, bodyText: json(text) });
const paymentCases: readonly Case[] = [
  {
    name: 'depleted credits on Free',
    seen: pay(
      'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers. Alternatively, subscribe to PRO to get 20x more included usage.',
    ),
    told: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'depleted credits on PRO',
    seen: pay(
      'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.',
    ),
    told: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'exceeded credits as of 2025',
    seen: pay(
      'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.',
    ),
    told: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'the free monthly limit of a provider',
    seen: pay(
      'You have reached the free monthly usage limit for groq. Subscribe to PRO to get 20x more included usage, or add pre-paid credits to your account.',
    ),
    told: { cause: 'credits', by: 'huggingface', scope: 'groq' },
  },
  {
    name: 'the same on PRO',
    seen: pay(
      'You have reached the monthly usage limit. Add pre-paid credits to your account to continue using groq.',
    ),
    told: { cause: 'credits', by: 'huggingface', scope: 'groq' },
  },
  {
    name: 'a provider that HF cannot bill',
    seen: pay('Pay-as-you go is not enabled for provider fal-ai yet.'),
    told: { cause: 'quota', by: 'fal-ai', scope: 'pay-as-you-go' },
  },
  {
    name: 'Jobs without a balance',
    seen: pay('Pre-paid credit balance is insufficient - add more credits to your account to use Jobs.'),
    told: { cause: 'credits', by: 'huggingface', scope: 'Jobs' },
  },
  {
    name: 'a spending limit',
    seen: { ...pay('The spending limit of this resource group is reached.'), status: 403 },
    told: { cause: 'spending-limit', by: 'huggingface' },
  },
  {
    name: "a provider's own balance",
    seen: {
      status: 403,
      url: chat,
      headers: { 'x-inference-provider': 'novita' },
      bodyText: JSON.stringify({ code: 403, reason: 'NOT_ENOUGH_BALANCE', message: 'NOT_ENOUGH_BALANCE' }),
    },
    told: { cause: 'credits', by: 'novita', scope: 'provider balance' },
  },
  {
    name: 'a 402 in words that nobody knows',
    seen: pay('Computer says no.'),
    told: { cause: 'unknown', message: 'Computer says no.' },
  },
];

const providerCases: readonly Case[] = [
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
    told: {
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
    name: "Groq's requests per day, known by its words alone",
    seen: {
      url: '',
      headers: { 'retry-after': '90' },
      bodyText: json({
        message:
          'Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on requests per day (RPD): Limit 1000, Used 1000, Requested 1. Please try again in 1m26.4s.',
      }),
    },
    told: {
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
    told: {
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
    name: "Cerebras's queue, which is nobody's limit",
    seen: {
      url: 'https://api.cerebras.ai/v1/chat/completions',
      bodyText: JSON.stringify({ message: 'We are busy', code: 'queue_exceeded' }),
    },
    told: { cause: 'capacity', by: 'cerebras' },
  },
  {
    name: "Together's dynamic limit of requests",
    seen: {
      url: chat,
      headers: { 'x-inference-provider': 'together', 'x-ratelimit-reset': '3' },
      bodyText: json({ message: 'Slow down', type: 'dynamic_request_limited' }),
    },
    told: { cause: 'rate', by: 'together', scope: 'requests', resetsAt: at + 3000 },
  },
  {
    name: "Together's dynamic limit of tokens",
    seen: { url: chat, bodyText: json({ message: 'Slow down', type: 'dynamic_token_limited' }) },
    told: { cause: 'tokens', scope: 'tokens' },
  },
  {
    name: "Replicate's throttle",
    seen: {
      url: 'https://api.replicate.com/v1/predictions',
      bodyText: JSON.stringify({ detail: 'Request was throttled. Your rate limit resets in ~30s.' }),
    },
    told: { cause: 'rate', by: 'replicate', resetsAt: at + 30_000 },
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
    told: { cause: 'credits', by: 'zai-org' },
  },
  {
    name: "Z.ai's usage window, whose time has no zone",
    seen: {
      url: 'https://api.z.ai/api/paas/v4/chat/completions',
      bodyText: json({ code: 1308, message: 'Usage limit reached. It will reset at 2026-10-14 18:09:04' }),
    },
    told: { cause: 'rate', by: 'zai-org', scope: 'usage window' },
  },
  {
    name: "a provider's full platform",
    seen: { status: 503, url: chat, headers: { 'x-inference-provider': 'together' }, bodyText: '' },
    told: { cause: 'capacity', by: 'together' },
  },
  {
    name: 'too many at once',
    seen: { url: chat, bodyText: json({ message: 'Concurrency limit reached' }), answeredBy: 'scaleway' },
    told: { cause: 'concurrency', by: 'scaleway' },
  },
  {
    name: 'a 429 without a reason, with the time that the server named',
    seen: { url: 'http://127.0.0.1:1/x', headers: { 'retry-after': '7' }, bodyText: 'Too Many Requests' },
    told: { cause: 'unknown', by: 'unknown', resetsAt: at + 7000, message: 'Too Many Requests' },
  },
];

describe('A refusal', () => {
  for (const { name, seen, told } of [...hubCases, ...paymentCases, ...providerCases]) {
    it(`is told from its response: ${name}`, () => {
      const refusal = see(seen);
      assert.deepEqual({ ...refusal, ...told }, refusal);
      // What the case does not name, the server did not say.
      assert.equal(refusal?.resetsAt, told.resetsAt);
    });
  }

  for (const [name, seen] of [
    ['a success', { status: 200, bodyText: '{"id":"c1","choices":[]}' }],
    ["a success with Together's stray Retry-After", { status: 200, headers: { 'retry-after': '30' } }],
    ['a success that ends a window', { status: 200, headers: window(0), bodyText: '{}' }],
    ['a wrong token', { status: 401, bodyText: json('Invalid credentials in Authorization header') }],
    [
      'a missing permission',
      {
        status: 403,
        bodyText: json(
          'This authentication method does not have sufficient permissions to call Inference Providers on behalf of user ada',
        ),
      },
    ],
    ['an unknown model', { status: 400, bodyText: json({ message: 'x', code: 'model_not_supported' }) }],
    ['a server error', { status: 500, bodyText: json({ message: 'x', type: 'server_error' }) }],
    [
      'an endpoint that wakes up',
      { status: 503, url: 'https://x.us-east-1.aws.endpoints.huggingface.cloud' },
    ],
    ['a gateway timeout', { status: 504 }],
  ] as const) {
    it(`is not seen in ${name}`, () => {
      assert.equal(see(seen), undefined);
    });
  }

  it('carries who was billed, the model and where it was seen', () => {
    const refusal = see({ billedTo: 'acme', model: 'acme/Model-7B', source: 'gateway' });
    assert.equal(refusal?.billedTo, 'acme');
    assert.equal(refusal?.model, 'acme/Model-7B');
    assert.equal(refusal?.source, 'gateway');
  });

  it("keeps at most 500 characters of the server's words, without tokens", () => {
    const token = ['hf', 'AbCdEfGhIjKlMnOpQrStUvWxYz01234567'].join('_');
    const refusal = see({ bodyText: `${'x '.repeat(240)}${token} ${'y'.repeat(10_000)}` });
    assert.ok(refusal && refusal.message.length <= 500);
    assert.doesNotMatch(refusal.message, /AbCd/);
  });

  it('names nobody as to blame for a window in which something remains', () => {
    const refusal = see({ headers: window(977), bodyText: 'Too Many Requests' });
    assert.equal(refusal?.cause, 'unknown');
    assert.equal(refusal?.resetsAt, undefined);
  });

  it('never throws and never resets at a time that nobody told', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map(json),
      fc.string().map(text => `<p>${text}`),
    );
    const status = fc.constantFrom(200, 400, 402, 403, 413, 429, 503, 529);
    fc.assert(
      fc.property(status, body, fc.string(), fc.string(), (status, bodyText, url, limit) => {
        const refusal = see({
          status,
          bodyText,
          url,
          headers: { ratelimit: limit, 'x-error-message': limit },
        });
        if (refusal?.resetsAt !== undefined) assert.match(`${bodyText}${limit}`, /\d/);
      }),
    );
  });

  it('is read in a blink from the worst of bodies', () => {
    for (const bodyText of [
      '<head'.repeat(50_000),
      '"'.repeat(100_000),
      `{"error":"${'on a '.repeat(50_000)}"}`,
    ]) {
      const begin = performance.now();
      see({ bodyText });
      assert.ok(performance.now() - begin < 500);
    }
  });
});

describe('The rules of refusals', () => {
  it('each have a name of their own and a status', () => {
    const names = refusalRules.map(rule => rule.name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(refusalRules.every(rule => rule.statuses.length > 0));
  });
});
