import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { parseRouterModels } from '../../hub/router.ts';
import { payingProfile } from '../../view/billing/payerText.ts';
import {
  cheapestOffer,
  noOfferText,
  type VerifyOutcome,
  verifyingRequest,
  verifyOutcome,
} from '../../view/billing/verifyBillingModel.ts';
import { commands } from '../../view/contributions.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { CoreHandle } from '../core/core.ts';
import { viewInputNow } from '../core/viewInput.ts';
import type { Programs } from '../programs/programs.ts';
import { askGateway } from './askGateway.ts';

/** Sends one tiny request the way programs do, and says who answered, who was billed and what it cost. */
export async function verifyBilling(handle: CoreHandle, programs: Pick<Programs, 'gateway'>): Promise<void> {
  const outcome = await cancellableProgress(l10n.t('Verifying who is billed'), signal =>
    verify(handle, programs, signal),
  );
  if (!outcome) return;
  if (outcome.good) return void vscode.window.showInformationMessage(outcome.message);
  const change = l10n.t('Switch…');
  const choice = await vscode.window.showWarningMessage(outcome.message, change);
  if (choice === change) await vscode.commands.executeCommand(commands.switchBilling);
}

async function verify(
  handle: CoreHandle,
  { gateway }: Pick<Programs, 'gateway'>,
  signal: AbortSignal,
): Promise<VerifyOutcome> {
  const { service, payers } = await handle.get();
  const door = await gateway.start();
  const profile = payingProfile(payers.payer);
  const list = await askGateway(door, '/v1/models', signal);
  const offer = cheapestOffer(list.status === 200 ? modelsIn(list.text) : [], profile);
  const known = () => {
    payers.look();
    return viewInputNow({ snapshot: service.snapshot, payer: payers.payer });
  };
  if (!offer && list.status !== 200) return verifyOutcome(list, undefined, known());
  if (!offer) return { good: false, message: noOfferText(profile) };
  const answer = await askGateway(door, '/v1/chat/completions', signal, verifyingRequest(offer));
  return verifyOutcome(answer, offer, known());
}

function modelsIn(text: string): ReturnType<typeof parseRouterModels>['items'] {
  return parseRouterModels(JSON.parse(text)).items;
}
