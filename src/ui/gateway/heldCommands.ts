import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  cancelledText,
  type HeldItem,
  type HeldTarget,
  heldChoice,
  pickedHeld,
  releasedText,
} from '../../view/account/heldChoice.ts';
import { cancelExplained, releaseExplained } from '../../view/account/heldText.ts';
import type { GatewayProcess } from './gatewayProcess.ts';
import type { HeldWatch } from './heldWatch.ts';

type Gateway = Pick<GatewayProcess, 'release' | 'cancel'>;

/** Sends held requests, of one limit or of all, without waiting for the limit. */
export async function releaseHeld(held: HeldWatch, gateway: Gateway, id: unknown): Promise<void> {
  const target = await choose(held, id, l10n.t('Release Held Requests'), releaseExplained());
  if (!target) return;
  gateway.release(target.limit);
  show(releasedText(target.waiting, vscode.env.language));
}

/** Answers held requests, of one limit or of all, with a 429. */
export async function cancelHeld(held: HeldWatch, gateway: Gateway, id: unknown): Promise<void> {
  const target = await choose(held, id, l10n.t('Cancel Held Requests'), cancelExplained());
  if (!target) return;
  gateway.cancel(target.limit);
  show(cancelledText(target.waiting, vscode.env.language));
}

async function choose(
  held: HeldWatch,
  id: unknown,
  title: string,
  placeHolder: string,
): Promise<HeldTarget | undefined> {
  const asked = typeof id === 'string' ? id : undefined;
  let choice = heldChoice(held.current, asked, Date.now(), vscode.env.language);
  if (choice.kind === 'ask') {
    const items: HeldItem[] = [...choice.items];
    const item = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
    if (!item) return undefined;
    choice = pickedHeld(held.current, item);
  }
  if (choice.kind === 'act') return choice.target;
  if (choice.kind === 'none') show(choice.message);
  return undefined;
}

function show(sentence: string): void {
  vscode.window.setStatusBarMessage(sentence, 5_000);
}
