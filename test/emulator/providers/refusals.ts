import { depletedCredits } from '../credits.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Headers } from '../http/reply.ts';
import type { World } from '../world.ts';
import { cerebrasError, noBalance, openAiError, type ProviderError, zaiError } from './errors.ts';
import { goDuration, providerHeaders } from './headers.ts';
import { countInLimits, limitsOf, providerUsage } from './limits.ts';

export interface ProviderRefusal extends ProviderError {
  readonly headers: Headers;
}

/** Counts the request in the limits of the key, or of HF's account. Returns the refusal, if any. */
export function countProviderCall(
  { world, reply }: Pick<Exchange, 'world' | 'reply'>,
  provider: string,
  model: string,
  tokens: number,
  key?: string,
): ProviderRefusal | undefined {
  const limits = limitsOf(world, provider, key);
  if (!limits) return undefined;
  const refuse = (kind?: string) => refusal(world, provider, model, tokens, kind, key);
  if (limits.refuseNext > 0) {
    limits.refuseNext -= 1;
    return refuse(limits.refusal);
  }
  const opensAt = limits.closedModels?.[model]?.opensAt ?? 0;
  const closedMs = opensAt - world.clock.now();
  if (closedMs > 0) return { headers: { 'retry-after': Math.ceil(closedMs / 1000) }, ...unexplained };
  const reached = countInLimits(world, listener => reply.onClose(listener), provider, tokens, key);
  return reached && refuse(reached);
}

/** A refusal in the provider's own words and format. */
function refusal(
  world: World,
  provider: string,
  model: string,
  requested: number,
  kind = 'tokens',
  key?: string,
): ProviderRefusal {
  const headers = providerHeaders(world, provider, key);
  if (kind === 'balance') return { headers, ...noBalance(provider) };
  if (kind === 'hf-words') return { headers, status: 402, body: { error: depletedCredits(true) } };
  // No provider names its limit of concurrent requests in a header.
  if (kind === 'concurrency') return { headers: {}, ...tooManyInFlight(provider) };
  switch (provider) {
    case 'groq': {
      const { error, seconds } = groqError(world, model, requested, kind, key);
      return { headers: { ...headers, 'retry-after': Math.ceil(seconds) }, ...error };
    }
    case 'cerebras':
      return { headers, ...cerebrasRefusal(kind) };
    case 'together':
      return { headers, ...togetherError(model, kind) };
    case 'replicate':
      return {
        status: 429,
        headers: { 'retry-after': 30 },
        body: { detail: 'Request was throttled. Your rate limit resets in ~30s.' },
      };
    case 'zai-org':
      return { headers: {}, ...(kind === 'balance-code' ? noBalance(provider) : usageLimit) };
    case 'fireworks-ai':
      return { headers: { ...headers, 'x-ratelimit-over-limit': 'yes' }, ...unexplained };
    default:
      return { headers, ...unexplained };
  }
}

const usageLimit = zaiError(429, '1308', 'Usage limit reached for 5 hour. Your limit will reset soon.');

/** The format that is assumed for providers without a known one; it names no limit. */
const unexplained: ProviderError = {
  status: 429,
  body: {
    error: {
      message: 'Rate limit exceeded, please try again later',
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
    },
  },
};

function tooManyInFlight(provider: string): ProviderError {
  if (provider !== 'zai-org') return unexplained;
  return zaiError(
    429,
    '1302',
    'High concurrency usage of this API, please reduce concurrency or contact customer service to increase limits',
  );
}

function groqError(world: World, model: string, requested: number, kind: string, key?: string) {
  const usage = providerUsage(world, 'groq', key);
  const isDay = kind === 'requests';
  const seconds = isDay ? usage.requestsResetSeconds : usage.tokensResetSeconds;
  const limit = isDay
    ? `requests per day (RPD): Limit ${usage.requests}, Used ${usage.requests - usage.requestsLeft}, Requested 1`
    : `tokens per minute (TPM): Limit ${usage.tokens}, Used ${usage.usedTokens}, Requested ${requested}`;
  const organization = key === undefined ? 'org_01hf' : 'org_01ada';
  const message = `Rate limit reached for model \`${model}\` in organization \`${organization}\` service tier \`on_demand\` on ${limit}. Please try again in ${goDuration(seconds)}. Need more tokens? Visit https://console.groq.com/settings/billing`;
  const error = { message, type: isDay ? 'requests' : 'tokens', code: 'rate_limit_exceeded' };
  return { seconds, error: { status: 429, body: { error } } };
}

function cerebrasRefusal(kind: string): ProviderError {
  if (kind === 'queue')
    return cerebrasError(
      429,
      "We're experiencing high traffic right now! Please try again soon.",
      'too_many_requests_error',
      'queue',
      'queue_exceeded',
    );
  if (kind === 'requests')
    return cerebrasError(
      429,
      'Requests per day limit exceeded - too many requests sent.',
      'too_many_requests_error',
      'quota',
      'request_quota_exceeded',
    );
  return cerebrasError(
    429,
    `Tokens per ${kind === 'tokens-day' ? 'day' : 'minute'} limit exceeded - too many tokens processed.`,
    'too_many_tokens_error',
    'quota',
    'token_quota_exceeded',
  );
}

function togetherError(model: string, kind: string): ProviderError {
  if (kind === 'capacity')
    return openAiError(503, 'The server is overloaded or not ready yet.', null, 'service_unavailable');
  if (kind === 'server-error') {
    const error = { message: 'Internal server error', type: 'server_error', param: null, code: null };
    return { status: 500, body: { id: 'oEhK', error } };
  }
  const type = kind === 'requests' ? 'dynamic_request_limited' : 'dynamic_token_limited';
  const message = `You have been rate limited. Your rate limit for ${model} is dynamic.`;
  return openAiError(429, message, null, type);
}
