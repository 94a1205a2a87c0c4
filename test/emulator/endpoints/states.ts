import { payerNamed } from '../identity.ts';
import type { EndpointPhase, EndpointState } from '../state.ts';
import type { World } from '../world.ts';
import { computeOf } from './hardware.ts';

/** Duration of a start, on the emulator's clock. */
const pendingMs = 20_000;
const initializingMs = 70_000;

/** Updates all endpoints to the current time: starts complete, idle endpoints scale to zero. */
export function advance(world: World): void {
  const now = world.clock.now();
  for (const endpoint of Object.values(world.state.endpoints)) {
    while (step(endpoint, now)); // each state at its own time
  }
}

/** Enters the next state when its time has come. Returns false when there is none. */
function step(endpoint: EndpointState, now: number): boolean {
  if (endpoint.stuck) return false;
  if (endpoint.state === 'pending' && now >= endpoint.since + pendingMs) {
    enter(endpoint, 'initializing', 'Endpoint is initializing', endpoint.since + pendingMs);
    return true;
  }
  if (
    (endpoint.state === 'initializing' || endpoint.state === 'updating') &&
    now >= endpoint.since + initializingMs
  ) {
    const at = endpoint.since + initializingMs;
    if (endpoint.failsWith) enter(endpoint, 'failed', endpoint.failsWith, at);
    else enter(endpoint, 'running', 'Endpoint is ready', at);
    endpoint.lastRequestAt = at;
    return true;
  }
  const idleMs = endpoint.scaleToZeroMinutes === null ? Infinity : endpoint.scaleToZeroMinutes * 60_000;
  if (endpoint.state === 'running' && endpoint.minReplica === 0 && now >= endpoint.lastRequestAt + idleMs) {
    enter(endpoint, 'scaledToZero', 'Endpoint is scaled to zero', endpoint.lastRequestAt + idleMs);
    return true;
  }
  return false;
}

const billedStates = new Set<EndpointPhase>(['initializing', 'running', 'updating', 'updateFailed']);

/** Changes the state and opens or closes the billed period. */
export function enter(endpoint: EndpointState, state: EndpointPhase, message: string, at: number): void {
  const open = endpoint.billed.at(-1);
  const running = open !== undefined && open.stoppedAt === undefined;
  if (billedStates.has(state) && !running) endpoint.billed.push({ startedAt: at });
  if (!billedStates.has(state) && running) open.stoppedAt = at;
  Object.assign(endpoint, { state, message, since: at, updatedAt: at });
}

/** Stops the endpoint at once; one that is stuck goes on, as HF's description says. */
export function stop(
  endpoint: EndpointState,
  state: 'paused' | 'scaledToZero',
  message: string,
  at: number,
): void {
  if (endpoint.stuck) Object.assign(endpoint, { message: 'Endpoint is stopping', updatedAt: at });
  else enter(endpoint, state, message, at);
}

/** A paused endpoint does not count towards the quota; one scaled to zero does, since a request wakes it. */
export function countsTowardsQuota(endpoint: EndpointState): boolean {
  return endpoint.state !== 'paused';
}

export function targetReplicas({ state, minReplica }: EndpointState): number {
  return state === 'paused' || state === 'scaledToZero' ? 0 : Math.max(1, minReplica);
}

export function readyReplicas(endpoint: EndpointState): number {
  return endpoint.state === 'running' ? targetReplicas(endpoint) : 0;
}

/** Accelerators that the endpoint takes from its quota while it counts. */
export function accelerators(endpoint: EndpointState): number {
  return (computeOf(endpoint)?.numAccelerators ?? 0) * Math.max(1, targetReplicas(endpoint));
}

export function usedAccelerators(
  world: World,
  namespace: string,
  vendor: string,
  instanceType: string,
): number {
  return Object.entries(world.state.endpoints)
    .filter(
      ([path, endpoint]) =>
        path.startsWith(`${namespace}/`) &&
        endpoint.vendor === vendor &&
        endpoint.instanceType === instanceType,
    )
    .filter(([, endpoint]) => countsTowardsQuota(endpoint))
    .reduce((sum, [, endpoint]) => sum + accelerators(endpoint), 0);
}

/** Accelerators of this instance type left in the namespace's quota. */
export function freeAccelerators(
  world: World,
  namespace: string,
  vendor: string,
  instanceType: string,
): number {
  return (
    quotaOf(world, namespace, vendor, instanceType) - usedAccelerators(world, namespace, vendor, instanceType)
  );
}

export function quotaOf(world: World, namespace: string, vendor: string, instanceType: string): number {
  return payerNamed(world.state, namespace)?.quotas[`${vendor}/${instanceType}`] ?? 0;
}
