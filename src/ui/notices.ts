import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Snapshot } from '../account/snapshot.ts';
import { type CommandId, commands } from './contributions.ts';
import type { CoreHandle } from './core.ts';

interface Notice {
  /** Names the episode: each is told once, in one window. */
  readonly episode: string;
  readonly message: string;
  readonly action: { readonly label: string; readonly command: CommandId };
}

/** The few things that a person must hear of without having asked. */
export function noticesFor({ session, account, credits, ledgerProblem }: Snapshot): Notice[] {
  const notices: Notice[] = [];
  const rejected = [account.problem, credits.problem].find(problem => problem?.kind === 'invalid-token');
  if (session && rejected) {
    notices.push({
      episode: `invalid-token/${session.id}/${rejected.since}`,
      message: l10n.t(
        'Hugging Face rejects the token of {0}. Nothing was lost; the last values stay visible.',
        session.label,
      ),
      action: { label: l10n.t('Sign in again'), command: commands.signIn },
    });
  }
  if (ledgerProblem) {
    notices.push({
      episode: `ledger/${ledgerProblem}`,
      message: l10n.t('Headroom’s memory of past limits: {0}', ledgerProblem),
      action: { label: l10n.t('Show log'), command: commands.showLog },
    });
  }
  return notices;
}

/** Tells each episode once: the ledger remembers which window has told it. */
export function registerNotices(core: CoreHandle): vscode.Disposable {
  const told = new Set<string>();
  const tell = async ({ episode, message, action }: Notice) => {
    const { ledger } = await core.get();
    const key = `notice/${episode}`;
    if (ledger.getPreference(key)) return;
    ledger.setPreference(key, new Date().toISOString());
    const choice = await vscode.window.showWarningMessage(message, action.label);
    if (choice === action.label) await vscode.commands.executeCommand(action.command);
  };
  return core.onDidChange(({ snapshot }) => {
    for (const notice of noticesFor(snapshot)) {
      if (told.has(notice.episode)) continue;
      told.add(notice.episode);
      void tell(notice).catch(() => told.delete(notice.episode));
    }
  });
}
