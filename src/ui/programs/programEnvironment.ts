import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { personalProfile } from '../../billing/profile.ts';
import { allFamilies, type Families, type GatewayAddress } from '../../gateway/programVariables.ts';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { chosenFamilies, gatewaySettings, onDidChangeSettings } from '../core/settings.ts';
import { workspaceId } from '../core/workspaceId.ts';
import type { WindowGateway } from '../gateway/windowGateway.ts';
import { suffixes, terminalVariables } from './gatewayVariables.ts';
import { commandFolder, commandVariables } from './headroomCommand.ts';
import { openNewTerminal } from './newTerminal.ts';
import { setTerminalVariables, type VariableChanges } from './terminalEnvironment.ts';

const none: VariableChanges = { replace: {}, prepend: {}, append: {} };

/**
 * Variables that lead programs in terminals, tasks and debug sessions to the gateway; in terminals also the
 * command `headroom`. Follows the gateway's address, the payer and the settings, which are all that the
 * variables depend on.
 */
export function registerProgramEnvironment(
  context: vscode.ExtensionContext,
  core: CoreHandle,
  gateway: Pick<WindowGateway, 'address' | 'onDidChange'>,
  log: Log,
) {
  const collection = context.environmentVariableCollection;
  // a later session must not find the address of a gateway that is gone
  collection.persistent = false;
  collection.description = description();
  /** Of the ledger. */
  const directory = context.globalStorageUri.fsPath;
  const packaged = vscode.Uri.joinPath(context.extensionUri, 'dist', 'bin').fsPath;
  const folder = commandFolder(packaged, directory, line => log.warn(line));
  /** None without a family or without an address. */
  const variables = (families: Families, address: GatewayAddress | undefined) =>
    terminalVariables(families, address, core.viewInput()?.payer.chosen ?? personalProfile, {
      directory,
      workspace: workspaceId(vscode.workspace, context.workspaceState),
      command: commandVariables(process.execPath, gatewaySettings()),
    });
  const changes = (families: Families, address: GatewayAddress | undefined): VariableChanges => {
    const found = variables(families, address);
    if (Object.keys(found).length === 0) return none;
    const append = suffixes(proxyExceptions(process.env), process.env);
    if (folder === undefined) return { replace: found, prepend: {}, append };
    return { replace: found, prepend: { PATH: folder + path.delimiter }, append };
  };
  const write = () => setTerminalVariables(collection, changes(chosenFamilies(), gateway.address));
  const subscriptions = vscode.Disposable.from(
    gateway.onDidChange(write),
    core.onDidChangePayer(write),
    onDidChangeSettings(write),
  );
  write();
  return {
    variables,
    openNewTerminal: (address: GatewayAddress) =>
      openNewTerminal(changes(allFamilies, address), folder, process.env),
    dispose() {
      subscriptions.dispose();
      setTerminalVariables(collection, none);
    },
  };
}

function description(): vscode.MarkdownString {
  return new vscode.MarkdownString(
    l10n.t(
      'Programs use Headroom’s gateway on this machine, which bills the payer that you chose. [Settings](command:workbench.action.openSettings?%5B%22headroom.environment%22%5D)',
    ),
  );
}
