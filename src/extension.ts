import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { registerCommands } from './ui/commands.ts';
import { CoreHandle, later } from './ui/core/core.ts';
import { Loaded } from './ui/core/loaded.ts';
import { changesConnections } from './ui/core/settings.ts';
import { registerHeldContext } from './ui/gateway/heldContext.ts';
import { registerRefusalDocuments } from './ui/refusals/refusalDocuments.ts';
import { RefusalFilterState } from './ui/refusals/refusalFilterState.ts';
import { registerAttention } from './ui/views/attention.ts';
import { LimitsTree } from './ui/views/limitsTree.ts';
import { registerNotices } from './ui/views/notices.ts';
import { registerStatusBar } from './ui/views/statusBar.ts';

/** Draws the faces and returns; what needs disk or network is loaded after that. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel('Headroom', { log: true });
  const core = new CoreHandle(async () => (await later()).startCore(context, log), log);
  const filter = new RefusalFilterState(context.workspaceState);
  const view = new LimitsTree(core, filter);
  const programs = new Loaded(async () => (await later()).startPrograms(context, core, log));
  const billingNotices = new Loaded(async () => (await later()).startBillingNotices(core, log));
  const blockedNotices = new Loaded(async () => (await later()).startBlockedNotices(core, log));
  context.subscriptions.push(
    log,
    core,
    filter,
    view,
    programs,
    billingNotices,
    blockedNotices,
    registerStatusBar(core),
    registerCommands(core, view, filter, programs, log),
    registerAttention(core, view),
    registerNotices(core),
    registerHeldContext(core),
    registerRefusalDocuments(core),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (changesConnections(change)) core.restart();
    }),
  );
  setImmediate(() => {
    core.get().catch(() => undefined); // the log and the faces have told of it
    billingNotices.get().catch((error: unknown) => log.error(`Billing is not watched: ${String(error)}`));
    blockedNotices
      .get()
      .catch((error: unknown) => log.error(`Blocked work is not told of: ${String(error)}`));
    programs.get().catch((error: unknown) => log.error(`The gateway is not available: ${String(error)}`));
  });
}
