import { isDirect } from '../../billing/route.ts';
import { parseProviderHeaders } from '../../limits/headers/providerHeaders.ts';
import { parseRateLimitHeaders, type RateWindow } from '../../limits/headers/rateLimit.ts';
import type { Admission } from '../../limits/pacing/pacer.ts';
import { type Paced, PaceTicket } from '../../limits/pacing/paceTicket.ts';
import { providerId } from '../../limits/refusals/serverToken.ts';
import { estimateTokens } from '../../limits/requests/tokenEstimate.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import { headerBag, type ResponseHead } from '../relay/responseHead.ts';
import type { PacedRoute } from '../upstream/routes.ts';
import type { Pacing } from './pacing.ts';

/** How a wait for a turn ended: it may go, it can't go in time, or a person cancelled it. */
export type TurnResult = Parameters<Paced['paced']>[0];

/** One request's turn in front of the limits that it counts against, and what its responses say of them. */
export class Turn implements Paced {
  readonly #pacing: Pacing;
  readonly #now: () => number;
  readonly #request: InboundRequest;
  readonly #onTurn: (result: TurnResult) => void;
  #ticket: PaceTicket | undefined;
  #route: PacedRoute | undefined;

  /** @param onTurn called when a held request may go, or won't */
  constructor(
    { pacing, now }: GatewayContext,
    request: InboundRequest,
    onTurn: (result: TurnResult) => void,
  ) {
    this.#pacing = pacing;
    this.#now = now;
    this.#request = request;
    this.#onTurn = onTurn;
  }

  get ticket(): PaceTicket | undefined {
    return this.#ticket;
  }

  /** @param patienceEnd epoch ms until which the caller waits */
  take(route: PacedRoute, patienceEnd: number): Admission {
    this.#route = route;
    this.#ticket = this.#ticketOf(route, patienceEnd);
    return this.#pacing.admit(this.#ticket);
  }

  /** After a refusal. `go`: nothing is known to wait for. */
  takeAgain(): Admission {
    if (this.#ticket === undefined) return 'go';
    const admission = this.#pacing.admit(this.#ticket);
    if (admission === 'go') this.#pacing.withdrawn(this.#ticket);
    return admission;
  }

  paced(result: TurnResult): void {
    this.#onTurn(result);
  }

  /** The response is no refusal. */
  answered(head: ResponseHead): void {
    if (!this.#ticket || !this.#route) return;
    const { hubPath } = this.#request;
    this.#pacing.answered(this.#ticket, this.#reported(head, this.#route, false), hubPath);
    const { provider, hasProviderRates } = head;
    if (!hasProviderRates || provider === undefined || isDirect(this.#route)) return;
    if (provider !== 'unknown') this.#pacing.providerReported(this.#ticket, provider, head);
  }

  /** The response declines the request because of a limit. */
  refused(head: ResponseHead, refusal: Parameters<Pacing['refused']>[1]): void {
    if (!this.#ticket || !this.#route) return;
    const windows = this.#reported(head, this.#route, true);
    const by = refusal.by ?? this.#partner(head, this.#route);
    const named = by === undefined ? refusal : { ...refusal, by };
    this.#pacing.refused(this.#ticket, named, windows, this.#request.hubPath);
  }

  /** A `RateLimit` header without a refusal holds requests only if its policy tells the window. */
  #reported(head: ResponseHead, route: PacedRoute, isRefused: boolean): readonly RateWindow[] {
    if (isDirect(route)) return keyWindows(head, route, this.#now());
    const windows = rateLimitWindows(head, this.#partner(head, route), this.#now());
    return isRefused ? windows : windows.filter(({ windowSeconds }) => windowSeconds !== undefined);
  }

  /** The provider that answered behind the router; undefined: Hugging Face itself. */
  #partner({ provider }: ResponseHead, route: PacedRoute): string | undefined {
    if (this.#request.isHub) return undefined;
    const name = provider ?? route.provider;
    return name === undefined ? undefined : (providerId(name) ?? 'unknown');
  }

  /** The request did not reach the server. */
  withdrawn(): void {
    if (this.#ticket) this.#pacing.withdrawn(this.#ticket);
  }

  ended(): void {
    if (this.#ticket) this.#pacing.ended(this.#ticket);
  }

  /** The pacer failed, and its successor does not know the ticket. */
  forget(): void {
    this.#ticket = undefined;
  }

  /** A refused request that tries again keeps its ticket, and with it its place. */
  #ticketOf(route: PacedRoute, patienceEnd: number): PaceTicket {
    const { limitKey } = route;
    const ticket = this.#ticket;
    if (ticket) {
      if (ticket.request.lane === limitKey.lane && ticket.state !== 'done') return ticket;
      this.#pacing.withdrawn(ticket);
    }
    const { head, body, moneyPatienceEnd } = this.#request;
    return new PaceTicket({
      limit: limitKey.limit,
      lane: limitKey.lane,
      program: head.program,
      payer: limitKey.payer,
      tokens: isDirect(route) ? estimateTokens(body?.text ?? '') : 0,
      patienceEnd,
      moneyPatienceEnd: moneyPatienceEnd === undefined ? undefined : Math.min(moneyPatienceEnd, patienceEnd),
      owner: this,
    });
  }
}

const none: readonly RateWindow[] = [];

function keyWindows(head: ResponseHead, route: PacedRoute, now: number): readonly RateWindow[] {
  return head.hasProviderRates ? parseProviderHeaders(headerBag(head.headers), route.provider, now) : none;
}

/**
 * The windows in `RateLimit`. Not those in `x-ratelimit-…` behind the router: they are of HF's own account at the
 * partner, which all of HF's users share, so no request waits for them.
 * @param partner that answered behind the router; undefined: Hugging Face; `unknown`: its name is no id
 */
function rateLimitWindows(
  { rateLimit, rateLimitPolicy }: ResponseHead,
  partner: string | undefined,
  now: number,
): readonly RateWindow[] {
  if (rateLimit === undefined) return none;
  const windows = parseRateLimitHeaders(rateLimit, rateLimitPolicy, now);
  if (partner === undefined || partner === 'huggingface') return windows;
  return partner === 'unknown' ? none : windows.map(window => ({ ...window, provider: partner }));
}
