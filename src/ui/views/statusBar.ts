import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { calmHeld } from '../../view/account/heldRequests.ts';
import { commands, linkableCommands } from '../../view/contributions.ts';
import { clickCommand } from '../../view/status/statusBarKind.ts';
import type { StatusBarView } from '../../view/status/statusBarModel.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { Repaint } from './repaint.ts';

/** The status bar item; its click opens the action menu, or signs in where that is all there is to do. */
export function registerStatusBar(core: CoreHandle): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('limits', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Headroom for Hugging Face';
  let shown: StatusBarView | undefined;
  const calm = calmHeld();

  const repaint = new Repaint(() => {
    const input = core.viewInput();
    if (!input || !core.viewModels) {
      item.text = '$(loading~spin) Hugging Face';
      item.command = commands.showActions;
      item.accessibilityInformation = { label: l10n.t('Hugging Face: loading'), role: 'button' };
      return false;
    }
    const view = core.viewModels.statusBarView(input, calm(input.held, input.now), shown);
    item.text = view.text;
    item.command = clickCommand(view.kind);
    item.backgroundColor = view.background
      ? new vscode.ThemeColor(`statusBarItem.${view.background}Background`)
      : undefined;
    item.accessibilityInformation = { label: view.accessibilityLabel, role: 'button' };
    if (view.hover !== shown?.hover) {
      const tooltip = new vscode.MarkdownString(view.hover, true);
      tooltip.isTrusted = { enabledCommands: linkableCommands };
      item.tooltip = tooltip;
    }
    shown = view;
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
