import { providerName } from '../../billing/providers.ts';
import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import {
  actionOf,
  type Hold,
  type HoldReason,
  ownerOf,
  type PaceTicket,
} from '../../limits/pacing/paceTicket.ts';
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
  const subject = modelOf(name);
  const what = subject === undefined ? ofHub(hold, name.scope, ticket) : ofModel(hold, subject, by);
  return {
    at: now,
    status: 429,
    cause: refused?.cause ?? causes[heldBy],
    by,
    scope: subject ?? name.scope,
    ...(until !== undefined && until > now && { resetsAt: until }),
    billedTo,
    ...(model !== undefined && { model }),
    source: 'gateway',
    message: `Not sent by Headroom's gateway: ${what}, for longer than the program waits.`,
  };
}

/**
 * The response to such a request.
 * @param hub in front of the Hub: `hubLimit` of the ticket
 */
export function lateAnswer({ cause, message, resetsAt }: Refusal, now: number, hub?: HubLimit): GatewayError {
  const seconds = resetsAt === undefined ? undefined : Math.max(1, Math.ceil((resetsAt - now) / 1000));
  const then =
    seconds === undefined
      ? 'Send fewer at once, or later.'
      : `Send it again in ${seconds} s, at ${utc(now + seconds * 1000)}.`;
  return {
    status: 429,
    code: 'held_too_long',
    message: `${message} ${then}`,
    headers: [
      'x-headroom-cause',
      cause,
      ...(resetsAt === undefined ? [] : ['x-headroom-resets-at', new Date(resetsAt).toISOString()]),
      ...(seconds === undefined ? [] : ['retry-after', String(seconds)]),
      ...(seconds === undefined || hub === undefined ? [] : rateLimitHeaders(hub, seconds)),
      'x-should-retry',
      'false',
    ],
  };
}

/** The limit of the Hub that holds a request, as its `RateLimit` names it. */
export interface HubLimit {
  readonly bucket: string;
  /** Undefined: not known, or it is the limit of one action. */
  readonly window?: RateWindow;
}

/** @param windows of the ticket's limit */
export function hubLimit(ticket: PaceTicket, windows: readonly RateWindow[]): HubLimit {
  const { hold, request } = ticket;
  const { scope } = parseLimitName(request.limit);
  const action = hold?.by === 'refusal' ? actionOf(request.lane) : undefined;
  if (action !== undefined)
    return { bucket: /\w+/.exec(action.trim().split(/[ /]/).at(-1) ?? '')?.[0] ?? scope };
  return { bucket: scope, window: windows.find(({ bucket }) => bucket === scope) };
}

/**
 * As Hugging Face sends them. huggingface_hub up to 1.21 waits for `RateLimit` only, and reads it when the bucket is
 * one quoted word, `r` comes before `t`, and both are integers.
 */
function rateLimitHeaders({ bucket, window }: HubLimit, seconds: number): string[] {
  const name = bucket.replace(/\W+/g, '_');
  const { limit, windowSeconds } = window ?? {};
  const policy =
    limit === undefined || windowSeconds === undefined
      ? []
      : ['ratelimit-policy', `"fixed window";"${name}";q=${Math.floor(limit)};w=${Math.ceil(windowSeconds)}`];
  return ['ratelimit', `"${name}";r=0;t=${seconds}`, ...policy];
}

/** Response to a held request that a person cancelled. */
export const cancelled: GatewayError = {
  status: 429,
  code: 'cancelled',
  message:
    'This request waited for a rate limit in Headroom and was cancelled there by hand. It was not sent. Send it again when you want it.',
  headers: ['x-headroom-cause', 'cancelled', 'x-should-retry', 'false'],
};

/** Why the Hub would refuse the request. @param bucket of its kind */
function ofHub({ by, refused }: Hold, bucket: string, { request }: PaceTicket): string {
  const action = actionOf(request.lane);
  if (by === 'window') return `Hugging Face's window for ${bucket} requests is full`;
  if (by === 'concurrency') return `Hugging Face takes no more ${bucket} requests at once`;
  const kind = action === undefined ? `${bucket} requests` : `requests of this kind (${action.trim()})`;
  return `Hugging Face refused ${kind}${because(refused?.cause)}`;
}

/** Why the server would refuse the request. @param subject a model, or a path without one */
function ofModel({ by, refused }: Hold, subject: string, owner: string): string {
  const who = owner === 'huggingface' ? 'Hugging Face' : providerName(owner);
  switch (by) {
    case 'window':
      return `${who}'s rate limit for ${subject} is used up`;
    case 'refusal':
      return `${who} refused an earlier request for ${subject}${because(refused?.cause)}`;
    case 'unsettled':
      return `${who} holds the payer's money for requests that are not settled yet`;
    case 'concurrency':
      return `${who} takes no more requests for ${subject} at once`;
  }
}

function because(cause: RefusalCause | undefined): string {
  switch (cause) {
    case 'rate':
      return ' (its rate limit)';
    case 'tokens':
      return ' (its token limit)';
    case 'concurrency':
      return ' (too many at once)';
    case 'capacity':
      return ' (it has no capacity)';
    case 'quota':
      return ' (its quota)';
    default:
      return '';
  }
}

function utc(at: number): string {
  return new Date(at).toISOString().replace(/^(.+)T(.+)\.\d+Z$/, '$1 $2 UTC');
}
