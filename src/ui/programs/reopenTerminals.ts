import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { notify } from '../core/notify.ts';

const openTerminals = 'programs/openTerminals';

/**
 * Terminals with Headroom that a reload of the window ended: VS Code restores none, since their gateway may be gone,
 * and may show a plain one in their place. Offers once to open one again.
 */
export class ReopenTerminals implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #open = new Set<vscode.Terminal>();
  readonly #closing: vscode.Disposable;

  constructor(state: vscode.Memento, openTerminal: () => Promise<void>) {
    this.#state = state;
    const before = state.get<number>(openTerminals, 0);
    void state.update(openTerminals, undefined);
    this.#closing = vscode.window.onDidCloseTerminal(terminal => {
      // at a reload it stays remembered
      if (terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
      if (this.#open.delete(terminal)) this.#remember();
    });
    if (before > 0) void offer(openTerminal);
  }

  /** Remembers the terminal until it is closed. */
  follow(terminal: vscode.Terminal): void {
    this.#open.add(terminal);
    this.#remember();
  }

  dispose(): void {
    this.#closing.dispose();
  }

  #remember(): void {
    void this.#state.update(openTerminals, this.#open.size || undefined);
  }
}

async function offer(openTerminal: () => Promise<void>): Promise<void> {
  const message = l10n.t(
    'The terminal with Headroom ended with the reload. Programs in other terminals may not use Headroom.',
  );
  await notify(vscode.window.showInformationMessage, message, { [l10n.t('Reopen')]: openTerminal });
}
