import { providerName } from '../../billing/providers.ts';
import { type HoldReason, ownerOf, type PaceTicket } from '../../limits/pacing/paceTicket.ts';
import type { Refusal, RefusalCause } from '../../limits/refusals/refusal.ts';
import type { GatewayError } from '../errors.ts';
import { modelOf, parseLimitName } from './limitKey.ts';

const causes: Readonly<Record<HoldReason, RefusalCause>> = {
  window: 'rate',
  refusal: 'unknown',
  unsettled: 'unsettled',
  concurrency: 'concurrency',
};

/** A refusal of our own: the turn would not have come within the caller's patience. */
export function lateRefusal(
  ticket: PaceTicket,
  billedTo: string,
  model: string | undefined,
  now: number,
): Refusal {
  const hold = ticket.hold ?? { by: 'window', lookAt: now };
  const { by: heldBy, refused, until } = hold;
  const name = parseLimitName(ticket.request.limit);
  const by = ownerOf(hold) ?? name.by;
  const scope = modelOf(name) ?? name.scope;
  return {
    at: now,
    status: 429,
    cause: refused?.cause ?? causes[heldBy],
    by,
    scope,
    ...(until !== undefined && until > now && { resetsAt: until }),
    billedTo,
    ...(model !== undefined && { model }),
    source: 'gateway',
    message: `Not sent by Headroom's gateway: ${why(heldBy, by, scope)}, for longer than the program waits.`,
  };
}

/** The response to such a request. */
export function lateAnswer({ cause, message, resetsAt }: Refusal, now: number): GatewayError {
  const seconds = resetsAt === undefined ? undefined : Math.max(1, Math.ceil((resetsAt - now) / 1000));
  const then = seconds === undefined ? 'Send fewer at once, or later.' : `Send it again in ${seconds} s.`;
  return {
    status: 429,
    code: 'held_too_long',
    message: `${message} ${then}`,
    headers: [
      'x-headroom-cause',
      cause,
      ...(resetsAt === undefined ? [] : ['x-headroom-resets-at', new Date(resetsAt).toISOString()]),
      ...(seconds === undefined ? [] : ['retry-after', String(seconds)]),
      'x-should-retry',
      'false',
    ],
  };
}

/** Response to a held request that a person cancelled. */
export const cancelled: GatewayError = {
  status: 429,
  code: 'cancelled',
  message:
    'This request waited for a rate limit in Headroom and was cancelled there by hand. It was not sent. Send it again when you want it.',
  headers: ['x-headroom-cause', 'cancelled', 'x-should-retry', 'false'],
};

function why(heldBy: HoldReason, by: string, scope: string): string {
  const whose = by === 'huggingface' ? 'Hugging Face' : providerName(by);
  switch (heldBy) {
    case 'window':
      return `the window ${scope} of ${whose} is full`;
    case 'refusal':
      return `${whose} refuses ${scope} for now`;
    case 'unsettled':
      return `${whose} holds the payer's money for requests that are not settled yet`;
    case 'concurrency':
      return `${whose} takes no more requests at once for ${scope}`;
  }
}
