import { models, type Offer, unlistedOffers } from './catalogue.ts';
import { answerChat } from './chatAnswer.ts';
import { complete, promptTokensOf } from './completion.ts';
import { type Exchange, jsonBody, type Route, route } from './exchange.ts';
import { partnerHeaders } from './partnerHeaders.ts';
import { askPartner, chatRoutes, partnerIds } from './partners.ts';
import { noBalance, unknownModel, unknownRoute, type Words, wrongKey } from './partnerWords.ts';
import { isObject } from './patch.ts';
import { costOf } from './routerSettlement.ts';
import type { PartnerKey } from './state.ts';
import { type TaskCall, taskRoutes } from './taskCalls.ts';
import { taskModels } from './taskModels.ts';

/** The cheapest calls that need the key. Featherless shows its models to everybody. */
const accountRoutes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(chatRoutes).map(([id, path]) => [id, path.replace('chat/completions', 'models')]),
  ),
  cohere: 'v1/models',
  replicate: 'v1/account',
  wavespeed: 'api/v3/balance',
};

/** The partners' own APIs, each under its id: their keys, their names of models, their limits and their words. */
export const partnerRoutes: readonly Route[] = [
  ...Object.entries(chatRoutes).map(([provider, path]) =>
    route('POST', `/${provider}/${path}`, exchange => chat(exchange, provider)),
  ),
  ...Object.entries(accountRoutes).map(([provider, path]) =>
    route('GET', `/${provider}/${path}`, exchange => account(exchange, provider)),
  ),
  ...taskRoutes(partnerIds, task),
];

/** What a path that the provider has not answers. */
export function partnerNotFound({ path, method, reply }: Exchange) {
  const provider = partnerIds.find(id => path.startsWith(`/${id}/`)) ?? '';
  send({ reply }, unknownRoute(provider, method, path.slice(provider.length + 1)));
}

async function chat(exchange: Exchange, provider: string): Promise<void> {
  const { world } = exchange;
  const key = authorized(exchange, provider);
  if (!key) return;
  const body = jsonBody(exchange);
  if (!isObject(body) || typeof body.model !== 'string')
    return send(exchange, { status: 400, body: { error: { message: "'model' : property is missing" } } });
  const name = body.model;
  const offer = offersOf(provider).find(({ providerId }) => providerId === name);
  if (!offer) return send(exchange, unknownModel(provider, name));
  const most = Number(body.max_completion_tokens ?? body.max_tokens ?? Infinity);
  if (refused(exchange, provider, key, name, promptTokensOf(body.messages) + Math.min(most, 64))) return;
  const completion = complete(offer, name, body.messages, most, world.clock.told());
  key.account.balanceNanoUsd -= costOf(offer, completion.promptTokens, completion.completionTokens);
  const headers = partnerHeaders(world, provider, key.text);
  await answerChat(exchange, body, { completion, headers, latencyMs: key.account.latencyMs });
}

/** A cheap call that tells whether a key is good: the provider's own names of its models. */
function account(exchange: Exchange, provider: string) {
  const isPublic = provider === 'featherless-ai' && exchange.headers.authorization === undefined;
  if (!isPublic && !authorized(exchange, provider)) return;
  const others = taskModels.flatMap(({ at }) => at[provider] ?? []);
  const ids = [...offersOf(provider).map(({ providerId }) => providerId), ...others];
  const data = ids.map(id => ({ id, object: 'model', created: 1_754_352_000, owned_by: provider }));
  if (provider === 'replicate') exchange.reply.json(200, { type: 'user', username: 'ada', name: 'Ada L' });
  else if (provider === 'wavespeed') exchange.reply.json(200, { code: 200, data: { balance: 5 } });
  else exchange.reply.json(200, provider === 'together' ? data : { object: 'list', data });
}

function task(exchange: Exchange, { provider, providerId, model, answer }: TaskCall) {
  const key = authorized(exchange, provider);
  if (!key) return;
  if (!model) return send(exchange, unknownModel(provider, providerId));
  if (refused(exchange, provider, key, providerId, 1)) return;
  key.account.balanceNanoUsd -= model.nanoUsd;
  answer(partnerHeaders(exchange.world, provider, key.text));
}

interface Key {
  readonly text: string;
  readonly account: PartnerKey;
}

/** The account of the key, in the provider's own scheme; else its 401 is sent and the result is undefined. */
function authorized(exchange: Exchange, provider: string): Key | undefined {
  const [scheme, text = ''] = (exchange.headers.authorization ?? '').split(' ');
  const account = exchange.world.state.providers[provider]?.keys[text];
  if (account && scheme === (provider === 'fal-ai' ? 'Key' : 'Bearer')) return { text, account };
  send(exchange, wrongKey(provider));
  return undefined;
}

function refused(exchange: Exchange, provider: string, key: Key, model: string, tokens: number): boolean {
  const { world } = exchange;
  const headers = partnerHeaders(world, provider, key.text);
  const refusal =
    key.account.balanceNanoUsd <= 0
      ? { headers, ...noBalance(provider) }
      : askPartner(exchange, provider, model, tokens, key.text);
  if (refusal) exchange.reply.json(refusal.status, refusal.body, refusal.headers);
  return refusal !== undefined;
}

function offersOf(provider: string): readonly Offer[] {
  const all = [...models.flatMap(({ offers }) => offers), ...unlistedOffers];
  return all.filter(offer => offer.provider === provider);
}

function send({ reply }: Pick<Exchange, 'reply'>, { status, body }: Words) {
  reply.json(status, body);
}
