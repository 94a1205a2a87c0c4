import {
  type Attempt,
  afterCreditsReturned,
  afterRefusal,
  afterSuccess,
  attempt,
  configureFailover,
  type FailoverState,
  type PayerSwitch,
  startFailover,
} from '../billing/failover.ts';
import { formatProfile } from '../billing/profile.ts';
import type { Refusal } from '../limits/refusal.ts';
import { type OpenRequest, settlingMs, withUnsettled } from '../limits/unsettled.ts';
import type { GatewayConfig, GatewayEvent, GatewayLedger } from './options.ts';

/** So many placeholders hold ten dollars. */
const mostOpen = 1000;

/** Who pays for the next request, and whose money is held by those that went before. */
export class Payers {
  readonly #ledger: GatewayLedger;
  readonly #now: () => number;
  readonly #onEvent: (event: GatewayEvent) => void;
  #state: FailoverState;
  #workspace: string | undefined;
  readonly #open = new Map<string, OpenRequest[]>();

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
    this.#state = startFailover(config.profile, config.failover, config.standIn);
    this.#workspace = config.workspace;
  }

  configure({ profile, failover, standIn, workspace }: GatewayConfig): void {
    this.#state = configureFailover(this.#state, profile, failover, standIn);
    this.#workspace = workspace;
  }

  creditsReturned(): void {
    this.#state = afterCreditsReturned(this.#state);
  }

  next(): Attempt {
    const { state, attempt: next } = attempt(this.#state, this.#now());
    this.#state = state;
    return next;
  }

  /** Who pays for the same request after a refusal for money; undefined: nobody does, or the refusal is none for money. */
  refused(by: Attempt, { cause }: Refusal): Attempt | undefined {
    if (cause !== 'credits' && cause !== 'spending-limit') return undefined;
    const { state, retry, switched } = afterRefusal(this.#state, by, cause, this.#now());
    this.#state = state;
    if (switched) this.#tell(switched);
    return retry;
  }

  succeeded(by: Attempt): void {
    const { state, switched } = afterSuccess(this.#state, by);
    this.#state = state;
    if (switched) this.#tell(switched);
  }

  /** A request was answered: until it is settled, Hugging Face holds a placeholder for it. */
  opened(billedTo: string, at: number): void {
    const open = this.#open.get(billedTo) ?? [];
    if (open.length === 0) this.#open.set(billedTo, open);
    open.push({ at });
    if (open.length >= 2 * mostOpen) open.splice(0, open.length - mostOpen);
  }

  /** A refusal for credits is `unsettled` when our own open requests explain it. */
  explained(refusal: Refusal): Refusal {
    const open = refusal.billedTo === undefined ? undefined : this.#open.get(refusal.billedTo);
    return open === undefined ? refusal : withUnsettled(refusal, open, this.#now());
  }

  /** Forgets who has nothing open any more. */
  sweep(): void {
    const since = this.#now() - settlingMs;
    for (const [billedTo, open] of this.#open) {
      if ((open.at(-1)?.at ?? 0) < since) this.#open.delete(billedTo);
    }
  }

  #tell({ from, to, reason }: PayerSwitch): void {
    const event = { from: formatProfile(from), to: formatProfile(to), reason };
    const { standIn } = this.#state;
    this.#ledger.recordSwitch({
      at: this.#now(),
      ...(this.#workspace !== undefined && { workspace: this.#workspace }),
      ...event,
    });
    this.#onEvent({ kind: 'stand-in', ...(standIn && { standIn }), ...event });
  }
}
