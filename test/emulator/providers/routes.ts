import { models, type Offer, unlistedOffers } from '../catalogue.ts';
import { type Exchange, jsonBody, type Route, route } from '../http/exchange.ts';
import { chatCompletions } from '../inference/chatCompletions.ts';
import { complete, promptTokensOf } from '../inference/completion.ts';
import { wrongField } from '../inference/fields.ts';
import { promptOf, sendCompletion } from '../inference/inferenceApi.ts';
import { type TaskCall, taskRoutes } from '../inference/taskCalls.ts';
import { isObject } from '../patch.ts';
import { chatRoutes, providerIds } from '../providers.ts';
import { costOf } from '../router/settlement.ts';
import type { ProviderKey } from '../state.ts';
import { taskModels } from '../taskModels.ts';
import {
  invalidField,
  noBalance,
  type ProviderError,
  unknownModel,
  unknownRoute,
  wrongKey,
} from './errors.ts';
import { providerHeaders } from './headers.ts';
import { countProviderCall } from './refusals.ts';

/** The cheapest request that needs the key. Featherless lists its models without one. */
const accountRoutes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(chatRoutes).map(([id, path]) => [id, path.replace('chat/completions', 'models')]),
  ),
  cohere: 'v1/models',
  replicate: 'v1/account',
  wavespeed: 'api/v3/balance',
};

/** The providers' own APIs, each under its id, with its keys, model ids, limits and error formats. */
export const providerRoutes: readonly Route[] = [
  ...Object.entries(chatRoutes).map(([provider, path]) =>
    route('POST', `/${provider}/${path}`, exchange => chat(exchange, provider)),
  ),
  ...Object.entries(accountRoutes).map(([provider, path]) =>
    route('GET', `/${provider}/${path}`, exchange => account(exchange, provider)),
  ),
  ...taskRoutes(providerIds, task),
];

export function providerNotFound({ path, method, reply }: Exchange) {
  const provider = providerIds.find(id => path.startsWith(`/${id}/`)) ?? '';
  sendError({ reply }, unknownRoute(provider, method, path.slice(provider.length + 1)));
}

async function chat(exchange: Exchange, provider: string): Promise<void> {
  const { world } = exchange;
  const key = authorized(exchange, provider);
  if (!key) return;
  const body = jsonBody(exchange);
  if (!isObject(body) || typeof body.model !== 'string')
    return sendError(exchange, {
      status: 400,
      body: { error: { message: "'model' : property is missing" } },
    });
  const id = body.model;
  const offer = offersOf(provider).find(({ providerId }) => providerId === id);
  if (!offer) return sendError(exchange, unknownModel(provider, id));
  const wrong = wrongField(chatCompletions.fields, chatCompletions.required, body);
  if (wrong) return sendError(exchange, invalidField(provider, wrong));
  const { prompt, maxTokens } = promptOf(chatCompletions, body);
  if (isRefused(exchange, provider, key, id, promptTokensOf(prompt) + Math.min(maxTokens, 64))) return;
  const completion = complete(offer, id, prompt, maxTokens, world.clock.reportedNow());
  key.account.balanceNanoUsd -= costOf(offer, completion.promptTokens, completion.completionTokens);
  const headers = providerHeaders(world, provider, key.value);
  const { latencyMs } = key.account;
  await sendCompletion(exchange, chatCompletions, body, { completion, headers, latencyMs });
}

function account(exchange: Exchange, provider: string) {
  const { reply } = exchange;
  const isPublic = provider === 'featherless-ai' && exchange.headers.authorization === undefined;
  if (!isPublic && !authorized(exchange, provider)) return;
  if (provider === 'replicate') return reply.json(200, { type: 'user', username: 'ada', name: 'Ada L' });
  if (provider === 'wavespeed') return reply.json(200, { code: 200, data: { balance: 5 } });
  const taskIds = taskModels.flatMap(({ at }) => at[provider] ?? []);
  const ids = [...offersOf(provider).map(({ providerId }) => providerId), ...taskIds];
  const data = ids.map(id => ({ id, object: 'model', created: 1_754_352_000, owned_by: provider }));
  reply.json(200, provider === 'together' ? data : { object: 'list', data });
}

function task(exchange: Exchange, { provider, providerId, model, send }: TaskCall) {
  const key = authorized(exchange, provider);
  if (!key) return;
  if (!model) return sendError(exchange, unknownModel(provider, providerId));
  if (isRefused(exchange, provider, key, providerId, 1)) return;
  key.account.balanceNanoUsd -= model.nanoUsd;
  send(providerHeaders(exchange.world, provider, key.value));
}

interface Key {
  readonly value: string;
  readonly account: ProviderKey;
}

/** The key in the provider's own authorization scheme. Returns undefined after sending its 401. */
function authorized(exchange: Exchange, provider: string): Key | undefined {
  const [scheme, value = ''] = (exchange.headers.authorization ?? '').split(' ');
  const found = exchange.world.state.providers[provider]?.keys[value];
  if (found && scheme === (provider === 'fal-ai' ? 'Key' : 'Bearer')) return { value, account: found };
  sendError(exchange, wrongKey(provider));
  return undefined;
}

/** Sends a refusal when the balance is spent or a limit is reached. */
function isRefused(exchange: Exchange, provider: string, key: Key, model: string, tokens: number): boolean {
  const refusal =
    key.account.balanceNanoUsd <= 0
      ? { headers: providerHeaders(exchange.world, provider, key.value), ...noBalance(provider) }
      : countProviderCall(exchange, provider, model, tokens, key.value);
  if (refusal) exchange.reply.json(refusal.status, refusal.body, refusal.headers);
  return refusal !== undefined;
}

function offersOf(provider: string): readonly Offer[] {
  const all = [...models.flatMap(({ offers }) => offers), ...unlistedOffers];
  return all.filter(offer => offer.provider === provider);
}

function sendError({ reply }: Pick<Exchange, 'reply'>, { status, body }: ProviderError) {
  reply.json(status, body);
}
