import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TokenSource } from '../../account/snapshot.ts';
import { HubError } from '../../hub/hubError.ts';
import { huggingFaceServers, newTokenUrl } from '../../hub/servers.ts';
import type { Account } from '../../limits/account/account.ts';
import { planLabel } from '../../limits/account/plans.ts';
import {
  type MissingPermission,
  missingPermissions,
  neededPermissions,
  type TokenPermissionName,
} from '../../limits/account/tokenPermissions.ts';
import { isGatewayKey } from '../../limits/refusals/gatewayKey.ts';
import { signInFailureText } from '../../view/signIn/signInFailureText.ts';
import { tokenPlace } from '../../view/signIn/tokenPlace.ts';
import { askSecret } from '../core/askSecret.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { focusEditor } from '../core/focusEditor.ts';
import { notify } from '../core/notify.ts';
import { type PickItem, pick } from '../core/pick.ts';
import type { Core } from '../core/startCore.ts';
import { accountItems } from './switchAccount.ts';

/**
 * Signs in with what is on this machine, a token that HF's own tools left or an account that the editor keeps, or with
 * a pasted token.
 */
export async function signIn(core: CoreHandle): Promise<void> {
  const loaded = await core.get();
  const items: PickItem<() => Promise<void>>[] = [
    ...foundItems(loaded),
    ...(core.snapshot?.session ? [] : await accountItems(core)),
    {
      label: l10n.t('Make a new token on huggingface.co'),
      detail: l10n.t('Opens the page with the right boxes ticked, then asks for the token'),
      icon: 'link-external',
      value: () => makeToken(loaded),
    },
    {
      label: l10n.t('Enter a token that you have'),
      detail: l10n.t('Kept in this editor’s secret storage and nowhere else'),
      icon: 'key',
      value: () => enterToken(loaded),
    },
  ];
  const act = await pick(items, { title: l10n.t('Sign In to Hugging Face') });
  if (!act) return;
  await focusEditor();
  await act();
}

/** One for each token: `hf auth login` writes it into two files. */
function foundItems(core: Core): PickItem<() => Promise<void>>[] {
  const places = Map.groupBy(core.sessions.offers(), ({ token }) => token);
  return [...places].flatMap(([token, [first]]) =>
    first
      ? {
          label: l10n.t('Use the token that Hugging Face’s tools left here'),
          detail: tokenPlace(first.source),
          icon: 'folder-active',
          value: () => acceptFound(core, first.source, token),
        }
      : [],
  );
}

/**
 * Opens the page for a token with the right boxes ticked, and asks for that token.
 * @param more boxes for what the user is about to do
 */
export async function makeToken(core: Core, more: readonly TokenPermissionName[] = []): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(newTokenUrl(huggingFaceServers, more), true));
  await enterToken(core);
}

/** Asks for a token until Hugging Face knows it, and keeps it in secret storage. */
async function enterToken(core: Core): Promise<void> {
  const entered = await askSecret<{ account: Account; token: string }>({
    title: l10n.t('Sign In to Hugging Face'),
    prompt: l10n.t('Paste the token. It starts with hf_ and is sent to Hugging Face only.'),
    async accept(token, signal) {
      if (isGatewayKey(token)) {
        const message = l10n.t(
          'This is a key of Headroom’s gateway, not a token of Hugging Face. It was not sent.',
        );
        return { message };
      }
      try {
        return { value: { account: await core.service.introduce(token, signal), token } };
      } catch (error) {
        return { message: signInFailureText(error) };
      }
    },
  });
  if (!entered) return;
  await core.sessions.keep(entered.account.name, entered.token);
  await welcome(core, entered.account);
}

/** Signs in with a token found on this machine. */
async function acceptFound(core: Core, source: TokenSource, token: string): Promise<void> {
  let account: Account | undefined;
  try {
    const title = l10n.t('Asking Hugging Face whose token this is');
    account = await cancellableProgress(title, signal => core.service.introduce(token, signal));
  } catch (error) {
    const isCancelled = error instanceof HubError && error.kind === 'aborted';
    if (!isCancelled) void vscode.window.showErrorMessage(signInFailureText(error));
  }
  if (!account) return;
  core.sessions.accept(source);
  await welcome(core, account);
}

async function welcome(core: Core, account: Account): Promise<void> {
  const { service } = core;
  await service.followSession();
  void service.refresh();
  const missing = missingPermissions(account);
  const who = l10n.t('Signed in as {0}.', signedInName(account));
  const message = [who, ...missing.map(lostFeatureText)].join(' ');
  // the page does not tick the permission for endpoints: another token from it would lack that again
  if (!missing.some(isTickedForTheUser)) return void vscode.window.showInformationMessage(message);
  await notify(vscode.window.showWarningMessage, message, {
    [l10n.t('Make a token that can')]: () => makeToken(core),
  });
}

function isTickedForTheUser({ permission }: MissingPermission): boolean {
  return neededPermissions.some(needed => needed.permission === permission);
}

function signedInName({ name, plan }: Account): string {
  const label = planLabel(plan);
  return label ? `${name} (${label})` : name;
}

/** The effect of a permission that the token lacks. */
function lostFeatureText({ permission, lostFeature }: MissingPermission): string {
  switch (lostFeature) {
    case 'billing':
      return l10n.t('Without {0} it can’t show credits and spend.', permission);
    case 'inference':
      return l10n.t('Without {0} it can’t call Inference Providers.', permission);
    case 'endpoints':
      return l10n.t('Without {0} it can’t list Inference Endpoints.', permission);
  }
}
