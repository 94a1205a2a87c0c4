import type { Endpoint, HardwareQuota } from './endpoints.ts';

/**
 * USD per hour of the ready replicas; undefined without a price or a count. Paused endpoints and those scaled
 * to zero cost nothing. `startingUsdPerHour` comes on top.
 */
export function usdPerHour(endpoint: Endpoint, hardware: readonly HardwareQuota[]): number | undefined {
  if (costsNothing(endpoint)) return 0;
  return product(priceOf(endpoint, hardware), endpoint.readyReplicas);
}

/**
 * USD per hour of replicas that start: an upper bound. HF bills initialization by the minute, but does not
 * say from which moment.
 */
export function startingUsdPerHour(
  endpoint: Endpoint,
  hardware: readonly HardwareQuota[],
): number | undefined {
  if (costsNothing(endpoint) || endpoint.state === 'failed') return 0;
  const { readyReplicas, targetReplicas } = endpoint;
  if (readyReplicas === undefined || targetReplicas === undefined) return undefined;
  return product(priceOf(endpoint, hardware), Math.max(0, targetReplicas - readyReplicas));
}

/** USD per hour once a paused endpoint runs with its fewest replicas; undefined without a price. */
export function resumedUsdPerHour(
  endpoint: Endpoint,
  hardware: readonly HardwareQuota[],
): number | undefined {
  return product(priceOf(endpoint, hardware), Math.max(1, endpoint.minReplicas ?? 1));
}

/** USD per hour of those with a known cost; `isComplete`: all have one. */
export function totalUsdPerHour(
  endpoints: readonly Endpoint[],
  hardware: readonly HardwareQuota[],
): { readonly usd: number; readonly isComplete: boolean } {
  const costs = endpoints.map(endpoint => usdPerHour(endpoint, hardware));
  return {
    usd: costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
    isComplete: !costs.includes(undefined),
  };
}

/** The fullest quota first; unknown ones last. */
export function hardwarePressure(hardware: readonly HardwareQuota[]): HardwareQuota[] {
  return [...hardware].sort(
    (a, b) => pressure(b) - pressure(a) || (b.used ?? 0) - (a.used ?? 0) || byId.compare(a.id, b.id),
  );
}

const byId = new Intl.Collator('en');

function pressure({ used, max }: HardwareQuota): number {
  if (used === undefined || max === undefined) return -1;
  if (max > 0) return used / max;
  return used > 0 ? 1 : 0;
}

function costsNothing(endpoint: Endpoint): boolean {
  return endpoint.state === 'paused' || endpoint.state === 'scaledToZero';
}

function priceOf(endpoint: Endpoint, hardware: readonly HardwareQuota[]): number | undefined {
  return computeOf(endpoint, hardware)?.usdPerHour;
}

type Compute = Pick<Endpoint, 'vendor' | 'region' | 'accelerator' | 'instanceType' | 'instanceSize'>;

/** The endpoint's compute in the catalogue, which is indexed once and must not change. */
export function computeOf(endpoint: Compute, hardware: readonly HardwareQuota[]): HardwareQuota | undefined {
  let index = indexes.get(hardware);
  if (!index) {
    // of two with one key the first counts
    index = new Map(hardware.toReversed().map(compute => [computeKey(compute), compute]));
    indexes.set(hardware, index);
  }
  return index.get(computeKey(endpoint));
}

/** By catalogue: large ones have thousands of rows, and each endpoint is looked up several times. */
const indexes = new WeakMap<readonly HardwareQuota[], Map<string, HardwareQuota>>();

function computeKey({ vendor, region, accelerator, instanceType, instanceSize }: Compute): string {
  return [vendor, region, accelerator, instanceType, instanceSize].join('\n');
}

function product(price: number | undefined, replicas: number | undefined): number | undefined {
  if (replicas === 0) return 0;
  return price === undefined || replicas === undefined ? undefined : price * replicas;
}
