import type { Dispatcher } from 'undici';
import type { BillingProfile, StandIn } from '../billing/profile.ts';
import type { BillingContext } from '../billing/route.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PayerBalance } from '../limits/account/payerBalance.ts';
import type { HoldReason } from '../limits/pacing/paceTicket.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { TokenUsage } from '../limits/requests/tokenUsage.ts';

/** What may change while the gateway runs; replaced as a whole by `configure`. Holds secrets: never logged. */
export interface GatewayConfig extends BillingContext {
  /** Who was chosen to pay. */
  readonly profile: BillingProfile;
  /** Who stands in for the chosen one already, as a former gateway left it. */
  readonly standIn?: StandIn;
  /** Who may stand in, in this order. Empty: nobody, which is the default. */
  readonly failover: readonly BillingProfile[];
  /** The `X-HF-Session-id` of requests whose caller gave none. */
  readonly sessionId: string;
  /** The longest that a request waits for a limit to pass. */
  readonly longestWaitMs: number;
  /** `observe`: windows are learned, and nobody is held because of them. */
  readonly pacing: 'pace' | 'observe';
  /** The id under which a switch of payers is written down. */
  readonly workspace?: string;
}

export interface GatewayOptions {
  /** Of 127.0.0.1. 0: any free one. */
  readonly port: number;
  /** `hf_headroom_…`: what callers show at the door. */
  readonly key: string;
  readonly config: GatewayConfig;
  /** Undici's; a function is asked for it at each request, so that undici may be loaded after the server listens. */
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
  /** One line, without secrets and without what was asked or answered. */
  readonly log: (line: string) => void;
}

export interface Gateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Holds for every request that comes after. */
  configure(config: GatewayConfig): void;
  /** The chosen payer has money again: the next request tries it. */
  creditsReturned(): void;
  /** What Hugging Face last told of a payer's money; `payer` in the form of `formatProfile`. */
  balance(payer: string, balance: PayerBalance): void;
  /** Lets those go who are held, in front of one limit or of all. */
  release(limit?: string): void;
  /** Sends those away who are held: they get a 429 that says why. */
  cancel(limit?: string): void;
  /** Takes no more requests, lets those in flight end within `graceMs`, writes down what was seen. */
  close(graceMs: number): Promise<void>;
}

export type GatewayEvent =
  /** Another payer stands in, or (without `standIn`) the chosen one pays again. Profiles in the form of `formatProfile`. */
  | {
      readonly kind: 'stand-in';
      readonly standIn?: StandIn;
      readonly from: string;
      readonly to: string;
      readonly reason: 'credits' | 'spending-limit' | 'returned';
    }
  /** A request was declined because of a limit, and the caller was told. It is in the ledger, too. */
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  /** Who waits changed, told some times a second at most; empty: nobody does any more. */
  | { readonly kind: 'held'; readonly held: readonly HeldRequests[] };

/** Requests that are held in front of one limit. */
export interface HeldRequests {
  /** Names the limit to `release` and `cancel`; not for people. */
  readonly limit: string;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** Of Hugging Face: a bucket of the Hub, or `router`. */
  readonly scope?: string;
  /** Of a key's, or behind the router; the path where none was named. Undefined: of several, or the Hub's. */
  readonly model?: string;
  readonly waiting: number;
  readonly programs: number;
  readonly heldBy: HoldReason;
  /** Epoch ms at which the first ones can go, as far as a server told. */
  readonly until?: number;
}

/** The parts of the ledger that the gateway writes. */
export type GatewayLedger = Pick<
  Ledger,
  | 'recordTallies'
  | 'lastTallies'
  | 'recordRefusals'
  | 'recordSwitch'
  | 'shareLimits'
  | 'sharedLimits'
  | 'dataVersion'
>;

/** Hugging Face's model ids in providers' own words. */
export interface GatewayModels {
  /** Undefined: this provider does not have it. */
  find(provider: string, model: string, signal: AbortSignal): Promise<string | undefined>;
  providersOf(model: string, signal: AbortSignal): Promise<string[]>;
}

export interface GatewayPrices {
  /** They will be wanted soon: settles when they are there, or can't be had. Undefined: they are there. Never rejects. */
  prepare(): Promise<void> | undefined;
  /** From what is loaded already; undefined when the price is not known. */
  costNanoUsd(provider: string, model: string, usage: TokenUsage): number | undefined;
}

export interface GatewayTimers {
  setTimeout(callback: () => void, delayMs: number): object | number;
  clearTimeout(timer: object | number): void;
}
