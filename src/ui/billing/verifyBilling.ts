import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { payingProfile } from '../../billing/profile.ts';
import { parseRouterModels } from '../../hub/router.ts';
import {
  cheapestOffer,
  noOfferText,
  type VerifyOutcome,
  verifyingRequest,
  verifyOutcome,
} from '../../view/billing/verifyBillingModel.ts';
import { commands } from '../../view/contributions.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import type { GatewayProcess } from '../gateway/gatewayProcess.ts';
import { askGateway } from './askGateway.ts';

type Gateway = Pick<GatewayProcess, 'start'>;

/** Sends one tiny request as programs do, and shows provider, billed payer and cost. */
export async function verifyBilling(handle: CoreHandle, gateway: Gateway): Promise<void> {
  const { payerWatch } = await handle.get();
  const switching = { [l10n.t('Switch…')]: () => vscode.commands.executeCommand(commands.switchBilling) };
  if (!handle.snapshot?.session && payingProfile(payerWatch.payer).kind !== 'provider-key') {
    await notify(vscode.window.showWarningMessage, l10n.t('Nobody is signed in, so nothing was sent.'), {
      [l10n.t('Sign in')]: () => vscode.commands.executeCommand(commands.signIn),
      ...switching,
    });
    return;
  }
  const outcome = await cancellableProgress(l10n.t('Verifying who is billed'), signal =>
    verify(handle, gateway, signal),
  );
  if (!outcome) return;
  if (outcome.good) return void vscode.window.showInformationMessage(outcome.message);
  await notify(vscode.window.showWarningMessage, outcome.message, switching);
}

async function verify(
  handle: CoreHandle,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<VerifyOutcome | undefined> {
  const { payerWatch } = await handle.get();
  const address = await gateway.start();
  const profile = payingProfile(payerWatch.payer);
  const list = await askGateway(address, '/v1/models', signal);
  const offer = cheapestOffer(
    list.status === 200 ? parseRouterModels(JSON.parse(list.text)).items : [],
    profile,
  );
  if (!offer && list.status === 200) return { good: false, message: noOfferText(profile) };
  const response = offer
    ? await askGateway(address, '/v1/chat/completions', signal, verifyingRequest(offer))
    : list;
  payerWatch.look();
  const input = handle.viewInput();
  return input && verifyOutcome(response, offer, input);
}
