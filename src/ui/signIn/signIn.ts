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
} from '../../limits/account/tokenPermissions.ts';
import { isGatewayKey } from '../../limits/refusals/gatewayKey.ts';
import { signInFailureText } from '../../view/signIn/signInFailureText.ts';
import { tokenPlace } from '../../view/signIn/tokenPlace.ts';
import { askSecret } from '../core/askSecret.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { Core } from '../core/core.ts';
import type { CoreHandle } from '../core/coreHandle.ts';

const newTokenPage = newTokenUrl(huggingFaceServers);

interface WayItem extends vscode.QuickPickItem {
  readonly way: 'paste' | 'create' | { readonly source: TokenSource; readonly token: string };
}

/** Signs in with a pasted token, or with the token that HF's own tools left on this machine. */
export async function signIn(core: CoreHandle): Promise<void> {
  const loaded = await core.get();
  const way = await pickWay(loaded);
  if (!way) return;
  if (typeof way === 'object') {
    const account = await introduceFound(loaded, way.token);
    if (!account) return;
    loaded.sessions.accept(way.source);
    await welcome(loaded, account);
    return;
  }
  if (way === 'create') await vscode.env.openExternal(vscode.Uri.parse(newTokenPage, true));
  const entered = await askForToken(loaded);
  if (!entered) return;
  await loaded.sessions.keep(entered.account.name, entered.token);
  await welcome(loaded, entered.account);
}

async function pickWay({ sessions }: Core): Promise<WayItem['way'] | undefined> {
  const offers: WayItem[] = sessions.offers().map(({ source, token }) => ({
    label: l10n.t('Use the token that Hugging Face’s tools left here'),
    detail: tokenPlace(source),
    iconPath: new vscode.ThemeIcon('folder-active'),
    way: { source, token },
  }));
  const items: WayItem[] = [
    {
      label: l10n.t('Make a new token on huggingface.co'),
      detail: l10n.t(
        'Opens the page with exactly the permissions that Headroom needs ticked, then asks for the token',
      ),
      iconPath: new vscode.ThemeIcon('link-external'),
      way: 'create',
    },
    {
      label: l10n.t('Enter a token that you have'),
      detail: l10n.t('Kept in this editor’s secret storage and nowhere else'),
      iconPath: new vscode.ThemeIcon('key'),
      way: 'paste',
    },
    ...offers,
  ];
  const choice = await vscode.window.showQuickPick(items, { title: l10n.t('Sign In to Hugging Face') });
  return choice?.way;
}

function askForToken({ service }: Core): Promise<{ account: Account; token: string } | undefined> {
  return askSecret({
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
        return { value: { account: await service.introduce(token, signal), token } };
      } catch (error) {
        return { message: signInFailureText(error) };
      }
    },
  });
}

/** The account of a token found on this machine; undefined: cancelled, or failed, which is shown. */
async function introduceFound({ service }: Core, token: string): Promise<Account | undefined> {
  try {
    const title = l10n.t('Asking Hugging Face whose token this is');
    return await cancellableProgress(title, signal => service.introduce(token, signal));
  } catch (error) {
    if (error instanceof HubError && error.kind === 'aborted') return undefined;
    void vscode.window.showErrorMessage(signInFailureText(error));
    return undefined;
  }
}

async function welcome({ service }: Core, account: Account): Promise<void> {
  await service.followSession();
  void service.refresh();
  const missing = missingPermissions(account);
  const who = l10n.t('Signed in as {0}.', signedInName(account));
  const message = [who, ...missing.map(lostFeatureText)].join(' ');
  // the page does not tick the permission for endpoints: another token from it would lack that again
  if (!missing.some(isTickedForTheUser)) return void vscode.window.showInformationMessage(message);
  const makeToken = l10n.t('Make a token that can');
  const choice = await vscode.window.showWarningMessage(message, makeToken);
  if (choice === makeToken) await vscode.env.openExternal(vscode.Uri.parse(newTokenPage, true));
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
