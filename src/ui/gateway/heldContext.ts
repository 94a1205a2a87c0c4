import * as vscode from 'vscode';
import { shownAfterMs, shownHeld } from '../../view/account/heldRequests.ts';
import { contextKeys } from '../../view/contributions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { Repaint } from '../views/repaint.ts';

/** Offers the commands for held requests while faces tell of some. */
export function registerHeldContext({ held }: CoreHandle): vscode.Disposable {
  let offered = false;
  const repaint = new Repaint(() => {
    const now = Date.now();
    const offer = shownHeld(held.current, now).length > 0;
    if (offer !== offered) void vscode.commands.executeCommand('setContext', contextKeys.held, offer);
    offered = offer;
    const [first] = held.current;
    return offer || !first ? Number.POSITIVE_INFINITY : first.since + shownAfterMs;
  });
  return vscode.Disposable.from(
    repaint,
    held.onDidChange(() => repaint.now()),
  );
}
