import { classifyRefusal } from '../../limits/refusals/refusal.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import type { NextStep } from './failedTries.ts';
import type { PacedRoute } from './routes.ts';
import type { Reservation } from './spending.ts';

/** The cost of a request in flight is known a moment after it ended. */
const waitMs = 200;

/** What one request may cost, held back from the budgets of its payer. */
export class Reserved {
  readonly #context: GatewayContext;
  readonly #request: InboundRequest;
  #reservation: Reservation | undefined;

  constructor(context: GatewayContext, request: InboundRequest) {
    this.#context = context;
    this.#request = request;
  }

  /** Undefined: within the budgets. Else a wait for requests in flight until `patienceEnd`, epoch ms, or a 402. */
  instead({ billedTo, provider }: PacedRoute, patienceEnd: number): NextStep | undefined {
    const { spending, now, closing } = this.#context;
    if (spending.isUnlimited || this.#request.isFree) return undefined;
    if (this.#reservation?.billedTo === billedTo) return undefined;
    this.#reservation?.settle(0);
    const { modelId: model, body } = this.#request;
    const leave = spending.reserve(billedTo, { model, provider, body: body?.text ?? '' });
    this.#reservation = undefined;
    if (leave === 'wait') {
      return now() + waitMs <= patienceEnd && !closing
        ? { kind: 'back-off', delayMs: waitMs }
        : this.#refuse(spending.refusal(billedTo), billedTo);
    }
    if (leave && 'status' in leave) return this.#refuse(leave, billedTo);
    this.#reservation = leave;
    return undefined;
  }

  /** No other payer follows: the person who set the budget decides. */
  #refuse(error: GatewayError, billedTo: string): NextStep {
    const { now, recorder, onRefusal } = this.#context;
    const { status, message } = error;
    const { modelId: model } = this.#request;
    const facts = { status, headers: {}, url: '', bodyText: message, at: now(), source: 'gateway' } as const;
    const refusal = classifyRefusal({ ...facts, billedTo, ...(model !== undefined && { model }) });
    if (refusal) {
      recorder.refused(refusal);
      onRefusal(refusal);
    }
    return { kind: 'respond', error };
  }

  /** @param isSent else nothing is billed. Returns what waits for the cost. */
  end(isSent: boolean): Reservation | undefined {
    if (!isSent) this.#reservation?.settle(0);
    return this.#reservation;
  }
}
