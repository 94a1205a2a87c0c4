import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { personalProfile } from '../../billing/profile.ts';
import { allFamilies, type Door, type Families } from '../../gateway/programVariables.ts';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import type { CoreHandle } from '../core/core.ts';
import { chosenFamilies, gatewaySettings, userServers } from '../core/settings.ts';
import { workspaceId } from '../core/workspaceId.ts';
import { commandFolder } from './commandFolder.ts';
import { commandVariables } from './commandVariables.ts';
import { suffixes, terminalVariables } from './gatewayVariables.ts';
import { openNewTerminal } from './newTerminal.ts';
import { TerminalEnvironment } from './terminalEnvironment.ts';

type Variables = Readonly<Record<string, string>>;

/** What programs find the gateway with, in terminals, tasks and debug sessions; terminals find `headroom`, too. */
export class ProgramEnvironment implements vscode.Disposable {
  readonly #core: CoreHandle;
  /** The ledger's folder. */
  readonly #directory: string;
  readonly #terminals: TerminalEnvironment;
  readonly #state: vscode.Memento;
  /** The folder of `headroom`; undefined: there is none. */
  readonly #command: string | undefined;

  constructor(context: vscode.ExtensionContext, core: CoreHandle, log: Log) {
    this.#core = core;
    this.#directory = context.globalStorageUri.fsPath;
    this.#state = context.workspaceState;
    this.#terminals = new TerminalEnvironment(context.environmentVariableCollection, description());
    this.#command = commandFolder({
      packaged: vscode.Uri.joinPath(context.extensionUri, 'dist', 'bin').fsPath,
      storage: this.#directory,
      log: line => log.warn(line),
    });
  }

  /** Nothing without a family, and nothing without a door. */
  variables(families: Families, door: Door | undefined): Variables {
    const profile = this.#core.shown?.payer.chosen ?? personalProfile;
    return terminalVariables(families, door, profile, {
      directory: this.#directory,
      workspace: workspaceId(vscode.workspace, this.#state),
    });
  }

  /** For terminals and tasks that are started from now on. */
  write(door: Door | undefined): void {
    const found = this.variables(chosenFamilies(), door);
    const { env } = process;
    if (Object.keys(found).length === 0) this.#terminals.set({});
    else this.#terminals.set(this.#withCommand(found), this.#command, suffixes(proxyExceptions(env), env));
  }

  openNewTerminal(door: Door): void {
    openNewTerminal(this.#withCommand(this.variables(allFamilies, door)), this.#command, process.env);
  }

  dispose(): void {
    this.#terminals.dispose();
  }

  /** Terminals find `headroom`, and it finds what it needs. */
  #withCommand(found: Variables): Variables {
    if (this.#command === undefined) return found;
    const { providerUrls } = gatewaySettings();
    return { ...found, ...commandVariables(process.execPath, { servers: userServers(), providerUrls }) };
  }
}

function description(): vscode.MarkdownString {
  return new vscode.MarkdownString(
    l10n.t(
      'Headroom sends programs through its gateway on this machine, which bills them as you chose. [Settings](command:workbench.action.openSettings?%5B%22headroom.environment%22%5D)',
    ),
  );
}
