import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../limits/messageOf.ts';
import { type CommandId, commands, focusLimits, views } from '../view/contributions.ts';
import { noFilter } from '../view/refusals/refusalFilter.ts';
import { isPageOfHuggingFace, pages } from '../view/text/pages.ts';
import type { TreeNode } from '../view/tree/treeNode.ts';
import type { CoreHandle } from './core/coreHandle.ts';
import type { Loaded } from './core/loaded.ts';
import { notify } from './core/notify.ts';
import { runAction } from './core/runAction.ts';
import type { Dashboard } from './dashboard/dashboard.ts';
import type { Programs } from './programs/programs.ts';
import type { RefusalFilterState } from './refusals/refusalFilterState.ts';
import type { LimitsTree } from './views/limitsTree.ts';

/** Modules of the bundle that loads after `activate()` has returned. */
export async function later(): Promise<typeof import('./later.ts').later> {
  return (await import('./later.ts')).later;
}

/** Registers the manifest's commands. A failed one logs its error and shows it in a notification. */
export function registerCommands(
  core: CoreHandle,
  view: LimitsTree,
  filter: RefusalFilterState,
  programs: Loaded<Programs>,
  dashboard: Loaded<Dashboard>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const gateway = async () => (await programs.get()).gateway;
  const row = (id: unknown) => (typeof id === 'string' ? view.node(id) : view.selected);
  // from the palette the user picks one, whatever is selected
  const own = (id: unknown) => (typeof id === 'string' ? view.node(id) : undefined);
  const handlers: Record<CommandId, (argument: unknown) => unknown> = {
    [commands.signIn]: async () => (await later()).signIn(core),
    [commands.makeToken]: async () => (await later()).makeToken(await core.get()),
    [commands.signOut]: async () => (await later()).signOut(core),
    [commands.switchAccount]: async () => (await later()).switchAccount(core),
    [commands.refresh]: () => refresh(core),
    [commands.showLimits]: () => vscode.commands.executeCommand(focusLimits),
    [commands.showActions]: async () => (await later()).showActions(core),
    // without an argument: VS Code drops that of a row which is redrawn, as a countdown is each second
    [commands.openRow]: () => view.selected?.action && runAction(view.selected.action),
    [commands.copyValue]: id => copyValues(view.rowsOf(id)),
    [commands.openPage]: target => openPage(row(target)?.url ?? target),
    [commands.openBilling]: () => openPage(pages.billing),
    [commands.showDashboard]: async () => (await dashboard.get()).show(),
    [commands.setBudget]: async name => (await later()).setBudget(core, name),
    [commands.continueOnce]: async name => (await later()).continueOnce(core, name),
    [commands.continueToday]: async name => (await later()).continueToday(core, name),
    [commands.pauseAgain]: async name => (await later()).pauseAgain(core, name),
    [commands.switchBilling]: async () => (await later()).switchBilling(core),
    [commands.billOrganization]: async () => (await later()).billOrganization(core),
    [commands.useProviderKey]: async () => (await later()).useProviderKey(core),
    [commands.useHuggingFaceBilling]: async () => (await later()).useHuggingFaceBilling(core),
    [commands.manageProviderKeys]: async () => (await later()).manageProviderKeys(core),
    [commands.verifyBilling]: async () => (await later()).verifyBilling(core, await gateway()),
    [commands.copySnippet]: async () => (await later()).copySnippet(core),
    [commands.newTerminal]: async () => (await programs.get()).newTerminal(),
    [commands.copyNotebookCell]: async () => (await programs.get()).copyNotebookCell(),
    [commands.restartGateway]: async () => (await programs.get()).restartGateway(),
    [commands.openRefusal]: async id => (await later()).openRefusal(core, row(id)?.refusals),
    [commands.helpWithRefusal]: async () => (await later()).helpWithRefusal(core),
    [commands.copyRefusal]: async id => (await later()).copyRefusal(core, row(id)?.refusals),
    [commands.filterRefusals]: async () => (await later()).filterRefusals(core, filter),
    [commands.showAllRefusals]: () => filter.set(noFilter),
    [commands.explainText]: async () => (await later()).explainText(core),
    [commands.clearRefusals]: async () => (await later()).clearRefusals(core),
    [commands.releaseHeld]: async id => (await later()).releaseHeld(core.held, await gateway(), id),
    [commands.cancelHeld]: async id => (await later()).cancelHeld(core.held, await gateway(), id),
    [commands.pauseEndpoint]: async id => (await later()).changeEndpoint(core, 'pause', own(id)?.endpoint),
    [commands.resumeEndpoint]: async id => (await later()).changeEndpoint(core, 'resume', own(id)?.endpoint),
    [commands.scaleEndpointToZero]: async id =>
      (await later()).changeEndpoint(core, 'scale-to-zero', own(id)?.endpoint),
    [commands.openEndpoint]: async id => (await later()).openEndpoint(core, own(id)?.endpoint),
    [commands.openEndpointLogs]: async id => (await later()).openEndpointLogs(core, own(id)?.endpoint),
    [commands.copyEndpointUrl]: async id => (await later()).copyEndpointUrl(core, own(id)?.endpoint),
    [commands.copyEndpointSnippet]: async id => (await later()).copyEndpointSnippet(core, own(id)?.endpoint),
    [commands.askForMore]: async of => (await later()).askForMore(core, own(of)?.quota, of),
    [commands.showLog]: () => log.show(),
  };
  const registrations = Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        await handler(argument);
      } catch (error) {
        await showFailure(id, error, log);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

async function refresh(core: CoreHandle): Promise<void> {
  await vscode.window.withProgress({ location: { viewId: views.limits } }, async () => {
    const { service } = await core.get();
    await service.refresh();
  });
}

async function copyValues(rows: readonly TreeNode[]): Promise<void> {
  const [first, ...others] = rows.map(({ copyValue }) => copyValue);
  if (first === undefined) return;
  await vscode.env.clipboard.writeText([first, ...others].join('\n'));
  const copied = others.length === 0 ? l10n.t('Copied: {0}', first) : l10n.t('Copied {0} rows', rows.length);
  vscode.window.setStatusBarMessage(copied, 3_000);
}

/** Opens pages of Hugging Face only: any extension can run the command with any argument. */
async function openPage(url: unknown): Promise<void> {
  if (typeof url !== 'string' || !isPageOfHuggingFace(url)) return;
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

async function showFailure(id: string, error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const message = messageOf(error);
  log.error(`${id}: ${message}`);
  await notify(vscode.window.showErrorMessage, l10n.t('Headroom could not do this: {0}', message), {
    [l10n.t('Show log')]: () => log.show(),
  });
}
