import * as vscode from 'vscode';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { LimitsTree } from './limitsTree.ts';

/** Sets the account's poll pace: fast while the tree is visible, slow while the window is not focused. */
export function registerAttention(core: CoreHandle, tree: LimitsTree): vscode.Disposable {
  const update = async () => {
    const { focused } = vscode.window.state;
    const { service } = await core.get();
    service.setAttention(focused ? (tree.visible ? 'watching' : 'focused') : 'idle');
  };
  const updateQuietly = () => void update().catch(() => undefined); // the core logs a failed start itself
  return vscode.Disposable.from(
    vscode.window.onDidChangeWindowState(updateQuietly),
    tree.onDidChangeVisibility(updateQuietly),
    core.onDidChange(updateQuietly), // a restart makes another service
  );
}
