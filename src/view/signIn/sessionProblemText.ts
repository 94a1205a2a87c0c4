import * as l10n from '@vscode/l10n';
import type { SessionProblem, TokenSource } from '../../account/snapshot.ts';
import { type Action, openSettingsAction, refreshAction, signInAction } from '../action.ts';
import { oneLine } from '../text/plainText.ts';

/** Why the session has no token to use. */
export interface SessionProblemText {
  /** For the status bar, two or three words. */
  readonly words: string;
  /** A codicon. */
  readonly icon: string;
  /** Plain text: what happened, what to do. */
  readonly sentence: string;
  readonly actions: readonly Action[];
}

export function sessionProblemText(problem: SessionProblem): SessionProblemText {
  const signIn = signInAction(l10n.t('Sign in'));
  switch (problem.kind) {
    case 'keyring':
      return {
        words: l10n.t('keyring locked'),
        icon: 'lock',
        sentence: l10n.t(
          'The editor’s secret storage can’t be read (“{0}”). Unlock the keyring, then refresh.',
          oneLine(problem.message, 200),
        ),
        actions: [refreshAction(), signIn],
      };
    case 'token-gone':
      return {
        words: l10n.t('token not found'),
        icon: 'account',
        sentence: gone(problem.source),
        actions: [signIn, refreshAction()],
      };
    case 'server-url':
      return {
        words: l10n.t('server address'),
        icon: 'gear',
        sentence: l10n.t('{0} Until you correct it, Headroom sends no token.', oneLine(problem.message, 300)),
        actions: [openSettingsAction()],
      };
  }
}

function gone(source: TokenSource): string {
  switch (source.kind) {
    case 'environment':
      return l10n.t(
        'The environment variable {0} holds no token here: started from the Dock or a menu, VS Code does not see a terminal’s variables. Start it from a terminal, or sign in.',
        oneLine(source.variable),
      );
    case 'token-file':
      return l10n.t(
        'The token file {0} has no token any more. Run hf auth login, or sign in.',
        oneLine(source.path, 200),
      );
    case 'stored-token':
      return l10n.t(
        'The token “{0}” is no longer in {1}. Run hf auth login, or sign in.',
        oneLine(source.name),
        oneLine(source.path, 200),
      );
    case 'secret-storage':
      return l10n.t(
        'This editor’s secret storage has no token of {0} any more. Sign in again.',
        oneLine(source.name),
      );
  }
}
