import * as vscode from 'vscode';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { LimitsView } from './limitsView.ts';

/** Tells the account how closely this window is looked at: it polls less when nobody is there. */
export function registerAttention(core: CoreHandle, view: LimitsView): vscode.Disposable {
  const tell = async () => {
    const { focused } = vscode.window.state;
    const { service } = await core.get();
    service.setAttention(focused ? (view.visible ? 'watching' : 'focused') : 'idle');
  };
  const tellQuietly = () => void tell().catch(() => undefined); // a core that did not start has said so itself
  return vscode.Disposable.from(
    vscode.window.onDidChangeWindowState(tellQuietly),
    view.onDidChangeVisibility(tellQuietly),
    core.onDidChange(tellQuietly), // another core may have taken over
  );
}
