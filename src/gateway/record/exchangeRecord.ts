import type { PaceTicket } from '../../limits/pacing/paceTicket.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import type { ResponseHead } from '../relay/responseHead.ts';
import type { UsageObservation } from '../relay/usageObservation.ts';
import { shortened } from '../shortened.ts';
import type { UnsettledRequest } from '../upstream/payers.ts';
import type { PacedRoute } from '../upstream/routes.ts';

/** The result of a request's tries. */
export interface ExchangeOutcome {
  readonly route: PacedRoute;
  readonly unsettled: UnsettledRequest | undefined;
  readonly ticket: PaceTicket | undefined;
  /** A part of the request was written to a connection. */
  readonly isSent: boolean;
}

/** @param head of the relayed response; undefined when the gateway answered */
export function recordExchange(
  { recorder, now }: GatewayContext,
  { receivedAt, modelId, isFree }: InboundRequest,
  { route, unsettled, ticket, isSent }: ExchangeOutcome,
  head: ResponseHead | undefined,
  observation: UsageObservation | undefined,
): void {
  const status = head?.status ?? 0;
  const provider = head?.provider ?? route.provider;
  recorder.ended({
    at: receivedAt,
    status,
    billedTo: route.billedTo,
    provider: provider === undefined ? undefined : shortened(provider),
    model: modelId,
    durationMs: now() - receivedAt,
    free: isFree || (status === 0 && !isSent),
    unsettled,
    ticket,
    body: observation,
  });
}
