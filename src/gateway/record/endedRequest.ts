import { isDirect } from '../../billing/route.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import type { Relay } from '../relay/relay.ts';
import { shortened } from '../shortened.ts';
import type { Outcome } from '../upstream/upstreamTries.ts';
import type { EndedRequest } from './recorder.ts';

/** A response that is relayed. */
export interface Relayed {
  readonly relay: Relay;
  readonly status: number;
  readonly provider?: string;
  readonly isStream: boolean;
  /** Epoch ms of the first byte of a stream. */
  firstByteAt?: number;
}

/** @param relayed undefined: no response of a server was relayed */
export function endedRequest(
  { receivedAt, modelId, isFree }: InboundRequest,
  { route, unsettled, ticket, reservation, isSent }: Outcome,
  relayed: Relayed | undefined,
  now: number,
): EndedRequest {
  const provider = (isDirect(route) ? undefined : relayed?.provider) ?? route.provider;
  return {
    at: receivedAt,
    status: relayed?.status ?? 0,
    billedTo: route.billedTo,
    provider: provider === undefined ? undefined : shortened(provider),
    model: modelId,
    durationMs: now - receivedAt,
    firstByteMs: relayed?.firstByteAt && relayed.firstByteAt - receivedAt,
    free: isFree || (relayed === undefined && !isSent),
    unsettled,
    ticket,
    reservation,
    body: relayed?.relay.observation,
  };
}
