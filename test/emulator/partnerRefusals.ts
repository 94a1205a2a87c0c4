import { goDuration, meters, partnerHeaders } from './partnerHeaders.ts';
import { noBalance } from './partnerWords.ts';
import type { Headers } from './reply.ts';
import type { World } from './world.ts';

export interface PartnerRefusal {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** The provider's own words, in its own form. */
export function refusal(
  world: World,
  provider: string,
  model: string,
  requested: number,
  kind = 'tokens',
  key?: string,
): PartnerRefusal {
  const meter = meters(world, provider, key);
  const headers = partnerHeaders(world, provider, key);
  if (kind === 'balance') return { headers, ...noBalance(provider) };
  if (kind === 'concurrency') return tooManyAtOnce(provider);
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
      const message = `Rate limit reached for model \`${model}\` in organization \`${key === undefined ? 'org_01hf' : 'org_01ada'}\` service tier \`on_demand\` on ${what}: Limit ${limit}, Used ${used}, Requested ${asked}. Please try again in ${goDuration(seconds)}. Need more tokens? Visit https://console.groq.com/settings/billing`;
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
      return { status: 429, headers, body: unexplained };
  }
}

const unexplained = {
  error: {
    message: 'Rate limit exceeded, please try again later',
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
  },
};

/** Z.ai says which limit it was; of others nobody has told. No header does. */
function tooManyAtOnce(provider: string): PartnerRefusal {
  const message =
    'High concurrency usage of this API, please reduce concurrency or contact customer service to increase limits';
  const body = provider === 'zai-org' ? { error: { code: '1302', message } } : unexplained;
  return { status: 429, headers: {}, body };
}

function flat(headers: Headers, message: string, type: string, param: string, code: string): PartnerRefusal {
  return { status: 429, headers, body: { message, type, param, code } };
}
