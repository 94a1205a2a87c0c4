import type { Attempt } from '../billing/failover.ts';
import { type BillingProfile, sameProfile } from '../billing/profile.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import { Turns } from './turns.ts';
import type { Payers } from './upstream/payerSelection.ts';
import { moneyReason } from './upstream/refusedResponse.ts';
import type { CountedRoute, Routes } from './upstream/routes.ts';

/** With whose money a request goes upstream, on which way, and with whose it goes next. */
export abstract class Paying extends Turns {
  /** Of the configuration under which it is tried. */
  #routes: Routes | undefined;

  /** @throws RouteRefusal when the payer's money does not go there */
  protected findRoute(): void {
    const { routes, payers } = this.hall;
    this.#routes = routes;
    this.payment ??= this.#nextAttempt(payers);
    this.route = this.#routeOf(this.payment.profile);
  }

  #nextAttempt(payers: Payers): Attempt {
    // its own token is its own money, and nobody stands in for that
    if (this.ownToken !== undefined) return payers.chosen();
    // one that can't be sent twice would be lost when the chosen one is still refused
    const canProbe = this.isBilled && this.intake?.isRepeatable !== false;
    return canProbe ? payers.next() : payers.active();
  }

  #routeOf(profile: BillingProfile): CountedRoute | undefined {
    const { target, method, intake, ownToken } = this;
    return target && this.#routes?.find(target, method, profile, intake?.model?.model, ownToken);
  }

  protected get sessionId(): string | undefined {
    return this.target?.kind === 'hub' ? undefined : this.#routes?.config.sessionId;
  }

  /** It waited: who pays may have been changed meanwhile, or with what token or key. True: so it was. */
  protected forgetsPayer(): boolean {
    const changed = this.#routes !== this.hall.routes;
    if (changed || this.payment?.passed.length === 0) this.payment = undefined;
    return changed;
  }

  protected get standsIn(): boolean {
    const chosen = this.#routes?.config.profile;
    return this.isBilled && !!this.payment && !!chosen && !sameProfile(this.payment.profile, chosen);
  }

  /** It was answered, and somebody is billed for it. */
  protected paid(billedTo: string): void {
    if (!this.isBilled) return;
    this.hold = this.hall.payers.hold(billedTo);
    if (this.payment) this.hall.payers.succeeded(this.payment);
  }

  /**
   * Who else pays for it when it was refused, if anybody does. A token of the caller's own is its own money.
   * @param waited for an `unsettled` hold to pass, in vain
   */
  protected nextPayer(refusal: Refusal | undefined, status: number, waited: boolean): Attempt | undefined {
    const { payment } = this;
    if (!payment || !this.isBilled) return undefined;
    const { payers } = this.hall;
    const reason = refusal && moneyReason(refusal, payment.profile, waited);
    if (reason) return payers.refused(payment, reason, profile => this.#canPay(profile));
    const forbidden = (status === 401 || status === 403) && this.standsIn;
    return forbidden ? payers.unable(payment, true, profile => this.#canPay(profile)) : undefined;
  }

  /** Who else stands in when one who does can't. */
  protected nextStandIn(): Attempt | undefined {
    const { payment } = this;
    return payment && this.hall.payers.unable(payment, false, profile => this.#canPay(profile));
  }

  #canPay(profile: BillingProfile): boolean {
    try {
      return this.#routeOf(profile) !== undefined;
    } catch {
      return false;
    }
  }
}
