import type { Dispatcher } from 'undici';
import type { Budget } from '../billing/budget.ts';
import type { BillingProfile, StandIn } from '../billing/profile.ts';
import type { BillingContext } from '../billing/route.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PayerBalance } from '../limits/account/payerBalance.ts';
import type { HoldReason } from '../limits/pacing/paceTicket.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import type { TokenUsage } from '../limits/requests/tokenUsage.ts';

/** Configuration, replaced as a whole by `configure`. Holds secrets: never logged. */
export interface GatewayConfig extends BillingContext {
  /** The selected payer. */
  readonly profile: BillingProfile;
  /** The stand-in that a former gateway left. */
  readonly standIn?: StandIn;
  /** Profiles that may stand in, in this order. None by default. */
  readonly failover: readonly BillingProfile[];
  /** `X-HF-Session-id` of requests without one. */
  readonly sessionId: string;
  /** The longest wait of a request for a limit. */
  readonly longestWaitMs: number;
  /** `observe`: windows are learned, but hold no request. */
  readonly pacing: 'pace' | 'observe';
  /** What payers may spend; none by default. */
  readonly budgets?: readonly Budget[];
  /** Workspace id for the ledger's billing switches. */
  readonly workspace?: string;
}

export interface GatewayOptions {
  /** On 127.0.0.1. 0: any free one. */
  readonly port: number;
  /** Of the Hub at its root; another one where this is taken. Default: any free one. */
  readonly hubPort?: number;
  /** `hf_headroom_…`: the callers' credential. */
  readonly key: string;
  readonly config: GatewayConfig;
  /** A function is called at each request: undici is loaded after the server listens. */
  readonly dispatcher: Dispatcher | (() => Dispatcher | Promise<Dispatcher>);
  readonly ledger: GatewayLedger;
  readonly models: GatewayModels;
  readonly prices: GatewayPrices;
  /** Epoch ms. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Default: the process's own. */
  readonly timers?: GatewayTimers;
  readonly onEvent: (event: GatewayEvent) => void;
  /** Called with ended requests, when they are in the ledger. */
  readonly onTallies?: (tallies: readonly RequestTally[]) => void;
  /** One line, without secrets and bodies. */
  readonly log: (line: string) => void;
}

export interface Gateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The same for the port that serves the Hub at its root. */
  readonly hub: string;
  /** As last configured. */
  readonly config: GatewayConfig;
  /** Holds for every later request. */
  configure(config: GatewayConfig): void;
  /** The selected payer has money again: the next request tries it. */
  creditsReturned(): void;
  /** A payer's balance as Hugging Face last reported it; `payer` as `formatProfile` writes it. */
  balance(payer: string, balance: PayerBalance): void;
  /** Releases the requests held in front of one limit, or of all. */
  release(limit?: string): void;
  /** Answers the held requests with a 429 that says why. */
  cancel(limit?: string): void;
  /** Takes no more requests, lets those in flight end within `graceMs`, and writes the ledger. */
  close(graceMs: number): Promise<void>;
}

export type GatewayEvent =
  /** Another payer stands in, or (without `standIn`) the selected one pays again. Profiles as `formatProfile` writes them. */
  | {
      readonly kind: 'stand-in';
      readonly standIn?: StandIn;
      readonly from: string;
      readonly to: string;
      readonly reason: 'credits' | 'spending-limit' | 'returned';
    }
  /** A refusal that was passed on to the caller. It is in the ledger, too. */
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  /** A budget is used up: what would be billed is refused until it is raised, or a month begins. */
  | ({ readonly kind: 'paused'; readonly spentNanoUsd: number } & Budget)
  /** The held requests changed; empty: none is held any more. */
  | { readonly kind: 'held'; readonly held: readonly HeldRequests[] };

/** Requests held in front of one limit. */
export interface HeldRequests {
  /** For `release` and `cancel`; not for people. */
  readonly limit: string;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** Of Hugging Face: a bucket of the Hub, or `router`. */
  readonly scope?: string;
  /** At a key's provider, or behind the router; the path without one. Undefined: several, or the Hub's. */
  readonly model?: string;
  readonly waiting: number;
  readonly programs: number;
  readonly heldBy: HoldReason;
  /** Epoch ms at which the first ones can go, where a server reported it. */
  readonly until?: number;
}

/** The parts of the ledger that the gateway writes. */
export type GatewayLedger = Pick<
  Ledger,
  | 'recordTallies'
  | 'lastTallies'
  | 'tallyTotals'
  | 'recordRefusals'
  | 'recordSwitch'
  | 'shareLimits'
  | 'sharedLimits'
  | 'dataVersion'
  | 'workspaceTotals'
  | 'getPreference'
  | 'setPreference'
  | 'swapPreference'
>;

/** The providers' own names of Hugging Face's models. */
export interface GatewayModels {
  /** Undefined: the provider does not serve it. */
  find(provider: string, model: string, signal: AbortSignal): Promise<string | undefined>;
  providersOf(model: string, signal: AbortSignal): Promise<string[]>;
}

export interface GatewayPrices {
  /** Resolves when the prices are loaded, or can't be. Undefined: they are loaded. Never rejects. */
  prepare(): Promise<void> | undefined;
  /** From the loaded prices; undefined when the price is not known. */
  costNanoUsd(provider: string, model: string, usage: TokenUsage): number | undefined;
  /** At the dearest provider, unless one is named. Undefined: no price is loaded or known. */
  mostNanoUsd(provider: string | undefined, model: string, usage: TokenUsage): number | undefined;
}

export interface GatewayTimers {
  setTimeout(callback: () => void, delayMs: number): object | number;
  clearTimeout(timer: object | number): void;
}
