import {
  type Attempt,
  activeAttempt,
  afterCreditsReturned,
  afterNewCredentials,
  afterNothing,
  afterRefusal,
  afterSuccess,
  afterUnable,
  attempt,
  type CanPay,
  chosenAttempt,
  configureFailover,
  type FailoverState,
  type MoneyReason,
  type PayerSwitch,
  startFailover,
} from '../../billing/failover.ts';
import { formatProfile, type StandIn } from '../../billing/profile.ts';
import type { PayerBalance } from '../../limits/account/payerBalance.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { settlingMs, withUnsettled } from '../../limits/refusals/unsettled.ts';
import type { RequestTally } from '../../limits/requests/requestTally.ts';
import type { GatewayConfig, GatewayEvent, GatewayLedger } from '../options.ts';

/** Their placeholders hold ten dollars. */
const maxUnsettled = 1000;

/** An answered request that may not be settled yet. Its cost is known a moment later. */
export interface UnsettledRequest {
  /** Epoch ms. */
  readonly at: number;
  costNanoUsd?: number;
}

export interface PayersOptions {
  readonly ledger: GatewayLedger;
  readonly now: () => number;
  readonly onEvent: (event: GatewayEvent) => void;
}

/** The payer of the next request, and the money that Hugging Face holds for earlier ones. */
export class Payers {
  readonly #ledger: GatewayLedger;
  readonly #now: () => number;
  readonly #onEvent: (event: GatewayEvent) => void;
  #state: FailoverState;
  #config: GatewayConfig;
  /** Epoch ms of the token's change; earlier attempts were another account's, perhaps. */
  #tokenSince = Number.NEGATIVE_INFINITY;
  /** A former stand-in that may not stand in any more; its end has been reported. */
  #dropped: StandIn | undefined;
  /** By payer, as `formatProfile` writes it. */
  readonly #unsettled = new Map<string, UnsettledRequest[]>();
  readonly #balances = new Map<string, PayerBalance>();

  constructor(config: GatewayConfig, { ledger, now, onEvent }: PayersOptions) {
    this.#ledger = ledger;
    this.#now = now;
    this.#onEvent = onEvent;
    this.#config = config;
    this.#state = startFailover(config.profile, config.failover, config.standIn);
    this.#reportDropped();
  }

  /** @returns whether the token changed, so that nothing is known of its account's money */
  configure(config: GatewayConfig): boolean {
    const { profile, failover, standIn, token, keys } = config;
    const before = this.#config;
    this.#config = config;
    const isOther = token !== before.token;
    if (isOther) {
      // another account, perhaps: what its money did says nothing about this one's
      this.#state = startFailover(profile, failover, standIn);
      this.#tokenSince = this.#now();
      this.#balances.clear();
      for (const payer of this.#unsettled.keys()) if (!isCallers(payer)) this.#unsettled.delete(payer);
    } else {
      this.#state = configureFailover(this.#state, profile, failover, standIn);
      if (JSON.stringify(keys) !== JSON.stringify(before.keys))
        this.#state = afterNewCredentials(this.#state);
    }
    this.#reportDropped();
    return isOther;
  }

  creditsReturned(): void {
    this.#state = afterCreditsReturned(this.#state);
  }

  /** For a billed request; it may probe the selected profile while another stands in. */
  next(): Attempt {
    const { state, attempt: next } = attempt(this.#state, this.#now());
    this.#state = state;
    return next;
  }

  /** For a request that must not probe. */
  active(): Attempt {
    return activeAttempt(this.#state, this.#now());
  }

  /** For a caller's own token, which no profile stands in for. */
  chosen(): Attempt {
    return chosenAttempt(this.#state, this.#now());
  }

  /**
   * Attempt of the next payer after a refusal for money; undefined when there is none.
   * @param canPay the profile's money can go where the request goes
   */
  refused(by: Attempt, reason: MoneyReason, canPay: CanPay): Attempt | undefined {
    if (this.#isOutdated(by)) return undefined;
    const { state, retry } = afterRefusal(this.#state, by, reason, this.#now(), canPay);
    this.#state = state;
    return retry;
  }

  /** Attempt of the next payer when a stand-in can't pay. @param lasting nor for any other request */
  unable(by: Attempt, lasting: boolean, canPay: CanPay): Attempt | undefined {
    if (this.#isOutdated(by)) return undefined;
    const { state, retry } = afterUnable(this.#state, by, lasting, this.#now(), canPay);
    this.#state = state;
    return retry;
  }

  succeeded(by: Attempt): void {
    if (this.#isOutdated(by)) return;
    const { state, switched } = afterSuccess(this.#state, by);
    this.#state = state;
    if (switched) this.#report(switched);
  }

  /** The attempt ended, or waits, without a word on the payer's money. @param isServerError upstream failed */
  released(by: Attempt, isServerError: boolean): void {
    if (by.probe) this.#state = afterNothing(this.#state, by, isServerError, this.#now());
  }

  #isOutdated({ startedAt }: Attempt): boolean {
    // the clock may have been set back
    return startedAt < this.#tokenSince && this.#tokenSince <= this.#now();
  }

  /** A request was answered: Hugging Face holds a placeholder for it until it is settled. */
  answered(billedTo: string, by?: Attempt): UnsettledRequest | undefined {
    if (by && this.#isOutdated(by)) return undefined;
    const requests = this.#unsettled.get(billedTo) ?? [];
    if (requests.length === 0) this.#unsettled.set(billedTo, requests);
    const request: UnsettledRequest = { at: this.#now(), costNanoUsd: undefined };
    requests.push(request);
    if (requests.length >= 2 * maxUnsettled) requests.splice(0, requests.length - maxUnsettled);
    return request;
  }

  /**
   * The refusal with cause `unsettled` in place of `credits` when money is left, or when unsettled requests of this
   * gateway or another one on this machine explain it.
   * @param inFlight requests that are not answered yet, the refused one included
   */
  explained(refusal: Refusal, inFlight: number): Refusal {
    const { billedTo } = refusal;
    if (billedTo === undefined || refusal.cause !== 'credits') return refusal;
    const now = this.#now();
    const requests = this.#unsettled.get(billedTo) ?? [];
    const balance = this.#balances.get(billedTo);
    // the ledger does not tell callers' own tokens apart
    const others = () => (isCallers(billedTo) ? [] : this.#answeredBy(billedTo));
    return withUnsettled(refusal, { requests, inFlight, others, balance }, now);
  }

  #answeredBy(payer: string): RequestTally[] {
    const written = this.#ledger.lastTallies(maxUnsettled);
    return written.filter(({ billedTo, status }) => billedTo === payer && isAnswered(status));
  }

  balance(payer: string, balance: PayerBalance): void {
    this.#balances.set(payer, balance);
  }

  /** Forgets payers whose requests are settled. */
  sweep(): void {
    const since = this.#now() - settlingMs;
    for (const [billedTo, requests] of this.#unsettled) {
      if ((requests.at(-1)?.at ?? 0) < since) this.#unsettled.delete(billedTo);
    }
  }

  /** The editor remembers the stand-in, and has to hear of its end. */
  #reportDropped(): void {
    const { standIn, profile } = this.#config;
    if (!standIn || this.#state.reported) {
      this.#dropped = undefined;
      return;
    }
    if (this.#dropped?.since === standIn.since) return;
    this.#dropped = standIn;
    this.#report({ from: standIn.profile, to: profile, reason: 'returned' });
  }

  #report({ from, to, reason }: PayerSwitch): void {
    const event = { from: formatProfile(from), to: formatProfile(to), reason };
    const { reported } = this.#state;
    const { workspace } = this.#config;
    const at = this.#now();
    this.#ledger.recordSwitch({ at, ...(workspace !== undefined && { workspace }), ...event });
    this.#onEvent({ kind: 'stand-in', ...(reported && { standIn: reported }), ...event });
  }
}

/** Billed to the owner of a caller's own token. */
function isCallers(payer: string): boolean {
  return payer.startsWith('own-token');
}

/** Only such a response is billed. */
function isAnswered(status: number): boolean {
  return status >= 200 && status < 400;
}
