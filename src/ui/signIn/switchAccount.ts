import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../view/contributions.ts';
import { tokenPlace } from '../../view/signIn/tokenPlace.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { type PickItem, pick } from '../core/pick.ts';

/** Picks the shown account from those that are signed in, or adds one. */
export async function switchAccount(core: CoreHandle): Promise<void> {
  const { sessions, service } = await core.get();
  const shown = core.snapshot?.session?.id;
  const items: PickItem<() => unknown>[] = (await sessions.list()).map(({ id, label, source }) => ({
    label,
    description: id === shown ? l10n.t('shown now') : undefined,
    detail: tokenPlace(source),
    icon: id === shown ? 'check' : 'account',
    async value() {
      sessions.activate(id);
      await service.followSession();
    },
  }));
  const add = () => vscode.commands.executeCommand(commands.signIn);
  items.push({ label: l10n.t('Add an account…'), icon: 'add', value: add });
  const act = await pick(items, { title: l10n.t('Switch Account') });
  await act?.();
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
