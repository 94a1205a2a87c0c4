import { type Exchange, jsonBody, type Route, route } from '../http/exchange.ts';
import { isAccount, permits, roleIn } from '../identity.ts';
import { featureRefusal } from '../orgLimits.ts';
import { isObject } from '../patch.ts';
import type { EndpointState } from '../state.ts';
import { callEndpoint, isOverSpendLimit, spendLimitReached } from './calls.ts';
import { endpointCatalogue } from './catalogue.ts';
import { described } from './description.ts';
import { computeOf } from './hardware.ts';
import { openMetrics } from './metrics.ts';
import { accelerators, advance, countsTowardsQuota, enter, freeAccelerators, stop } from './states.ts';

export const endpointRoutes: readonly Route[] = [
  route('GET', '/v2/provider', endpointCatalogue),
  route('GET', '/v2/provider/{ns}', inNamespace('read', endpointCatalogue)),
  route('GET', '/v2/endpoint/{ns}', inNamespace('read', list)),
  route('POST', '/v2/endpoint/{ns}', inNamespace('write', create)),
  route('GET', '/v2/endpoint/{ns}/{name}', inNamespace('read', onEndpoint(show))),
  route('GET', '/v2/endpoint/{ns}/{name}/open-metrics', inNamespace('read', onEndpoint(openMetrics))),
  route('PUT', '/v2/endpoint/{ns}/{name}', inNamespace('write', onEndpoint(update))),
  route('DELETE', '/v2/endpoint/{ns}/{name}', inNamespace('write', onEndpoint(remove))),
  route('POST', '/v2/endpoint/{ns}/{name}/pause', inNamespace('write', onEndpoint(pause))),
  route('POST', '/v2/endpoint/{ns}/{name}/resume', inNamespace('write', onEndpoint(resume))),
  route('POST', '/v2/endpoint/{ns}/{name}/scale-to-zero', inNamespace('write', onEndpoint(scaleToZero))),
  route('POST', '/serve/{ns}/{name}/{path...}', callEndpoint),
  route('GET', '/serve/{ns}/{name}/{path...}', callEndpoint),
];

/** HF sends 401 for a namespace without rights or billing, 403 for a token without the write permission. */
function inNamespace(access: 'read' | 'write', handle: Route['handle']): Route['handle'] {
  return exchange => {
    const { world, identity, reply, params } = exchange;
    const namespace = params[0] ?? '';
    advance(world);
    if (!isAccount(identity)) return reply.error(401, 'Unauthorized');
    const org = world.state.orgs[namespace];
    const role = org && roleIn(org, identity.name);
    const belongs =
      identity.name === namespace || (role !== undefined && org?.plan !== undefined && org.canPay);
    const any = ['inference.endpoints.write', 'inference.endpoints.infer.write'];
    if (!belongs || !any.some(permission => permits(identity.token, namespace, permission))) {
      return reply.error(401, `You don't have access to the namespace ${namespace}`);
    }
    const mayWrite = identity.name === namespace || role === 'admin' || role === 'write';
    if (
      access === 'write' &&
      (!mayWrite ||
        identity.token.role === 'read' ||
        !permits(identity.token, namespace, 'inference.endpoints.write'))
    ) {
      return reply.error(403, 'missing permissions: inference.endpoints.write');
    }
    const restricted =
      org && access === 'write' ? featureRefusal(org, identity.name, 'endpoints') : undefined;
    if (restricted) return reply.error(403, restricted);
    return handle(exchange);
  };
}

function onEndpoint(handle: (exchange: Exchange, endpoint: EndpointState) => void): Route['handle'] {
  return exchange => {
    const endpoint = exchange.world.state.endpoints[exchange.params.slice(0, 2).join('/')];
    if (!endpoint) return exchange.reply.error(404, 'Endpoint not found');
    handle(exchange, endpoint);
  };
}

function list({ world, reply, params }: Exchange) {
  const paths = Object.keys(world.state.endpoints).filter(path => path.startsWith(`${params[0]}/`));
  reply.json(200, { items: paths.map(path => described(world, path)) });
}

function show({ world, reply, params }: Exchange) {
  reply.json(200, described(world, params.slice(0, 2).join('/')));
}

function create(exchange: Exchange) {
  const { world, reply, params, identity } = exchange;
  const namespace = params[0] ?? '';
  const body = jsonBody(exchange);
  const name = isObject(body) ? body.name : undefined;
  const type = (isObject(body) && endpointTypes.find(each => each === body.type)) || 'authenticated';
  const wanted = objectIn(body, 'compute');
  const provider = objectIn(body, 'provider');
  const model = objectIn(body, 'model');
  const scaling = objectIn(wanted, 'scaling');
  const place = {
    vendor: String(provider.vendor),
    region: String(provider.region),
    instanceType: String(wanted.instanceType),
    instanceSize: String(wanted.instanceSize),
  };
  const compute = computeOf(place);
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,32}$/.test(name))
    return reply.error(400, 'Invalid name: 1 to 32 of a-z, 0-9 and -');
  if (!compute || ['not_available', 'deprecated'].includes(compute.status))
    return reply.error(400, 'This compute is not available');
  if (world.state.endpoints[`${namespace}/${name}`])
    return reply.error(409, `Endpoint ${name} already exists`);
  if (freeAccelerators(world, namespace, place.vendor, place.instanceType) < compute.numAccelerators)
    return reply.error(400, quotaExceeded(place.instanceType));
  const now = world.clock.now();
  world.state.endpoints[`${namespace}/${name}`] = {
    ...place,
    type,
    minReplica: Number(scaling.minReplica ?? 0),
    maxReplica: Number(scaling.maxReplica ?? 1),
    scaleToZeroMinutes: typeof scaling.scaleToZeroTimeout === 'number' ? scaling.scaleToZeroTimeout : 60,
    repository: String(model.repository),
    task: String(model.task ?? 'text-generation'),
    state: 'pending',
    message: 'Endpoint is pending',
    createdAt: now,
    updatedAt: now,
    createdBy: identity.kind === 'user' ? identity.name : namespace,
    since: now,
    lastRequestAt: now,
    billed: [],
  };
  reply.json(200, described(world, `${namespace}/${name}`));
}

const endpointTypes = ['public', 'protected', 'authenticated', 'private'] as const;

/** The object under the key; an empty one when there is none. */
function objectIn(value: unknown, key: string): Record<string, unknown> {
  return isObject(value) && isObject(value[key]) ? value[key] : {};
}

function update(exchange: Exchange, endpoint: EndpointState) {
  const scaling = objectIn(objectIn(jsonBody(exchange), 'compute'), 'scaling');
  if (typeof scaling.minReplica === 'number') endpoint.minReplica = scaling.minReplica;
  if (typeof scaling.maxReplica === 'number') endpoint.maxReplica = scaling.maxReplica;
  if (endpoint.state === 'running')
    enter(endpoint, 'updating', 'Endpoint is updating', exchange.world.clock.now());
  show(exchange);
}

function remove({ world, reply, params }: Exchange, endpoint: EndpointState) {
  enter(endpoint, 'paused', 'Endpoint was deleted', world.clock.now());
  delete world.state.endpoints[params.slice(0, 2).join('/')];
  reply.json(202, {});
}

function pause(exchange: Exchange, endpoint: EndpointState) {
  stop(endpoint, 'paused', 'Endpoint was paused', exchange.world.clock.now());
  show(exchange);
}

function resume(exchange: Exchange, endpoint: EndpointState) {
  const { world, reply, params } = exchange;
  if (endpoint.state === 'running') return reply.error(400, 'Endpoint is already running');
  if (isOverSpendLimit(exchange, endpoint)) return reply.error(403, spendLimitReached);
  const free = freeAccelerators(world, params[0] ?? '', endpoint.vendor, endpoint.instanceType);
  if (!countsTowardsQuota(endpoint) && free < accelerators(endpoint))
    return reply.error(400, quotaExceeded(endpoint.instanceType));
  enter(endpoint, 'pending', 'Endpoint is pending', world.clock.now());
  show(exchange);
}

function scaleToZero(exchange: Exchange, endpoint: EndpointState) {
  const { world, reply } = exchange;
  if (endpoint.state === 'paused') return reply.error(400, 'Endpoint is paused');
  stop(endpoint, 'scaledToZero', 'Endpoint is scaled to zero', world.clock.now());
  show(exchange);
}

function quotaExceeded(instanceType: string): string {
  return `Quota exceeded for ${instanceType}: pause or delete an endpoint, or ask for more at https://endpoints.huggingface.co/contact`;
}
