import * as vscode from 'vscode';
import { contextKeys } from '../../view/contributions.ts';
import { parseTabLabel, type RefusalTab } from '../../view/refusals/refusalTabLabel.ts';
import { setContext } from '../core/setContext.ts';

/** The refusal whose document is in the active tab, as text or rendered. */
export function activeRefusalTab(): RefusalTab | undefined {
  // VS Code tells of a preview only its tab's label
  return parseTabLabel(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '');
}

/** The context of the button that helps with a refusal: links to commands do nothing in VS Code's Markdown preview. */
export function registerRefusalTabContext(): vscode.Disposable {
  const follow = () => setContext(contextKeys.refusalTab, activeRefusalTab() !== undefined);
  follow();
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(follow),
    vscode.window.tabGroups.onDidChangeTabGroups(follow),
  );
}
