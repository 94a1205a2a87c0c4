import * as vscode from 'vscode';
import { shownHeld } from '../../view/account/heldRequests.ts';
import { contextKeys } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { setContext } from '../core/setContext.ts';
import { Repaint } from '../views/repaint.ts';

/** Enables the commands for held requests while views show some. */
export function registerHeldContext({ held }: CoreHandle): vscode.Disposable {
  const repaint = new Repaint(() => {
    setContext(contextKeys.held, shownHeld(held.current, Date.now()).length > 0);
    return held.current.length > 0;
  });
  return vscode.Disposable.from(
    repaint,
    held.onDidChange(() => repaint.now()),
  );
}
