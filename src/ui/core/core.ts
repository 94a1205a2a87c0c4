import type { AccountService } from '../../account/accountService.ts';
import type { Sessions } from '../../account/sessions.ts';
import type { KeyCheck } from '../../billing/keyCheck.ts';
import type { Keyring } from '../../billing/keyring.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { GatewayUse } from '../../view/account/gatewayUse.ts';
import type { ModelLookup } from '../../view/billing/snippetModel.ts';
import type { LearnedWatch } from './learnedWatch.ts';
import type { LedgerWatch } from './ledgerWatch.ts';
import type { PayerWatch } from './payerWatch.ts';

/** The services behind the views, built by `startCore`. */
export interface Core {
  readonly service: AccountService;
  readonly sessions: Sessions;
  readonly ledger: Ledger;
  readonly payerWatch: PayerWatch;
  /** Requests of this month that went through gateways, this window's and others'. */
  readonly gatewayUse: LedgerWatch<number, GatewayUse>;
  readonly learned: LearnedWatch;
  readonly keyring: Keyring;
  readonly models: ModelLookup;
  /**
   * Asks the provider whether it accepts the key.
   * @throws InvalidProviderKey, InvalidProviderUrl
   */
  checkKey(provider: string, key: string, signal: AbortSignal): Promise<KeyCheck>;
  dispose(): void;
}
