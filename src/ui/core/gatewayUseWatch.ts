import type { Ledger } from '../../ledger/ledger.ts';
import { monthStart } from '../../limits/account/credits.ts';
import type { GatewayUse } from '../../view/account/gatewayUse.ts';
import { LedgerWatch } from './ledgerWatch.ts';

export interface GatewayUseWatchOptions {
  readonly ledger: Pick<Ledger, 'dataVersion' | 'tallyTotals'>;
  /** Epoch ms by Hugging Face's clock: its month counts. */
  readonly serverNow: () => number;
}

/** What gateways, this window's and others', have put into the ledger this month. */
export class GatewayUseWatch extends LedgerWatch<number, GatewayUse> {
  constructor({ ledger, serverNow }: GatewayUseWatchOptions) {
    super({
      ledger,
      subject: () => monthStart(serverNow()),
      read: since => ({ since, totals: ledger.tallyTotals(since) }),
    });
  }

  get use(): GatewayUse {
    return this.value;
  }
}
