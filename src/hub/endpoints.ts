import * as v from 'valibot';
import type { Endpoint, HardwareQuota } from '../limits/account/endpoints.ts';
import type { HubAccess } from './http.ts';
import { HubError } from './hubError.ts';
import { amount, check, collect, type Items, maybe, readItems } from './schema.ts';
import { endpointsApi } from './servers.ts';

/**
 * `GET /v2/endpoint/{namespace}`. An endpoint that can't be read is in `problems`, and hides no other.
 * @throws HubError
 */
export async function listEndpoints(hub: HubAccess, namespace: string): Promise<Items<Endpoint>> {
  return parseEndpoints(await getNamespaced(hub, 'endpoint', namespace), namespace);
}

/**
 * `GET /v2/provider/{namespace}`: the hardware catalogue with the namespace's quota. Unreadable entries are
 * in `problems`.
 * @throws HubError
 */
export async function hardwareQuotas(hub: HubAccess, namespace: string): Promise<Items<HardwareQuota>> {
  return parseHardware(await getNamespaced(hub, 'provider', namespace), namespace);
}

async function getNamespaced(
  { http, servers, token, signal }: HubAccess,
  resource: 'endpoint' | 'provider',
  namespace: string,
): Promise<unknown> {
  const url = `${endpointsApi(servers)}/${resource}/${encodeURIComponent(namespace)}`;
  try {
    return await http.getJson(url, { token, signal });
  } catch (error) {
    throw namespaceError(error);
  }
}

/** This API answers 401 also to a valid token without rights or billing in the namespace. */
export function namespaceError(error: unknown): unknown {
  if (error instanceof HubError && error.kind === 'invalid-token' && !saysInvalid(error.details.words)) {
    return new HubError('missing-permission', error.message, error.details, { cause: error });
  }
  return error;
}

/** The Hub's words for an unknown token: `Invalid credentials in Authorization header`. */
function saysInvalid(words: string | undefined): boolean {
  return words !== undefined && /invalid (credentials|(user )?token|username)/i.test(words);
}

const endpointSchema = v.object({
  name: v.string(),
  provider: v.object({ vendor: v.string(), region: v.string() }),
  compute: v.object({
    accelerator: v.string(),
    instanceType: v.string(),
    instanceSize: v.string(),
    scaling: maybe(
      v.object({
        minReplica: maybe(amount),
        maxReplica: maybe(amount),
        scaleToZeroTimeout: maybe(amount),
      }),
    ),
  }),
  model: maybe(v.object({ repository: maybe(v.string()), task: maybe(v.string()) })),
  status: v.object({
    state: v.string(),
    message: maybe(v.string()),
    url: maybe(v.string()),
    readyReplica: maybe(amount),
    targetReplica: maybe(amount),
  }),
});

/** @throws HubError `format-changed` when there is no list at all */
export function parseEndpoints(body: unknown, namespace: string): Items<Endpoint> {
  const { items } = check(v.object({ items: v.array(v.unknown()) }), body);
  const problems: HubError[] = [];
  const endpoints = [...readItems(problems, endpointSchema, items, 'items')];
  return { items: endpoints.map(({ item }) => toEndpoint(item, namespace)), problems };
}

/** Undefined when the body does not describe an endpoint. */
export function parseEndpoint(body: unknown, namespace: string): Endpoint | undefined {
  const endpoint = collect([], () => check(endpointSchema, body));
  return endpoint && toEndpoint(endpoint, namespace);
}

function toEndpoint(endpoint: v.InferOutput<typeof endpointSchema>, namespace: string): Endpoint {
  const { name, provider, compute, model, status } = endpoint;
  return {
    namespace,
    name,
    state: status.state,
    message: status.message,
    url: status.url,
    vendor: provider.vendor,
    region: provider.region,
    accelerator: compute.accelerator,
    instanceType: compute.instanceType,
    instanceSize: compute.instanceSize,
    readyReplicas: status.readyReplica,
    targetReplicas: status.targetReplica,
    minReplicas: compute.scaling?.minReplica,
    maxReplicas: compute.scaling?.maxReplica,
    scaleToZeroMinutes: compute.scaling?.scaleToZeroTimeout,
    repository: model?.repository,
    task: model?.task,
  };
}

const vendorSchema = v.object({ name: v.string(), regions: v.array(v.unknown()) });
const regionSchema = v.object({ name: v.string(), computes: v.array(v.unknown()) });
const computeSchema = v.object({
  id: v.string(),
  accelerator: v.string(),
  architecture: v.string(),
  instanceType: v.string(),
  instanceSize: v.string(),
  numAccelerators: amount,
  status: v.string(),
  pricePerHour: maybe(amount),
  quota: maybe(v.object({ maxAccelerators: amount, usedAccelerators: amount })),
});

/** @throws HubError `format-changed` when there is no list at all */
export function parseHardware(body: unknown, namespace: string): Items<HardwareQuota> {
  const problems: HubError[] = [];
  const { vendors } = check(v.object({ vendors: v.array(v.unknown()) }), body);
  const items: HardwareQuota[] = [];
  for (const vendor of readItems(problems, vendorSchema, vendors, 'vendors')) {
    for (const region of readItems(problems, regionSchema, vendor.item.regions, `${vendor.path}.regions`)) {
      const { computes } = region.item;
      for (const { item } of readItems(problems, computeSchema, computes, `${region.path}.computes`)) {
        const { quota, pricePerHour, ...rest } = item;
        items.push({
          ...rest,
          namespace,
          vendor: vendor.item.name,
          region: region.item.name,
          used: quota?.usedAccelerators,
          max: quota?.maxAccelerators,
          usdPerHour: pricePerHour,
        });
      }
    }
  }
  return { items, problems };
}
