import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { calmHeld } from '../../view/account/heldRequests.ts';
import { commands, linkableCommands } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { Repaint } from './repaint.ts';

/** The status bar item; its click opens the action menu. */
export function registerStatusBar(core: CoreHandle): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('limits', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Headroom for Hugging Face';
  item.command = commands.showActions;
  let shownHover = '';
  const calm = calmHeld();

  const repaint = new Repaint(() => {
    const input = core.viewInput();
    if (!input || !core.viewModels) {
      item.text = '$(loading~spin) Hugging Face';
      item.accessibilityInformation = { label: l10n.t('Hugging Face: loading'), role: 'button' };
      return false;
    }
    const view = core.viewModels.statusBarView(input, calm(input.held, input.now));
    item.text = view.text;
    item.backgroundColor = view.background
      ? new vscode.ThemeColor(`statusBarItem.${view.background}Background`)
      : undefined;
    item.accessibilityInformation = { label: view.accessibilityLabel, role: 'button' };
    // VS Code closes the hover of an item whose tooltip is set
    if (view.hover !== shownHover) {
      shownHover = view.hover;
      const tooltip = new vscode.MarkdownString(view.hover, true);
      tooltip.isTrusted = { enabledCommands: linkableCommands };
      item.tooltip = tooltip;
    }
    return view.countsDown;
  });

  repaint.now();
  item.show();
  return vscode.Disposable.from(
    item,
    repaint,
    core.onDidChange(() => repaint.now()),
    core.held.onDidChange(() => (core.held.current.length > 0 ? repaint.soon() : repaint.now())),
    vscode.window.onDidChangeWindowState(() => repaint.now()),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('headroom')) repaint.now();
    }),
  );
}
