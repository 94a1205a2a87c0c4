import type { Attempt, MoneyReason } from '../../billing/failover.ts';
import { type BillingProfile, sameProfile } from '../../billing/profile.ts';
import { isDirect, RouteRefusal } from '../../billing/route.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import { compressed, type GatewayError } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import type { UnsettledRequest } from './payers.ts';
import type { PacedRoute, Routes } from './routes.ts';

/** The payer of one request, the route with its money, and the payers that can follow it. */
export class PayerSelection {
  readonly #context: GatewayContext;
  readonly #request: InboundRequest;
  /** Of the configuration of this try. */
  #routes: Routes;
  #attempt: Attempt | undefined;

  constructor(context: GatewayContext, request: InboundRequest) {
    this.#context = context;
    this.#request = request;
    this.#routes = context.routes;
  }

  /** Route of the next try, or why the payer's money does not go there. */
  route(): PacedRoute | GatewayError | undefined {
    this.#routes = this.#context.routes;
    this.#attempt ??= this.#firstAttempt();
    try {
      return this.#routeOf(this.#attempt.profile);
    } catch (error) {
      if (!(error instanceof RouteRefusal)) throw error;
      const coding = error.code === 'model_missing' ? this.#request.body?.unreadCoding : undefined;
      return coding === undefined ? error : compressed(coding);
    }
  }

  get profile(): BillingProfile {
    return this.#attempt?.profile ?? this.#routes.config.profile;
  }

  /** It pays in place of the selected profile. */
  get isStandIn(): boolean {
    return this.#request.isBilled && !sameProfile(this.profile, this.#routes.config.profile);
  }

  /** `X-HF-Session-id` by which Hugging Face groups the costs of the user's token: not for other credentials. */
  sessionId(route: PacedRoute): string | undefined {
    const { target, ownToken } = this.#request;
    const isUsers = ownToken === undefined && route.headers.authorization !== undefined;
    const isRouters = target?.kind !== 'hub' && !isDirect(route);
    return isUsers && isRouters ? this.#routes.config.sessionId : undefined;
  }

  /** After a wait the payer is selected anew. True when the configuration changed meanwhile. */
  reconsider(): boolean {
    const isChanged = this.#routes !== this.#context.routes;
    if (isChanged || this.#attempt?.passed.length === 0) this.#attempt = undefined;
    return isChanged;
  }

  /** Attempt of the next payer after a refusal; undefined when there is none. */
  afterRefusal(reason: MoneyReason | 'forbidden'): Attempt | undefined {
    const { payers } = this.#context;
    if (!this.#attempt) return undefined;
    return reason === 'forbidden'
      ? payers.unable(this.#attempt, true, profile => this.#canPay(profile))
      : payers.refused(this.#attempt, reason, profile => this.#canPay(profile));
  }

  /** Attempt of the next payer when the request can't be sent with a stand-in's money. */
  afterUnsendable(): Attempt | undefined {
    return (
      this.#attempt && this.#context.payers.unable(this.#attempt, false, profile => this.#canPay(profile))
    );
  }

  use(attempt: Attempt): void {
    this.#attempt = attempt;
  }

  /** The request was answered. Returns what Hugging Face may hold for it until it is settled. */
  succeeded(billedTo: string): UnsettledRequest | undefined {
    if (!this.#request.isBilled) return undefined;
    const { payers } = this.#context;
    if (this.#attempt) payers.succeeded(this.#attempt);
    return payers.answered(billedTo, this.#attempt);
  }

  /** The try ended, or waits, without a word on the payer's money. @param isServerError upstream failed */
  released(isServerError: boolean): void {
    if (this.#attempt) this.#context.payers.released(this.#attempt, isServerError);
  }

  #firstAttempt(): Attempt {
    const { payers } = this.#context;
    const { ownToken, isBilled, isRepeatable } = this.#request;
    // no stand-in pays for a caller's own token
    if (ownToken !== undefined) return payers.chosen();
    // a probe of the selected profile that can't be sent twice would be lost when it is refused again
    return isBilled && isRepeatable ? payers.next() : payers.active();
  }

  #routeOf(profile: BillingProfile): PacedRoute | undefined {
    const { target, method, model, ownToken } = this.#request;
    return target && this.#routes.find(target, method, profile, model, ownToken);
  }

  #canPay(profile: BillingProfile): boolean {
    try {
      return this.#routeOf(profile) !== undefined;
    } catch {
      return false;
    }
  }
}
