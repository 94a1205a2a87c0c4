import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SessionSummary } from '../../account/snapshot.ts';
import { commands } from '../../view/contributions.ts';
import { tokenPlace } from '../../view/signIn/tokenPlace.ts';
import type { CoreHandle } from '../core/coreHandle.ts';

interface SessionItem extends vscode.QuickPickItem {
  readonly session?: SessionSummary;
}

/** Picks the shown account from those that are signed in, or adds one. */
export async function switchAccount(core: CoreHandle): Promise<void> {
  const { sessions, service } = await core.get();
  const shown = core.snapshot?.session?.id;
  const items: SessionItem[] = (await sessions.list()).map(session => ({
    label: session.label,
    description: session.id === shown ? l10n.t('shown now') : undefined,
    detail: tokenPlace(session.source),
    iconPath: new vscode.ThemeIcon(session.id === shown ? 'check' : 'account'),
    session,
  }));
  items.push({ label: l10n.t('Add an account…'), iconPath: new vscode.ThemeIcon('add') });
  const choice = await vscode.window.showQuickPick(items, { title: l10n.t('Switch Account') });
  if (!choice) return;
  if (!choice.session) return void (await vscode.commands.executeCommand(commands.signIn));
  sessions.activate(choice.session.id);
  await service.followSession();
}

/** Signs out of the shown account. A token that HF's own tools keep stays there. */
export async function signOut(core: CoreHandle): Promise<void> {
  const { sessions, service } = await core.get();
  const session = core.snapshot?.session;
  if (!session) return;
  await service.leave(left => sessions.signOut(left));
  const kept = session.source.kind !== 'secret-storage';
  void vscode.window.showInformationMessage(
    kept
      ? l10n.t(
          'Signed out. The token itself stays where Hugging Face’s tools keep it: {0}.',
          tokenPlace(session.source),
        )
      : l10n.t(
          'Signed out of {0}. The token was deleted from this editor; it is still valid at Hugging Face.',
          session.label,
        ),
  );
}
