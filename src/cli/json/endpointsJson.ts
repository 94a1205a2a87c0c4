import type { Part, Snapshot } from '../../account/snapshot.ts';
import { usdPerHour } from '../../limits/account/endpointCost.ts';
import { type Endpoint, type HardwareQuota, quotaEffect } from '../../limits/account/endpoints.ts';

export type EndpointJson = ReturnType<typeof endpointJson>;
export type HardwareQuotaJson = ReturnType<typeof hardwareJson>;

/**
 * HF's prices are the same for all: another namespace's catalogue serves where the endpoint's own is missing.
 * @returns null: no namespace is known
 */
export function endpointsJson({ endpoints, hardware }: Snapshot): EndpointJson[] | null {
  const all = ofNamespaces(hardware) ?? [];
  const byNamespace = Map.groupBy(all, ({ namespace }) => namespace);
  const priceOf = (endpoint: Endpoint) =>
    usdPerHour(endpoint, byNamespace.get(endpoint.namespace) ?? []) ?? usdPerHour(endpoint, all);
  return ofNamespaces(endpoints)?.map(endpoint => endpointJson(endpoint, priceOf(endpoint))) ?? null;
}

export function hardwareQuotasJson({ hardware }: Snapshot): HardwareQuotaJson[] | null {
  return ofNamespaces(hardware)?.map(hardwareJson) ?? null;
}

function endpointJson(endpoint: Endpoint, price: number | undefined) {
  const { namespace, name, state, readyReplicas = null, targetReplicas = null } = endpoint;
  return {
    namespace,
    name,
    state,
    countsTowardsQuota: quotaEffect(endpoint).counts ?? null,
    readyReplicas,
    targetReplicas,
    instance: `${endpoint.instanceType} ${endpoint.instanceSize}`,
    usdPerHour: price ?? null,
  };
}

function hardwareJson(quota: HardwareQuota) {
  const { namespace, id, used = null, max = null, usdPerHour: price = null } = quota;
  return { namespace, id, used, max, usdPerHour: price };
}

/** Of all namespaces together; undefined: none is known. */
function ofNamespaces<T>(parts: Readonly<Record<string, Part<readonly T[]>>>): T[] | undefined {
  const known = Object.values(parts).flatMap(({ value }) => (value ? [value] : []));
  return known.length === 0 ? undefined : known.flat();
}
