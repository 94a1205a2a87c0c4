import type { Ledger } from '../../ledger/ledger.ts';
import { monthStart } from '../../limits/account/credits.ts';
import type { GatewayUse } from '../../view/account/gatewayUse.ts';
import { LedgerWatch } from './ledgerWatch.ts';

/**
 * Requests of this month that went through gateways, this window's and others'.
 * @param serverNow epoch ms by Hugging Face's clock, whose months count
 */
export function watchGatewayUse(
  ledger: Pick<Ledger, 'dataVersion' | 'tallyTotals'>,
  serverNow: () => number,
): LedgerWatch<number, GatewayUse> {
  return new LedgerWatch({
    ledger,
    subject: () => monthStart(serverNow()),
    read: since => ({ since, totals: ledger.tallyTotals(since) }),
  });
}
