import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { later, registerCommands } from './ui/commands.ts';
import { CoreHandle } from './ui/core/coreHandle.ts';
import { Loaded } from './ui/core/loaded.ts';
import { changesConnections } from './ui/core/settings.ts';
import { registerHeldContext } from './ui/gateway/heldContext.ts';
import { registerRefusalDocuments } from './ui/refusals/refusalDocuments.ts';
import { RefusalFilterState } from './ui/refusals/refusalFilterState.ts';
import { registerRefusalTabContext } from './ui/refusals/refusalTab.ts';
import { LimitsTree } from './ui/views/limitsTree.ts';
import { registerStatusBar } from './ui/views/statusBar.ts';
import { dashboardView } from './view/contributions.ts';

/** Draws the views and returns; everything that needs disk or network loads after that. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel('Headroom', { log: true });
  const core = new CoreHandle(later, context, log);
  const filter = new RefusalFilterState(context.workspaceState);
  const view = new LimitsTree(core, filter);
  const programs = new Loaded(async () => (await later()).startPrograms(context, core, log));
  const notices = new Loaded(async () => (await later()).startNotices(core, log));
  const dashboard = new Loaded(async () => (await later()).openDashboard(context.extensionUri, core, log));
  context.subscriptions.push(
    log,
    core,
    filter,
    view,
    programs,
    notices,
    dashboard,
    registerStatusBar(core),
    registerCommands(core, view, filter, programs, dashboard, log),
    registerHeldContext(core),
    registerRefusalDocuments(core),
    registerRefusalTabContext(),
    vscode.window.registerWebviewPanelSerializer(dashboardView, {
      deserializeWebviewPanel: async panel => (await dashboard.get()).adopt(panel),
    }),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (changesConnections(change)) core.restart();
    }),
  );
  const failed = (what: string) => (error: unknown) => log.error(`${what}: ${String(error)}`);
  setImmediate(() => {
    core.get().catch(() => undefined); // the log and the views say it already
    notices.get().catch(failed('Notices do not work'));
    programs.get().catch(failed('The gateway does not work'));
  });
}
