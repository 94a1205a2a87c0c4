import * as l10n from '@vscode/l10n';
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

export function refreshAction(): Action {
  return { label: l10n.t('Refresh'), command: commands.refresh };
}

export function openSettingsAction(): Action {
  return { label: l10n.t('Open settings'), command: openSettings, argument: settingsPrefix };
}
