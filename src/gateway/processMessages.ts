import type { PayerBalance } from '../limits/account/payerBalance.ts';
import type { GatewayConfig, GatewayEvent } from './options.ts';

/** How the gateway process reaches the internet. Of the shape of `DispatcherOptions`. */
export interface Network {
  readonly proxy?: {
    readonly httpProxy?: string;
    readonly httpsProxy?: string;
    readonly noProxy?: string;
    readonly authorization?: string;
  };
  readonly strictSSL?: boolean;
}

/**
 * What the editor tells its gateway process. It goes over the process's own channel only: it holds the token and the
 * keys, which are not to be in an argument, in the environment or on the disk.
 */
export type ToGateway =
  | {
      /** The first message; there is one. */
      readonly kind: 'start';
      /** 0: any that is free. */
      readonly port: number;
      readonly key: string;
      /** The ledger's folder. */
      readonly state: string;
      readonly userAgent: string;
      readonly network: Network;
      readonly config: GatewayConfig;
    }
  | { readonly kind: 'configure'; readonly network: Network; readonly config: GatewayConfig }
  /** The chosen payer has credits again, as seen from outside. */
  | { readonly kind: 'credits-returned' }
  /** What Hugging Face last told of a payer's money. */
  | { readonly kind: 'balance'; readonly payer: string; readonly balance: PayerBalance }
  /** Of one limit, or of all. */
  | { readonly kind: 'release' | 'cancel'; readonly limit?: string };

/** What the gateway process tells the editor. No message holds a secret. */
export type FromGateway =
  | { readonly kind: 'listening'; readonly url: string }
  /** It could not listen, and ends. */
  | { readonly kind: 'not-listening'; readonly code?: string; readonly message: string }
  | { readonly kind: 'event'; readonly event: GatewayEvent }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
