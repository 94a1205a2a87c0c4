import * as l10n from '@vscode/l10n';
import { type PickItem, pick } from '../core/pick.ts';
import type { WindowGateway } from './windowGateway.ts';

/** Asks whether to keep the key, and restarts the gateway. */
export async function restartGateway(gateway: WindowGateway): Promise<void> {
  const items: PickItem<() => Promise<void>>[] = [
    {
      icon: 'debug-restart',
      label: l10n.t('Restart'),
      detail: l10n.t('Cuts off requests in flight. Programs find the gateway where it was.'),
      value: () => gateway.restart(),
    },
    {
      icon: 'key',
      label: l10n.t('Renew the key and restart'),
      detail: l10n.t(
        'If someone else has seen the key. Terminals and notebooks of this window that are open are refused until you reopen them.',
      ),
      value: () => gateway.renewKey(),
    },
  ];
  const restart = await pick(items, { title: l10n.t('Restart Gateway') });
  await restart?.();
}
