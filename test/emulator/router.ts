import { models } from './catalogue.ts';
import { answerChat, type Served, streamEvents } from './chatAnswer.ts';
import { complete, promptTokensOf } from './completion.ts';
import { type Exchange, jsonBody, type Route, route } from './exchange.ts';
import { anthropicEvents, anthropicMessage, responseEvents, responseObject } from './otherApis.ts';
import { partnerHeaders } from './partnerHeaders.ts';
import { limitsOf } from './partnerLimits.ts';
import type { PartnerRefusal } from './partnerRefusals.ts';
import { askPartner, chatRoutes, unrouted } from './partners.ts';
import { isObject } from './patch.ts';
import { type Payment, paymentOf } from './routerAccess.ts';
import { type Choice, choose, listModels, showModel } from './routerModels.ts';
import { book, costOf, refusePayment } from './routerSettlement.ts';
import { routerTaskRoutes } from './routerTasks.ts';

export const routerRoutes: readonly Route[] = [
  route('GET', '/v1/models', listModels),
  route('GET', '/v1/models/{org}/{model}', showModel),
  route('POST', '/v1/chat/completions', chat),
  route('POST', '/v1/responses', responses),
  route('POST', '/v1/messages', messages),
  ...Object.entries(chatRoutes)
    .filter(([provider]) => !unrouted.includes(provider))
    .map(([provider, path]) =>
      route('POST', `/${provider}/${path}`, exchange => passThrough(exchange, provider)),
    ),
  ...routerTaskRoutes,
];

type Body = Record<string, unknown>;

async function chat(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  const served =
    body &&
    serve(exchange, body, body.messages, Number(body.max_completion_tokens ?? body.max_tokens ?? Infinity));
  if (served) await answerChat(exchange, body, served);
}

async function responses(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  const served = body && serve(exchange, body, body.input, Number(body.max_output_tokens ?? Infinity));
  if (!served) return;
  if (body.stream !== true)
    return exchange.reply.json(200, responseObject(served.completion), served.headers);
  await streamEvents(exchange, served.headers, responseEvents(served.completion));
}

async function messages(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  const served = body && serve(exchange, body, body.messages, Number(body.max_tokens ?? Infinity));
  if (!served) return;
  if (body.stream !== true)
    return exchange.reply.json(200, anthropicMessage(served.completion), served.headers);
  await streamEvents(exchange, served.headers, anthropicEvents(served.completion));
}

/** `/{provider}/…`: the provider's own model id, no choice and no failover. */
async function passThrough(exchange: Exchange, provider: string): Promise<void> {
  const body = bodyOf(exchange);
  if (!body) return;
  const model = models.find(({ offers }) =>
    offers.some(offer => offer.provider === provider && offer.providerId === body.model),
  );
  const served = serve(
    exchange,
    { ...body, model: `${model?.id ?? String(body.model)}:${provider}` },
    body.messages,
    Number(body.max_tokens ?? Infinity),
    String(body.model),
  );
  if (served) await answerChat(exchange, body, served);
}

function bodyOf(exchange: Exchange): Body | undefined {
  const body = jsonBody(exchange);
  if (isObject(body) && typeof body.model === 'string') return body;
  const error = {
    message: 'Invalid request: a JSON body with a model is needed',
    type: 'invalid_request_error',
    param: 'model',
    code: null,
  };
  exchange.reply.json(400, { error });
  return undefined;
}

/** Who pays, who serves, what it costs. A refusal is sent and the result is undefined. */
function serve(
  exchange: Exchange,
  body: Body,
  prompt: unknown,
  maxTokens: number,
  modelName?: string,
): Served | undefined {
  const { world, reply } = exchange;
  const payment = paymentOf(exchange);
  if (!payment) return undefined;
  const choice = choose(String(body.model), payment.payer.disabledProviders);
  if ('code' in choice) {
    reply.json(400, {
      error: { message: choice.message, type: 'invalid_request_error', param: 'model', code: choice.code },
    });
    return undefined;
  }
  const tokens = promptTokensOf(prompt) + Math.min(maxTokens, 64);
  const winner = firstWilling(exchange, payment, choice, tokens);
  if (!winner) return undefined;
  const { offer } = winner;
  const name = modelName ?? choice.model.id;
  const completion = complete(offer, name, prompt, maxTokens, world.clock.told());
  const session = exchange.headers['x-hf-session-id'];
  const cost = costOf(offer, completion.promptTokens, completion.completionTokens);
  book(
    world,
    payment,
    offer.provider,
    choice.model.id,
    cost,
    typeof session === 'string' ? session : undefined,
  );
  // Together sends a retry-after on success: it is no limit.
  const retryAfter = offer.provider === 'together' ? { 'retry-after': 2 } : {};
  return {
    completion,
    latencyMs: limitsOf(world, offer.provider)?.latencyMs,
    headers: {
      ...partnerHeaders(world, offer.provider),
      ...retryAfter,
      'x-inference-provider': offer.provider,
    },
  };
}

/** The first offer whose provider takes the call: a pinned one has no substitute. */
function firstWilling(exchange: Exchange, payment: Payment, { offers, model }: Choice, tokens: number) {
  const { world, reply } = exchange;
  let refusal: { provider: string; answer: PartnerRefusal } | undefined;
  for (const offer of offers) {
    const unpaid = refusePayment(world, payment, offer.provider);
    if (unpaid !== undefined) {
      reply.error(402, unpaid);
      return undefined;
    }
    const answer = askPartner(exchange, offer.provider, model.id, tokens);
    if (!answer) return { offer };
    refusal = { provider: offer.provider, answer };
  }
  if (refusal)
    reply.json(refusal.answer.status, refusal.answer.body, {
      ...refusal.answer.headers,
      'x-inference-provider': refusal.provider,
    });
  return undefined;
}
