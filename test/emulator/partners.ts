import type { Headers } from './reply.ts';
import type { ProviderState } from './state.ts';
import type { World } from './world.ts';

/** Path of the chat route at each partner, as the SDKs call it behind `/{provider}`. */
export const chatRoutes: Readonly<Record<string, string>> = {
  baseten: 'v1/chat/completions',
  cerebras: 'v1/chat/completions',
  cohere: 'compatibility/v1/chat/completions',
  deepinfra: 'v1/openai/chat/completions',
  'featherless-ai': 'v1/chat/completions',
  'fireworks-ai': 'inference/v1/chat/completions',
  groq: 'openai/v1/chat/completions',
  novita: 'v3/openai/chat/completions',
  nscale: 'v1/chat/completions',
  ovhcloud: 'v1/chat/completions',
  publicai: 'v1/chat/completions',
  scaleway: 'v1/chat/completions',
  together: 'v1/chat/completions',
  'zai-org': 'api/paas/v4/chat/completions',
};

/** HF's shared accounts at the partners, all willing; fal-ai and fireworks-ai can't be billed. */
export function providerDefaults(): Record<string, ProviderState> {
  const usual: ProviderState = {
    tokensPerMinute: 10_000_000,
    requestsPerDay: 10_000_000,
    refuseNext: 0,
    payAsYouGo: true,
    monthlyLimitReached: false,
    unanswered: false,
  };
  const ids = [...Object.keys(chatRoutes), 'hf-inference', 'fal-ai', 'replicate', 'wavespeed'];
  return {
    ...Object.fromEntries(ids.map(id => [id, { ...usual }])),
    groq: { ...usual, tokensPerMinute: 300_000, requestsPerDay: 500_000 },
    cerebras: { ...usual, tokensPerMinute: 1_000_000, requestsPerDay: 1_440_000 },
    'fal-ai': { ...usual, payAsYouGo: false },
    'fireworks-ai': { ...usual, payAsYouGo: false },
  };
}

export interface PartnerRefusal {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Counts the call in the partner's windows. The refusal when one is full, or when one was asked for. */
export function askPartner(
  world: World,
  provider: string,
  model: string,
  tokens: number,
): PartnerRefusal | undefined {
  const partner = world.state.providers[provider];
  if (!partner) return undefined;
  const now = world.clock.now();
  if (partner.refuseNext > 0) {
    partner.refuseNext -= 1;
    return refusal(world, provider, model, tokens, partner.refusal);
  }
  if (!world.windows.take(`partner|${provider}|requests`, partner.requestsPerDay, now, 1, 86_400)) {
    return refusal(world, provider, model, tokens, 'requests');
  }
  if (!world.windows.take(`partner|${provider}|tokens`, partner.tokensPerMinute, now, tokens, 60)) {
    return refusal(world, provider, model, tokens, 'tokens');
  }
  return undefined;
}

function meters(world: World, provider: string) {
  const now = world.clock.now();
  const partner = world.state.providers[provider] ?? { tokensPerMinute: 0, requestsPerDay: 0 };
  const usedTokens = world.windows.used(`partner|${provider}|tokens`, now, 60);
  const usedRequests = world.windows.used(`partner|${provider}|requests`, now, 86_400);
  return {
    tokens: partner.tokensPerMinute,
    requests: partner.requestsPerDay,
    usedTokens,
    tokensLeft: Math.max(0, partner.tokensPerMinute - usedTokens),
    requestsLeft: Math.max(0, partner.requestsPerDay - usedRequests),
    tokensResetSeconds: world.windows.msToReset(now, 60) / 1000,
    requestsResetSeconds: world.windows.msToReset(now, 86_400) / 1000,
  };
}

/** What the partner says of its limits on every response: each in its own names and its own way to write a duration. */
export function partnerHeaders(world: World, provider: string): Headers {
  const meter = meters(world, provider);
  switch (provider) {
    case 'groq':
      return {
        'x-ratelimit-limit-requests': meter.requests,
        'x-ratelimit-limit-tokens': meter.tokens,
        'x-ratelimit-remaining-requests': meter.requestsLeft,
        'x-ratelimit-remaining-tokens': meter.tokensLeft,
        'x-ratelimit-reset-requests': goDuration(meter.requestsResetSeconds),
        'x-ratelimit-reset-tokens': goDuration(meter.tokensResetSeconds),
      };
    case 'cerebras':
      return {
        'x-ratelimit-limit-requests-day': meter.requests,
        'x-ratelimit-limit-tokens-minute': meter.tokens,
        'x-ratelimit-remaining-requests-day': meter.requestsLeft,
        'x-ratelimit-remaining-tokens-minute': meter.tokensLeft,
        'x-ratelimit-reset-requests-day': meter.requestsResetSeconds.toFixed(6),
        'x-ratelimit-reset-tokens-minute': meter.tokensResetSeconds.toFixed(6),
      };
    case 'together':
      return { 'x-ratelimit-reset': Math.ceil(meter.tokensResetSeconds) };
    case 'fireworks-ai':
      return {
        'x-ratelimit-limit-tokens-prompt': meter.tokens,
        'x-ratelimit-remaining-tokens-prompt': meter.tokensLeft,
        'x-ratelimit-limit-tokens-generated': meter.tokens,
        'x-ratelimit-remaining-tokens-generated': meter.tokensLeft,
        'x-ratelimit-over-limit': 'no',
      };
    default:
      return {};
  }
}

function goDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}

function refusal(
  world: World,
  provider: string,
  model: string,
  requested: number,
  kind = 'tokens',
): PartnerRefusal {
  const meter = meters(world, provider);
  const headers = partnerHeaders(world, provider);
  if (kind === 'balance') {
    return {
      status: 402,
      headers,
      body: {
        error: { message: 'NOT_ENOUGH_BALANCE', type: 'insufficient_quota', code: 'NOT_ENOUGH_BALANCE' },
      },
    };
  }
  switch (provider) {
    case 'groq': {
      const [seconds, what, limit, used] =
        kind === 'requests'
          ? [
              meter.requestsResetSeconds,
              'requests per day (RPD)',
              meter.requests,
              meter.requests - meter.requestsLeft,
            ]
          : [meter.tokensResetSeconds, 'tokens per minute (TPM)', meter.tokens, meter.usedTokens];
      const asked = kind === 'requests' ? 1 : requested;
      const message = `Rate limit reached for model \`${model}\` in organization \`org_01hf\` service tier \`on_demand\` on ${what}: Limit ${limit}, Used ${used}, Requested ${asked}. Please try again in ${goDuration(seconds)}. Need more tokens? Visit https://console.groq.com/settings/billing`;
      const type = kind === 'requests' ? 'requests' : 'tokens';
      return {
        status: 429,
        headers: { ...headers, 'retry-after': Math.ceil(seconds) },
        body: { error: { message, type, code: 'rate_limit_exceeded' } },
      };
    }
    case 'cerebras': {
      if (kind === 'queue')
        return flat(
          headers,
          "We're experiencing high traffic right now! Please try again soon.",
          'too_many_requests_error',
          'queue',
          'queue_exceeded',
        );
      if (kind === 'requests')
        return flat(
          headers,
          'Requests per day limit exceeded - too many requests sent.',
          'too_many_requests_error',
          'quota',
          'request_quota_exceeded',
        );
      const per = kind === 'tokens-day' ? 'day' : 'minute';
      return flat(
        headers,
        `Tokens per ${per} limit exceeded - too many tokens processed.`,
        'too_many_tokens_error',
        'quota',
        'token_quota_exceeded',
      );
    }
    case 'together': {
      if (kind === 'capacity')
        return {
          status: 503,
          headers,
          body: {
            error: {
              message: 'The server is overloaded or not ready yet.',
              type: 'service_unavailable',
              param: null,
              code: null,
            },
          },
        };
      if (kind === 'server-error')
        return {
          status: 500,
          headers,
          body: {
            id: 'oEhK',
            error: { message: 'Internal server error', type: 'server_error', param: null, code: null },
          },
        };
      const type = kind === 'requests' ? 'dynamic_request_limited' : 'dynamic_token_limited';
      return {
        status: 429,
        headers,
        body: {
          error: {
            message: `You have been rate limited. Your rate limit for ${model} is dynamic.`,
            type,
            param: null,
            code: null,
          },
        },
      };
    }
    case 'replicate':
      return {
        status: 429,
        headers: { 'retry-after': 30 },
        body: { detail: 'Request was throttled. Your rate limit resets in ~30s.' },
      };
    case 'zai-org': {
      const [code, message] =
        kind === 'balance-code'
          ? ['1113', 'Insufficient balance or no resource package. Please recharge.']
          : ['1308', 'Usage limit reached for 5 hour. Your limit will reset soon.'];
      return { status: 429, headers: {}, body: { error: { code, message } } };
    }
    default:
      return {
        status: 429,
        headers,
        body: {
          error: {
            message: 'Rate limit exceeded, please try again later',
            type: 'rate_limit_error',
            code: 'rate_limit_exceeded',
          },
        },
      };
  }
}

function flat(headers: Headers, message: string, type: string, param: string, code: string): PartnerRefusal {
  return { status: 429, headers, body: { message, type, param, code } };
}
