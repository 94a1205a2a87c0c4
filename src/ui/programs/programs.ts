import * as vscode from 'vscode';
import { allFamilies, anyFamily, programVariables } from '../../gateway/programVariables.ts';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { logUntil } from '../core/logUntil.ts';
import { chosenFamilies } from '../core/settings.ts';
import { sendBalances } from '../gateway/balances.ts';
import { restartGateway } from '../gateway/restartGateway.ts';
import { WindowGateway } from '../gateway/windowGateway.ts';
import { registerDebugEnvironment } from './debugEnvironment.ts';
import { copyNotebookCell, registerNotebookNotice } from './notebooks.ts';
import { registerProgramEnvironment } from './programEnvironment.ts';
import { ReopenTerminals } from './reopenTerminals.ts';
import { shareConnections } from './shareConnections.ts';

export type Programs = ReturnType<typeof startPrograms>;

/** This window's gateway, and the terminals, tasks, debug sessions and notebooks that use it. */
export function startPrograms(
  context: vscode.ExtensionContext,
  core: CoreHandle,
  channel: vscode.LogOutputChannel,
) {
  const ended = new AbortController();
  const log = logUntil(ended.signal, channel);
  const gateway = new WindowGateway(context, core, log);
  const environment = registerProgramEnvironment(context, core, gateway, log);
  const debugVariables = async () => {
    const families = chosenFamilies();
    return anyFamily(families) ? environment.variables(families, await gateway.tryStart()) : {};
  };
  const newTerminal = async () => {
    reopening.follow(environment.openNewTerminal(await gateway.forPrograms()));
  };
  const reopening = new ReopenTerminals(context.workspaceState, newTerminal);
  const parts = vscode.Disposable.from(
    environment,
    reopening,
    gateway,
    sendBalances(core, gateway.process),
    registerDebugEnvironment(debugVariables, process.env),
    registerNotebookNotice(core, log),
    shareConnections(context, log),
  );
  return {
    gateway: gateway.process,
    newTerminal,
    async copyNotebookCell() {
      const address = await gateway.forPrograms();
      const { payerWatch } = await core.get();
      await copyNotebookCell({
        ...programVariables(allFamilies, address, payerWatch.payer.chosen),
        ...proxyExceptions(process.env),
      });
    },
    restartGateway: () => restartGateway(gateway),
    dispose() {
      ended.abort();
      parts.dispose();
    },
  };
}
