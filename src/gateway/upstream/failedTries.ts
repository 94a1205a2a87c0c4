import type { Attempt } from '../../billing/failover.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import { closing, type GatewayError } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import type { Turn } from '../pacing/turn.ts';
import { cancelled, hubLimit, lateAnswer, lateRefusal } from '../pacing/turnedAway.ts';
import type { PayerSelection } from './payerSelection.ts';
import type { RefusedResponse } from './refusedResponse.ts';
import { decideRetry, moneyReason, type RetryDecision } from './retryDecision.ts';
import type { PacedRoute } from './routes.ts';
import type { UpstreamFailure } from './upstreamFailure.ts';

/** The step after a try without a response to relay. */
export type NextStep =
  | { readonly kind: 'wait-for-turn' }
  | { readonly kind: 'back-off'; readonly delayMs: number }
  | { readonly kind: 'pay-with'; readonly attempt: Attempt }
  | { readonly kind: 'pass-on'; readonly refused: RefusedResponse; readonly tooLong: boolean }
  | { readonly kind: 'respond'; readonly error: GatewayError };

const maxConnectionTries = 2;

/** The failed tries of one request, and the step after each: a wait, the next payer, or a response to the caller. */
export class FailedTries {
  readonly #context: GatewayContext;
  readonly #request: InboundRequest;
  readonly #payer: PayerSelection;
  readonly #turn: Turn;
  #waits = 0;
  /** Of the current payer. */
  #connectionTries = 0;
  /** Of the current payer. */
  #current: RefusedResponse | undefined;
  /** Of the selected payer, passed on when no stand-in can pay. */
  #selected: RefusedResponse | undefined;

  constructor(context: GatewayContext, request: InboundRequest, payer: PayerSelection, turn: Turn) {
    this.#context = context;
    this.#request = request;
    this.#payer = payer;
    this.#turn = turn;
  }

  /** Its body is still read. */
  add(refused: RefusedResponse): void {
    this.#current = refused;
  }

  /** The payers changed: earlier refusals say nothing of the next try. */
  forget(): void {
    this.#current = this.#selected = undefined;
  }

  /** @param text the body of the refusal. @param patienceEnd epoch ms until which the caller waits */
  afterResponse(refused: RefusedResponse, text: string, patienceEnd: number): NextStep {
    const { now, recorder, payers, inFlight } = this.#context;
    const explain = (found: Refusal) => payers.explained(found, inFlight.size);
    const refusal = refused.classify(text, now(), this.#request, explain);
    if (refusal) recorder.refused(refusal);
    refused.reportTo(this.#turn);
    const end = refusal?.cause === 'unsettled' ? this.#moneyPatienceEnd(patienceEnd) : patienceEnd;
    const decision = this.#decide(refused, end - now());
    if (decision.kind !== 'wait') return this.#giveUp(refused, decision);
    const admission = this.#turn.takeAgain();
    if (admission === 'late') return this.#giveUp(refused, this.#decide(refused, 0));
    this.#waits += 1;
    return admission === 'hold' ? { kind: 'wait-for-turn' } : { kind: 'back-off', delayMs: decision.delayMs };
  }

  /** The turn won't come in time, or a person cancelled the wait. @param waited the request was held */
  afterTurn(result: 'late' | 'cancelled', route: PacedRoute, waited: boolean): NextStep {
    const { ticket } = this.#turn;
    const refused = this.#current;
    if (result === 'cancelled' || !ticket) return { kind: 'respond', error: cancelled };
    if (refused?.route.billedTo === route.billedTo) return this.#giveUp(refused, this.#decide(refused, 0));
    const { now, recorder, onRefusal, pacing } = this.#context;
    const { modelId, isBilled, isHub } = this.#request;
    const refusal = lateRefusal(ticket, route.billedTo, modelId, now());
    const reason = isBilled && moneyReason(refusal, this.#payer.profile, waited || this.#waits > 0);
    const next = reason ? this.#payer.afterRefusal(reason) : undefined;
    if (next) return this.#payWith(next);
    if (this.#selected) return { kind: 'pass-on', refused: this.#selected, tooLong: false };
    recorder.refused(refusal);
    onRefusal(refusal);
    const hub = isHub ? hubLimit(ticket, pacing.windows(ticket)) : undefined;
    return { kind: 'respond', error: lateAnswer(refusal, now(), hub) };
  }

  /** No response came. @param isSent a part of the request was written to a connection */
  afterFailure({ error, kind }: UpstreamFailure, isSent: boolean): NextStep {
    const { isSafe, isRepeatable } = this.#request;
    const mayTryAgain = kind === 'unsent' || (kind === 'reset' && isSafe && isRepeatable);
    if (mayTryAgain && ++this.#connectionTries <= maxConnectionTries) {
      return {
        kind: 'back-off',
        delayMs: kind === 'unsent' ? Math.floor(100 + this.#context.random() * 200) : 0,
      };
    }
    return isSent ? { kind: 'respond', error } : this.afterUnsendable(error);
  }

  /** Nothing was sent. A stand-in was not the caller's choice, so other payers follow it. */
  afterUnsendable(error: GatewayError): NextStep {
    const next = this.#payer.afterUnsendable();
    if (next) return this.#payWith(next);
    return this.#selected
      ? { kind: 'pass-on', refused: this.#selected, tooLong: false }
      : { kind: 'respond', error };
  }

  /** The gateway closes while the request waits. */
  atClose(): NextStep {
    const refused = this.#selected ?? this.#current;
    return refused ? { kind: 'pass-on', refused, tooLong: false } : { kind: 'respond', error: closing };
  }

  #decide(refused: RefusedResponse, patienceMs: number): RetryDecision {
    const { now, random } = this.#context;
    return decideRetry({
      status: refused.head.status,
      headers: refused.headers,
      refusal: refused.refusal,
      waits: this.#waits,
      patienceMs,
      isToldPatience: this.#request.moneyPatienceEnd === undefined,
      isRepeatable: this.#mayRepeat,
      isBilled: this.#request.isBilled,
      isPartners: refused.isPartners,
      profile: this.#payer.profile,
      isStandIn: this.#payer.isStandIn,
      now: now(),
      random,
    });
  }

  #giveUp(refused: RefusedResponse, decision: RetryDecision): NextStep {
    const next = decision.kind === 'next-payer' ? this.#payer.afterRefusal(decision.reason) : undefined;
    if (next && this.#mayRepeat) {
      if (!this.#payer.isStandIn) this.#selected = refused;
      return this.#payWith(next);
    }
    const tooLong = decision.kind !== 'wait' && decision.tooLong;
    return { kind: 'pass-on', refused: this.#selected ?? refused, tooLong };
  }

  #payWith(attempt: Attempt): NextStep {
    this.#current = undefined;
    this.#connectionTries = 0;
    return { kind: 'pay-with', attempt };
  }

  #moneyPatienceEnd(patienceEnd: number): number {
    return Math.min(patienceEnd, this.#request.moneyPatienceEnd ?? patienceEnd);
  }

  get #mayRepeat(): boolean {
    return this.#request.isRepeatable && !this.#context.closing;
  }
}
