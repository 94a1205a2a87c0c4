import { models, type Offer } from '../catalogue.ts';
import { type Exchange, jsonBody, type Route, route } from '../http/exchange.ts';
import { chatCompletions } from '../inference/chatCompletions.ts';
import { complete, promptTokensOf } from '../inference/completion.ts';
import { type WrongField, wrongField } from '../inference/fields.ts';
import {
  type InferenceApi,
  type JsonBody,
  promptOf,
  type ServedCompletion,
  sendCompletion,
} from '../inference/inferenceApi.ts';
import { messages, responses } from '../inference/responsesAndMessages.ts';
import { isObject } from '../patch.ts';
import { invalidField } from '../providers/errors.ts';
import { providerHeaders } from '../providers/headers.ts';
import { limitsOf } from '../providers/limits.ts';
import { countProviderCall, type ProviderRefusal } from '../providers/refusals.ts';
import { chatRoutes, unrouted } from '../providers.ts';
import { type Choice, choose, invalidRequest, listModels, showModel } from './models.ts';
import { type Payment, paymentOf } from './payment.ts';
import { costOf, paymentRefusal, recordCharge } from './settlement.ts';
import { routerTaskRoutes } from './tasks.ts';

export const routerRoutes: readonly Route[] = [
  route('GET', '/v1/models', listModels),
  route('GET', '/v1/models/{org}/{model}', showModel),
  route('POST', '/v1/chat/completions', exchange => byModel(exchange, chatCompletions)),
  route('POST', '/v1/responses', exchange => byModel(exchange, responses)),
  route('POST', '/v1/messages', exchange => byModel(exchange, messages)),
  ...Object.entries(chatRoutes)
    .filter(([provider]) => !unrouted.includes(provider))
    .map(([provider, path]) =>
      route('POST', `/${provider}/${path}`, exchange => byProvider(exchange, provider)),
    ),
  ...routerTaskRoutes,
];

/** `/v1/…`: HF's model id, with an optional suffix that selects the provider. */
async function byModel(exchange: Exchange, api: InferenceApi): Promise<void> {
  const body = bodyOf(exchange);
  const served = body && serve(exchange, api, body, body.model);
  if (served) await sendCompletion(exchange, api, body, served);
}

/** `/{provider}/…`: the provider's own model id, without failover to another provider. */
async function byProvider(exchange: Exchange, provider: string): Promise<void> {
  const body = bodyOf(exchange);
  if (!body) return;
  const model = models.find(({ offers }) =>
    offers.some(offer => offer.provider === provider && offer.providerId === body.model),
  );
  const pinned = `${model?.id ?? body.model}:${provider}`;
  const served = serve(exchange, chatCompletions, body, pinned, body.model);
  if (served) await sendCompletion(exchange, chatCompletions, body, served);
}

function bodyOf(exchange: Exchange): (JsonBody & { readonly model: string }) | undefined {
  const body = jsonBody(exchange);
  if (isObject(body) && typeof body.model === 'string') return { ...body, model: body.model };
  invalidRequest(exchange.reply, null, 'Invalid request: a JSON body with a model is needed');
  return undefined;
}

/**
 * Selects the payer and the provider, and records the cost. Returns undefined after sending a refusal.
 * @param named the model in the response; default HF's id
 */
function serve(
  exchange: Exchange,
  api: InferenceApi,
  body: JsonBody,
  requested: string,
  named?: string,
): ServedCompletion | undefined {
  const { world, reply } = exchange;
  const payment = paymentOf(exchange);
  if (!payment) return undefined;
  const choice = choose(requested, payment.payer.disabledProviders);
  if ('code' in choice) {
    invalidRequest(reply, choice.code, choice.message);
    return undefined;
  }
  const { prompt, maxTokens } = promptOf(api, body);
  const wrong = wrongField(api.fields, api.required, body);
  const tokens = promptTokensOf(prompt) + Math.min(maxTokens, 64);
  const offer = firstWilling(exchange, payment, choice, { tokens, wrong });
  if (!offer) return undefined;
  const { provider } = offer;
  const now = world.clock.reportedNow();
  const completion = complete(offer, named ?? choice.model.id, prompt, maxTokens, now);
  const cost = costOf(offer, completion.promptTokens, completion.completionTokens);
  recordCharge(exchange, payment, provider, choice.model.id, cost);
  return {
    completion,
    latencyMs: limitsOf(world, provider)?.latencyMs,
    headers: {
      ...providerHeaders(world, provider),
      // Together sends Retry-After on a success as well; it is no limit.
      ...(provider === 'together' && { 'retry-after': 2 }),
      'x-inference-provider': provider,
    },
  };
}

/** The first offer whose provider does not refuse. Returns undefined after sending the last refusal. */
function firstWilling(
  exchange: Exchange,
  payment: Payment,
  { offers, model }: Choice,
  { tokens, wrong }: { readonly tokens: number; readonly wrong: WrongField | undefined },
): Offer | undefined {
  const { world, reply } = exchange;
  let refused: { provider: string; refusal: ProviderRefusal } | undefined;
  for (const offer of offers) {
    const { provider } = offer;
    const unpaid = paymentRefusal(world, payment, provider);
    if (unpaid !== undefined) {
      reply.error(402, unpaid);
      return undefined;
    }
    if (wrong) {
      const { status, body } = invalidField(provider, wrong);
      reply.json(status, body, { 'x-inference-provider': provider });
      return undefined;
    }
    const refusal = countProviderCall(exchange, provider, model.id, tokens);
    if (!refusal) return offer;
    refused = { provider, refusal };
  }
  if (refused) {
    const { status, body, headers } = refused.refusal;
    reply.json(status, body, { ...headers, 'x-inference-provider': refused.provider });
  }
  return undefined;
}
