import { type EndpointName, isSameEndpoint } from './endpointChange.ts';
import { usdPerHour } from './endpointCost.ts';
import type { Endpoint, HardwareQuota } from './endpoints.ts';

/** One reading of an endpoint's counters. */
export interface RequestCount {
  /** Sum over its present replicas. */
  readonly requests: number;
  /** Their ids, sorted; bounded. */
  readonly replicas: string;
}

/** What readings of the counters say together. Times are epoch ms by Hugging Face's clock. */
export interface RequestHistory extends RequestCount {
  /** The last reading that differed from the one before it; the first one when none did. */
  readonly since: number;
  readonly readAt: number;
}

export interface EndpointUse extends EndpointName {
  /** Epoch ms by this computer's clock; the answer may have had no count. */
  readonly askedAt: number;
  /** Undefined: no answer had a count. */
  readonly history?: RequestHistory;
}

/** What is known of an account's endpoints. */
export interface EndpointUses {
  readonly endpoints: readonly EndpointUse[];
  /** Namespaces whose plan or permissions have no metrics, and since when, in epoch ms. */
  readonly unavailable: readonly { readonly namespace: string; readonly at: number }[];
}

/**
 * The history with one more reading. A sum that falls and other replicas are activity, too. No request between two
 * equal readings is missed, however far apart they are: counters never go back.
 */
export function withReading(
  before: RequestHistory | undefined,
  count: RequestCount,
  readAt: number,
): RequestHistory {
  const isSame = before?.requests === count.requests && before.replicas === count.replicas;
  // a clock that was set back never makes it idle for longer
  return { ...count, since: isSame ? Math.min(before.since, readAt) : readAt, readAt };
}

/** Runs, costs money as far as is known, and never scales to zero by itself. */
export function runsUntilStopped(endpoint: Endpoint, hardware: readonly HardwareQuota[]): boolean {
  const { state, minReplicas = 0, scaleToZeroMinutes } = endpoint;
  const staysUp = minReplicas >= 1 || scaleToZeroMinutes === undefined;
  return state === 'running' && staysUp && usdPerHour(endpoint, hardware) !== 0;
}

export function useOf(
  endpoint: EndpointName,
  uses: readonly EndpointUse[] | undefined,
): EndpointUse | undefined {
  return uses?.find(each => isSameEndpoint(each, endpoint));
}
