import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type CalmHeld, calmHeld, nextCalmAt } from '../../view/account/heldRequests.ts';
import { commands, linkableCommands } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { viewSettings } from '../core/settings.ts';
import { Repaint } from './repaint.ts';

/** The one status bar item: its text at a glance, its hover as a small dashboard, its click the action menu. */
export function registerStatusBar(core: CoreHandle): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('limits', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Headroom for Hugging Face';
  item.command = commands.showActions;
  let shownHover = '';
  let calm: CalmHeld | undefined;

  const repaint = new Repaint(() => {
    const { shown, viewModels } = core;
    const held = core.held.current;
    if (!shown || !viewModels) {
      item.text = '$(loading~spin) Hugging Face';
      item.accessibilityInformation = { label: l10n.t('Hugging Face: loading'), role: 'button' };
      return Number.POSITIVE_INFINITY;
    }
    const { focused } = vscode.window.state;
    const now = Date.now();
    calm = calmHeld(calm, held, now);
    const known = { ...shown, held, calmHeld: calm.held };
    const face = viewModels.statusBarFace(known, viewSettings(), now, vscode.env.language, focused);
    item.text = face.text;
    item.backgroundColor = face.background
      ? new vscode.ThemeColor(`statusBarItem.${face.background}Background`)
      : undefined;
    item.accessibilityInformation = { label: face.accessibilityLabel, role: 'button' };
    if (face.hover !== shownHover) {
      shownHover = face.hover;
      const tooltip = new vscode.MarkdownString(face.hover, true);
      tooltip.isTrusted = { enabledCommands: linkableCommands };
      item.tooltip = tooltip;
    }
    return Math.min(face.nextRepaintAt, nextCalmAt(calm, held) ?? Number.POSITIVE_INFINITY);
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
