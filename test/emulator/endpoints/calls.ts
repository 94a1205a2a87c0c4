import { type Exchange, jsonBody } from '../http/exchange.ts';
import { isAccount, permits, roleIn } from '../identity.ts';
import { isObject } from '../patch.ts';
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
  const now = world.clock.now();
  endpoint.lastRequestAt = now;
  if (endpoint.state === 'scaledToZero') enter(endpoint, 'pending', 'Endpoint is waking up', now);
  if (endpoint.state === 'paused') return reply.error(400, 'Endpoint is paused');
  if (endpoint.state !== 'running') return reply.error(503, 'Service Unavailable: the endpoint is not ready');
  if (rest !== 'v1/chat/completions') return reply.json(200, [{ label: 'POSITIVE', score: 0.99 }]);
  const body = jsonBody(exchange);
  reply.json(200, {
    id: 'chatcmpl-endpoint',
    object: 'chat.completion',
    created: Math.floor(now / 1000),
    model: isObject(body) ? body.model : name,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello from your endpoint.' },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 8, completion_tokens: 5, total_tokens: 13 },
  });
}
