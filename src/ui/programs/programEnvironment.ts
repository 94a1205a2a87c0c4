import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { personalProfile } from '../../billing/profile.ts';
import { allFamilies, type Families, type GatewayAddress } from '../../gateway/programVariables.ts';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { chosenFamilies, gatewaySettings, onDidChangeSettings, userServers } from '../core/settings.ts';
import { workspaceId } from '../core/workspaceId.ts';
import type { WindowGateway } from '../gateway/windowGateway.ts';
import { suffixes, terminalVariables } from './gatewayVariables.ts';
import { commandFolder, commandVariables } from './headroomCommand.ts';
import { openNewTerminal } from './newTerminal.ts';
import { TerminalEnvironment } from './terminalEnvironment.ts';

type Variables = Readonly<Record<string, string>>;

/**
 * Variables that lead programs in terminals, tasks and debug sessions to the gateway; in terminals also the
 * command `headroom`. Follows the gateway's address, the payer and the settings, which are all that the
 * variables depend on.
 */
export class ProgramEnvironment implements vscode.Disposable {
  readonly #core: CoreHandle;
  readonly #gateway: Pick<WindowGateway, 'address'>;
  /** Directory of the ledger. */
  readonly #directory: string;
  readonly #terminals: TerminalEnvironment;
  readonly #state: vscode.Memento;
  /** Folder of `headroom`; undefined: none. */
  readonly #command: string | undefined;
  readonly #subscriptions: vscode.Disposable;

  constructor(
    context: vscode.ExtensionContext,
    core: CoreHandle,
    gateway: Pick<WindowGateway, 'address' | 'onDidChange'>,
    log: Log,
  ) {
    this.#core = core;
    this.#gateway = gateway;
    this.#directory = context.globalStorageUri.fsPath;
    this.#state = context.workspaceState;
    this.#terminals = new TerminalEnvironment(context.environmentVariableCollection, description());
    this.#command = commandFolder({
      packaged: vscode.Uri.joinPath(context.extensionUri, 'dist', 'bin').fsPath,
      storage: this.#directory,
      log: line => log.warn(line),
    });
    const write = () => this.#write();
    this.#subscriptions = vscode.Disposable.from(
      gateway.onDidChange(write),
      core.onDidChangePayer(write),
      onDidChangeSettings(write),
    );
    write();
  }

  /** None without a family or without an address. */
  variables(families: Families, address: GatewayAddress | undefined): Variables {
    const profile = this.#core.shown?.payer.chosen ?? personalProfile;
    return terminalVariables(families, address, profile, {
      directory: this.#directory,
      workspace: workspaceId(vscode.workspace, this.#state),
    });
  }

  openNewTerminal(address: GatewayAddress): void {
    openNewTerminal(this.#withCommand(this.variables(allFamilies, address)), this.#command, process.env);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#terminals.dispose();
  }

  #write(): void {
    const found = this.variables(chosenFamilies(), this.#gateway.address);
    const { env } = process;
    if (Object.keys(found).length === 0) this.#terminals.set({});
    else this.#terminals.set(this.#withCommand(found), this.#command, suffixes(proxyExceptions(env), env));
  }

  #withCommand(found: Variables): Variables {
    if (this.#command === undefined) return found;
    const { providerUrls } = gatewaySettings();
    return { ...found, ...commandVariables(process.execPath, { servers: userServers(), providerUrls }) };
  }
}

function description(): vscode.MarkdownString {
  return new vscode.MarkdownString(
    l10n.t(
      'Programs use Headroom’s gateway on this machine, which bills the payer that you chose. [Settings](command:workbench.action.openSettings?%5B%22headroom.environment%22%5D)',
    ),
  );
}
