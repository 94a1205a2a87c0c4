import * as l10n from '@vscode/l10n';
import { providerName } from '../../billing/providers.ts';
import { billedPayer } from '../billing/payerText.ts';
import { oneLine } from '../text/plainText.ts';
import type { DashboardInput } from './dashboardInput.ts';

/** Names of what requests are counted by. Empty: not known, or beyond the names that the ledger tells apart. */
export function requestNames({ snapshot, counted }: DashboardInput) {
  return {
    provider: (id: string) => (id === '' ? l10n.t('no provider named') : oneLine(providerName(id), 40)),
    model: (id: string) => (id === '' ? l10n.t('no model named') : oneLine(id, 80)),
    folder: (id: string) =>
      id === '' ? l10n.t('other folders, or none') : oneLine(counted.folders.get(id) ?? unnamed(id), 60),
    payer: (billedTo: string) => billedPayer(billedTo, snapshot.account.value).name,
  };
}

/** An id is a hash: its beginning tells folders apart. */
function unnamed(id: string): string {
  return l10n.t('folder {0}', id.slice(0, 6));
}
