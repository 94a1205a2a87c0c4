import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { sourceId } from '../../account/sessions.ts';
import { commands } from '../../view/contributions.ts';
import { tokenPlace } from '../../view/signIn/tokenPlace.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { type PickItem, pick } from '../core/pick.ts';

/** Picks the shown account from those that are signed in, or adds one. */
export async function switchAccount(core: CoreHandle): Promise<void> {
  const items: PickItem<() => unknown>[] = await accountItems(core);
  const add = () => vscode.commands.executeCommand(commands.signIn);
  if (items.length === 0) return void (await add());
  items.push({ label: l10n.t('Add an account…'), icon: 'add', value: add });
  const act = await pick(items, { title: l10n.t('Switch Account') });
  await act?.();
}

/** The accounts that are signed in here, but not one whose token is gone. */
export async function accountItems(core: CoreHandle): Promise<PickItem<() => Promise<void>>[]> {
  const { sessions, service } = await core.get();
  const { session, sessionProblem } = core.snapshot ?? {};
  const gone = sessionProblem?.kind === 'token-gone' ? sourceId(sessionProblem.source) : undefined;
  const accounts = (await sessions.list()).filter(({ id }) => id !== gone);
  return accounts.map(({ id, label, source }) => ({
    label,
    description: id === session?.id ? l10n.t('shown now') : undefined,
    detail: tokenPlace(source),
    icon: id === session?.id ? 'check' : 'account',
    async value() {
      sessions.activate(id);
      await service.followSession();
    },
  }));
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
