import { type Exchange, jsonBody } from '../http/exchange.ts';
import { isAccount, permits, roleIn } from '../identity.ts';
import { chatCompletions } from '../inference/chatCompletions.ts';
import { complete } from '../inference/completion.ts';
import { promptOf, sendCompletion } from '../inference/inferenceApi.ts';
import { isSpent } from '../orgLimits.ts';
import { isObject } from '../patch.ts';
import type { EndpointState } from '../state.ts';
import { countServed } from './metrics.ts';
import { advance, enter } from './states.ts';

/** A request to an endpoint's own URL. It wakes an endpoint that is scaled to zero. */
export function callEndpoint(exchange: Exchange) {
  const { world, identity, reply, params } = exchange;
  advance(world);
  const [namespace = '', name = '', rest = ''] = params;
  const endpoint = world.state.endpoints[`${namespace}/${name}`];
  if (!endpoint) return reply.error(404, 'Not Found');
  if (endpoint.type !== 'public') {
    if (!isAccount(identity)) return reply.error(401, 'UNAUTHORIZED');
    const org = world.state.orgs[namespace];
    const belongs = identity.name === namespace || (org && roleIn(org, identity.name));
    if (!belongs || !permits(identity.token, namespace, 'inference.endpoints.infer.write')) {
      return reply.error(403, 'missing permissions: inference.endpoints.infer.write');
    }
  }
  if (isOverSpendLimit(exchange, endpoint)) return reply.error(403, spendLimitReached);
  const now = world.clock.now();
  endpoint.lastRequestAt = now;
  if (endpoint.state === 'scaledToZero') enter(endpoint, 'pending', 'Endpoint is waking up', now);
  if (endpoint.state === 'paused') return reply.error(400, 'Endpoint is paused');
  if (endpoint.state !== 'running') return reply.error(503, 'Service Unavailable: the endpoint is not ready');
  countServed(`${namespace}/${name}`, endpoint, 200);
  if (rest !== 'v1/chat/completions') return reply.json(200, [{ label: 'POSITIVE', score: 0.99 }]);
  return chat(exchange, name);
}

/** Jobs' words: those for endpoints, and their status, are not known (HF-API.md, section 15). */
export const spendLimitReached = 'Resource group spend limit reached';

/** HF rejects what would cost money once the resource group of the endpoint's model has spent its limit. */
export function isOverSpendLimit(
  { world, params }: Pick<Exchange, 'world' | 'params'>,
  { resourceGroup }: EndpointState,
): boolean {
  const org = world.state.orgs[params[0] ?? ''];
  const group = org?.resourceGroups.find(({ id }) => id === resourceGroup);
  return org !== undefined && group !== undefined && isSpent(org, group, world.clock.now());
}

function chat(exchange: Exchange, name: string): Promise<void> {
  const parsed = jsonBody(exchange);
  const body = isObject(parsed) ? parsed : {};
  const { prompt, maxTokens } = promptOf(chatCompletions, body);
  const model = typeof body.model === 'string' ? body.model : name;
  const now = exchange.world.clock.reportedNow();
  const completion = complete({ provider: 'the-endpoint' }, model, prompt, maxTokens, now);
  return sendCompletion(exchange, chatCompletions, body, { completion, headers: {} });
}
