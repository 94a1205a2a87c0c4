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
import { lostFeatureText } from '../../view/signIn/lostFeatureText.ts';
import { signInFailureText } from '../../view/signIn/signInFailureText.ts';
import { tokenPlace } from '../../view/signIn/tokenPlace.ts';
import { cancellableProgress } from '../core/cancellableProgress.ts';
import type { Core, CoreHandle } from '../core/core.ts';

const newTokenPage = newTokenUrl(huggingFaceServers);

interface WayItem extends vscode.QuickPickItem {
  readonly way: 'paste' | 'create' | { readonly source: TokenSource; readonly token: string };
}

/** Signs in with a token that the user pastes, or with one of HF's own tools that the user picks. */
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

/** The password box stays open until Hugging Face has accepted the token, or the user gives up. */
function askForToken({ service }: Core): Promise<{ account: Account; token: string } | undefined> {
  return new Promise(resolve => {
    const box = vscode.window.createInputBox();
    const abort = new AbortController();
    box.title = l10n.t('Sign In to Hugging Face');
    box.prompt = l10n.t('Paste the token. It starts with hf_ and is sent to Hugging Face only.');
    box.password = true;
    box.ignoreFocusOut = true;
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(async () => {
      // people paste it with the newline of a file or a chat
      const token = box.value.replace(/\s+/g, '');
      if (!token || box.busy) return;
      if (isGatewayKey(token)) {
        box.validationMessage = l10n.t(
          'This is a key of Headroom’s gateway, which is no token of Hugging Face. It was not sent there.',
        );
        return;
      }
      box.busy = true;
      box.enabled = false;
      try {
        const account = await service.introduce(token, abort.signal);
        resolve({ account, token });
        box.hide();
      } catch (error) {
        box.validationMessage = signInFailureText(error);
        box.enabled = true;
        box.busy = false;
      }
    });
    box.onDidHide(() => {
      abort.abort();
      box.dispose();
      resolve(undefined);
    });
    box.show();
  });
}

/** The account of a token that needs no box to stay open; undefined when it failed, which has been told, or was cancelled. */
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
  // the page leaves the permission for endpoints to the user: another token from it would lack it again
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
