import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../account/log.ts';
import { PayerStore } from '../billing/payerStore.ts';
import { PERSONAL } from '../billing/profile.ts';
import type { GatewayEvent } from '../gateway/options.ts';
import { ALL_FAMILIES, type Door, type Families, programVariables } from '../gateway/programVariables.ts';
import { commands, settingsPrefix } from './contributions.ts';
import type { CoreHandle } from './core.ts';
import { CreditsReturn } from './creditsReturn.ts';
import { registerDebugEnvironment } from './debugEnvironment.ts';
import { gatewayKey } from './gatewayKey.ts';
import { GatewayProcess } from './gatewayProcess.ts';
import { GatewaySetups } from './gatewaySetup.ts';
import { anyFamily, terminalVariables } from './gatewayVariables.ts';
import { openNewTerminal } from './newTerminal.ts';
import { copyNotebookCell } from './notebookCell.ts';
import { GATEWAY_PORT } from './ownServers.ts';
import { chosenFamilies } from './settings.ts';
import { logUntil } from './startCore.ts';
import { TerminalEnvironment } from './terminalEnvironment.ts';
import { workspaceId } from './workspaceId.ts';

/** What brings the gateway to programs. */
export interface Programs extends vscode.Disposable {
  readonly gateway: GatewayProcess;
  newTerminal(): Promise<void>;
  copyNotebookCell(): Promise<void>;
  restartGateway(): Promise<void>;
}

/** The gateway of this window, and the terminals, tasks, debug sessions and notebooks that are to find it. */
export async function startPrograms(
  context: vscode.ExtensionContext,
  core: CoreHandle,
  channel: vscode.LogOutputChannel,
): Promise<Programs> {
  const ended = new AbortController();
  const log = logUntil(ended.signal, channel);
  const setups = new GatewaySetups(context.secrets);
  const creditsReturn = new CreditsReturn();
  const { version } = context.extension.packageJSON as { version: string };
  const { workspaceState } = context;
  const directory = context.globalStorageUri.fsPath;
  const gateway = new GatewayProcess({
    file: vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.cjs').fsPath,
    state: directory,
    userAgent: `headroom/${version} vscode/${vscode.version}`,
    environment: process.env,
    key: () => gatewayKey(context.secrets, log),
    port: {
      get: () => workspaceState.get<number>(GATEWAY_PORT, 0),
      set: port => void workspaceState.update(GATEWAY_PORT, port),
    },
    setup: async () => setups.setup(await core.get()),
    log,
    onEvent: event => void followEvent(event, core, log),
    onGivenUp: why => void tellGivenUp(why),
  });
  const environment = new TerminalEnvironment(context.environmentVariableCollection);
  const variables = (families: Families, door: Door | undefined) => {
    const profile = core.shown?.payer.chosen ?? PERSONAL;
    return terminalVariables(families, door, profile, { directory, workspace: workspaceId() });
  };
  let failure: string | undefined;
  const started = async (): Promise<Door | undefined> => {
    try {
      const door = await gateway.start();
      failure = undefined;
      return door;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== failure) log.error(`The gateway can't be started: ${message}`);
      failure = message;
      return undefined;
    }
  };
  const update = () => {
    if (ended.signal.aborted) return;
    const families = chosenFamilies();
    environment.set(variables(families, gateway.door));
    void gateway.push();
    if (anyFamily(families) && core.shown && !gateway.door && !gateway.givenUp) void started();
  };
  const subscriptions = [
    environment,
    gateway,
    gateway.onDidChange(update),
    core.onDidChange(({ payer, snapshot }) => {
      if (creditsReturn.look(payer, snapshot, Date.now())) gateway.creditsReturned();
      update();
    }),
    context.secrets.onDidChange(() => {
      setups.forgetKeys();
      update();
    }),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(settingsPrefix) || change.affectsConfiguration('http')) update();
    }),
    registerDebugEnvironment(async () => {
      const families = chosenFamilies();
      return anyFamily(families) ? variables(families, await started()) : {};
    }),
  ];
  update();
  return {
    gateway,
    async newTerminal() {
      openNewTerminal(variables(ALL_FAMILIES, await gateway.start()));
    },
    async copyNotebookCell() {
      const door = await gateway.start();
      const { payers } = await core.get();
      await copyNotebookCell(programVariables(ALL_FAMILIES, door, payers.payer.chosen));
    },
    async restartGateway() {
      const { url } = await gateway.restart();
      vscode.window.setStatusBarMessage(l10n.t('The gateway listens at {0}', url), 5_000);
    },
    dispose() {
      ended.abort();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Who stands in is kept where all faces look for it. The switch itself is in the ledger: the gateway wrote it. */
async function followEvent(event: GatewayEvent, core: CoreHandle, log: Log): Promise<void> {
  if (event.kind !== 'stand-in') return;
  try {
    const { ledger, payers } = await core.get();
    new PayerStore(ledger, payers.workspace).standIn(event.standIn);
    payers.look();
  } catch (error) {
    log.warn(`Who pays now could not be noted: ${String(error)}`);
  }
}

async function tellGivenUp(why: string): Promise<void> {
  const restart = l10n.t('Restart');
  const message = l10n.t('Headroom’s gateway stopped several times and is not started again: {0}', why);
  const choice = await vscode.window.showErrorMessage(message, restart);
  if (choice === restart) await vscode.commands.executeCommand(commands.restartGateway);
}
