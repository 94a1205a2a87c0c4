import * as l10n from '@vscode/l10n';
import { formatQuota, type QuotaSubject } from '../limits/refusals/quotaSubject.ts';
import { commands, openSettings, settingsPrefix } from './contributions.ts';

/** A command of ours, or a page to open. */
export type Action = { readonly label: string } & (
  | { readonly command: string; readonly argument?: string }
  | { readonly url: string }
);

export function signInAction(label: string): Action {
  return { label, command: commands.signIn };
}

export function showLogAction(): Action {
  return { label: l10n.t('Show log'), command: commands.showLog };
}

/** Asks Hugging Face for more of a limit. */
export function askForMoreAction(quota: QuotaSubject): Action {
  return { label: l10n.t('Ask for more…'), command: commands.askForMore, argument: formatQuota(quota) };
}

export function refreshAction(): Action {
  return { label: l10n.t('Refresh'), command: commands.refresh };
}

export function openSettingsAction(): Action {
  return { label: l10n.t('Open settings'), command: openSettings, argument: settingsPrefix };
}
