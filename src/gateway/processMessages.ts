import type { PayerBalance } from '../limits/account/payerBalance.ts';
import type { GatewayConfig, GatewayEvent } from './options.ts';

/** Proxy and TLS of the gateway process; has the shape of `DispatcherOptions`. */
export interface Network {
  readonly proxy?: {
    readonly httpProxy?: string;
    readonly httpsProxy?: string;
    readonly noProxy?: string;
    readonly authorization?: string;
  };
  readonly strictSSL?: boolean;
}

/** Messages from the editor to its gateway process. Sent over IPC only: they hold the token and the keys. */
export type ToGateway =
  | {
      /** The first message, sent once. */
      readonly kind: 'start';
      /** 0: any free port. */
      readonly port: number;
      /** Of the Hub at its root; another one where this is taken. 0: any free port. */
      readonly hubPort: number;
      readonly key: string;
      /** Directory of the ledger. */
      readonly state: string;
      readonly userAgent: string;
      readonly network: Network;
      readonly config: GatewayConfig;
    }
  | { readonly kind: 'configure'; readonly network: Network; readonly config: GatewayConfig }
  /** The account's poll shows that the chosen payer has credits again. */
  | { readonly kind: 'credits-returned' }
  /** A payer's balance as Hugging Face last reported it; `payer` in the form of `formatProfile`. */
  | { readonly kind: 'balance'; readonly payer: string; readonly balance: PayerBalance }
  /** Acts on the requests held for one limit; without `limit`, on all held requests. */
  | { readonly kind: 'release' | 'cancel'; readonly limit?: string };

/** Messages from the gateway process to the editor. None holds a secret. */
export type FromGateway =
  | { readonly kind: 'listening'; readonly url: string; readonly hub: string }
  /** Listening failed; the process exits. */
  | { readonly kind: 'not-listening'; readonly code?: string; readonly message: string }
  | { readonly kind: 'event'; readonly event: GatewayEvent }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
