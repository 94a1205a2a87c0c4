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
import type { GatewayConfig, GatewayEvent, GatewayLedger } from '../options.ts';

/** So many placeholders hold ten dollars. */
const mostOpen = 1000;

/** A request that was answered, and may not be settled yet. What it cost is known a moment later than that. */
export interface Hold {
  /** Epoch ms. */
  readonly at: number;
  costNanoUsd?: number;
}

/** Who pays for the next request, and whose money is held by those that went before. */
export class Payers {
  readonly #ledger: GatewayLedger;
  readonly #now: () => number;
  readonly #onEvent: (event: GatewayEvent) => void;
  #state: FailoverState;
  #config: GatewayConfig;
  /** Whoever may not stand in any more and was said to: it is said once that the chosen one pays. */
  #dropped: StandIn | undefined;
  readonly #holds = new Map<string, Hold[]>();
  /** By the payer's text. */
  readonly #balances = new Map<string, PayerBalance>();

  constructor(
    config: GatewayConfig,
    options: {
      readonly ledger: GatewayLedger;
      readonly now: () => number;
      readonly onEvent: (event: GatewayEvent) => void;
    },
  ) {
    this.#ledger = options.ledger;
    this.#now = options.now;
    this.#onEvent = options.onEvent;
    this.#config = config;
    this.#state = startFailover(config.profile, config.failover, config.standIn);
    this.#tellDropped();
  }

  configure(config: GatewayConfig): void {
    const { profile, failover, standIn } = config;
    const before = credentialsOf(this.#config);
    this.#config = config;
    this.#state = configureFailover(this.#state, profile, failover, standIn);
    if (credentialsOf(config) !== before) this.#state = afterNewCredentials(this.#state);
    this.#tellDropped();
  }

  creditsReturned(): void {
    this.#state = afterCreditsReturned(this.#state);
  }

  /** For a request that is billed: it may be the one that tries the chosen one again. */
  next(): Attempt {
    const { state, attempt: next } = attempt(this.#state, this.#now());
    this.#state = state;
    return next;
  }

  /** For a request that nobody is billed for, or that must not be the one that tries. */
  active(): Attempt {
    return activeAttempt(this.#state, this.#now());
  }

  /** For a request with a token of the caller's: nobody stands in. */
  chosen(): Attempt {
    return chosenAttempt(this.#state, this.#now());
  }

  /**
   * Who pays for the same request after a refusal for money; undefined: nobody else does.
   * @param canPay whose money can go where the request goes
   */
  refused(by: Attempt, reason: MoneyReason, canPay: CanPay): Attempt | undefined {
    const { state, retry } = afterRefusal(this.#state, by, reason, this.#now(), canPay);
    this.#state = state;
    return retry;
  }

  /** Who pays for the same request when a stand-in can't. @param lasting not for any other request either */
  unable(by: Attempt, lasting: boolean, canPay: CanPay): Attempt | undefined {
    const { state, retry } = afterUnable(this.#state, by, lasting, this.#now(), canPay);
    this.#state = state;
    return retry;
  }

  succeeded(by: Attempt): void {
    const { state, switched } = afterSuccess(this.#state, by);
    this.#state = state;
    if (switched) this.#tell(switched);
  }

  /** It ended, or waits, without a word about the payer's money. @param broken the server failed */
  released(by: Attempt, broken: boolean): void {
    if (by.probe) this.#state = afterNothing(this.#state, by, broken, this.#now());
  }

  /** A request was answered: until it is settled, Hugging Face holds a placeholder for it. */
  hold(billedTo: string): Hold {
    const holds = this.#holds.get(billedTo) ?? [];
    if (holds.length === 0) this.#holds.set(billedTo, holds);
    const hold: Hold = { at: this.#now(), costNanoUsd: undefined };
    holds.push(hold);
    if (holds.length >= 2 * mostOpen) holds.splice(0, holds.length - mostOpen);
    return hold;
  }

  /**
   * A refusal for credits is `unsettled` when money is left, or when our own open requests explain it, or those of
   * other gateways on this machine.
   */
  explained(refusal: Refusal): Refusal {
    const { billedTo } = refusal;
    if (billedTo === undefined || refusal.cause !== 'credits') return refusal;
    const now = this.#now();
    const own = withUnsettled(refusal, this.#holds.get(billedTo) ?? [], now, this.#balances.get(billedTo));
    // callers' own tokens are not told apart there
    if (own !== refusal || billedTo.startsWith('own-token')) return own;
    const written = this.#ledger.lastTallies(mostOpen);
    const answered = written.filter(tally => tally.billedTo === billedTo && isAnswered(tally.status));
    return withUnsettled(refusal, answered, now);
  }

  /** What Hugging Face told of somebody's money. */
  balance(payer: string, balance: PayerBalance): void {
    this.#balances.set(payer, balance);
  }

  /** Forgets who has nothing open any more. */
  sweep(): void {
    const since = this.#now() - settlingMs;
    for (const [billedTo, holds] of this.#holds) {
      if ((holds.at(-1)?.at ?? 0) < since) this.#holds.delete(billedTo);
    }
  }

  /** Whoever keeps who stands in has to hear that it ended. */
  #tellDropped(): void {
    const { standIn, profile } = this.#config;
    if (!standIn || this.#state.told) {
      this.#dropped = undefined;
      return;
    }
    if (this.#dropped?.since === standIn.since) return;
    this.#dropped = standIn;
    this.#tell({ from: standIn.profile, to: profile, reason: 'returned' });
  }

  #tell({ from, to, reason }: PayerSwitch): void {
    const event = { from: formatProfile(from), to: formatProfile(to), reason };
    const { told } = this.#state;
    const { workspace } = this.#config;
    this.#ledger.recordSwitch({
      at: this.#now(),
      ...(workspace !== undefined && { workspace }),
      ...event,
    });
    this.#onEvent({ kind: 'stand-in', ...(told && { standIn: told }), ...event });
  }
}

function credentialsOf({ token, keys }: GatewayConfig): string {
  return JSON.stringify([token, keys]);
}

/** Only such an answer is billed. */
function isAnswered(status: number): boolean {
  return status >= 200 && status < 400;
}
