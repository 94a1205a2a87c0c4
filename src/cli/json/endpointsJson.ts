import type { Part, Snapshot } from '../../account/snapshot.ts';
import { usdPerHour } from '../../limits/account/endpointCost.ts';
import { type Endpoint, type HardwareQuota, quotaEffect } from '../../limits/account/endpoints.ts';
import type { EndpointJson, HardwareQuotaJson } from './statusShape.ts';

/** Null: no namespace has answered. */
export function endpointsJson({ endpoints, hardware }: Snapshot): EndpointJson[] | null {
  const catalogueOf = catalogues(ofNamespaces(hardware) ?? []);
  return (
    ofNamespaces(endpoints)?.map(endpoint => endpointJson(endpoint, catalogueOf(endpoint.namespace))) ?? null
  );
}

export function hardwareQuotasJson({ hardware }: Snapshot): HardwareQuotaJson[] | null {
  return ofNamespaces(hardware)?.map(hardwareJson) ?? null;
}

/**
 * The hardware for a namespace's endpoints. HF's prices are the same for everybody: another namespace's catalogue
 * serves where one's own is missing.
 */
function catalogues(hardware: readonly HardwareQuota[]): (namespace: string) => readonly HardwareQuota[] {
  const made = new Map<string, readonly HardwareQuota[]>();
  return namespace => {
    let catalogue = made.get(namespace);
    if (!catalogue) {
      catalogue = [...hardware.filter(compute => compute.namespace === namespace), ...hardware];
      made.set(namespace, catalogue);
    }
    return catalogue;
  };
}

function endpointJson(endpoint: Endpoint, hardware: readonly HardwareQuota[]): EndpointJson {
  return {
    namespace: endpoint.namespace,
    name: endpoint.name,
    state: endpoint.state,
    countsTowardsQuota: quotaEffect(endpoint).counts ?? null,
    readyReplicas: endpoint.readyReplicas ?? null,
    targetReplicas: endpoint.targetReplicas ?? null,
    instance: `${endpoint.instanceType} ${endpoint.instanceSize}`,
    usdPerHour: usdPerHour(endpoint, hardware) ?? null,
  };
}

function hardwareJson({ namespace, id, used, max, usdPerHour: price }: HardwareQuota): HardwareQuotaJson {
  return { namespace, id, used: used ?? null, max: max ?? null, usdPerHour: price ?? null };
}

/** What the namespaces of the account hold together; undefined: none has answered. */
function ofNamespaces<T>(parts: Readonly<Record<string, Part<readonly T[]>>>): T[] | undefined {
  const known = Object.values(parts).flatMap(({ value }) => (value ? [value] : []));
  return known.length === 0 ? undefined : known.flat();
}
