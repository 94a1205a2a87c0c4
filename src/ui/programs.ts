import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../account/log.ts';
import { PayerStore } from '../billing/payerStore.ts';
import { formatProfile, PERSONAL } from '../billing/profile.ts';
import type { GatewayEvent } from '../gateway/options.ts';
import { ALL_FAMILIES, type Door, type Families, programVariables } from '../gateway/programVariables.ts';
import { askHowToRestart } from './askHowToRestart.ts';
import { commandFolder, pathWith } from './commandFolder.ts';
import { commandVariables } from './commandVariables.ts';
import { settingsPrefix } from './contributions.ts';
import type { CoreHandle } from './core.ts';
import { CreditsReturn } from './creditsReturn.ts';
import { registerDebugEnvironment } from './debugEnvironment.ts';
import { ExpectedDoor } from './expectedDoor.ts';
import { GATEWAY_KEY, GatewayKey } from './gatewayKey.ts';
import { GatewayProcess } from './gatewayProcess.ts';
import { GatewaySetups } from './gatewaySetup.ts';
import { anyFamily, terminalVariables } from './gatewayVariables.ts';
import { knownBalances } from './knownBalances.ts';
import { openNewTerminal } from './newTerminal.ts';
import { copyNotebookCell } from './notebookCell.ts';
import { registerNotebookNotice } from './notebookNotice.ts';
import { GATEWAY_PORT, GATEWAY_PORT_NOW } from './ownServers.ts';
import { chosenFamilies, gatewaySettings, userProxy, userServers } from './settings.ts';
import { logUntil } from './startCore.ts';
import { tellGivenUp, tellHeld, tellUnusable } from './tellGateway.ts';
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
  const setups = new GatewaySetups({
    secrets: context.secrets,
    settings: () => ({ ...gatewaySettings(), ...userProxy(), servers: userServers() }),
    tell: problem => {
      log.warn(problem);
      void tellUnusable(problem);
    },
    onLateKey: () => update(),
  });
  const keys = new GatewayKey(context.secrets, log);
  const creditsReturn = new CreditsReturn();
  const { version } = context.extension.packageJSON as { version: string };
  const { workspaceState } = context;
  const directory = context.globalStorageUri.fsPath;
  const notRestarted = (error: unknown) => log.error(`The gateway can't be restarted: ${String(error)}`);
  const gateway = new GatewayProcess({
    file: vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.cjs').fsPath,
    state: directory,
    userAgent: `headroom/${version} vscode/${vscode.version}`,
    environment: process.env,
    key: () => keys.get(),
    port: {
      get: () => workspaceState.get<number>(GATEWAY_PORT, 0),
      set: port => void workspaceState.update(GATEWAY_PORT, port),
    },
    setup: async () => setups.setup(await core.get()),
    log,
    onEvent: event => {
      if (event.kind === 'held') core.held.tell(event.held);
      else void followEvent(event, core, log);
    },
    onGivenUp: why => {
      const again = async () => {
        if (await tellGivenUp(why)) await restart();
      };
      again().catch(notRestarted);
    },
    onHeld: why => void tellHeld(why),
  });
  const environment = new TerminalEnvironment(context.environmentVariableCollection, description());
  const variables = (families: Families, door: Door | undefined) => {
    const profile = core.shown?.payer.chosen ?? PERSONAL;
    return terminalVariables(families, door, profile, {
      directory,
      workspace: workspaceId(vscode.workspace, workspaceState),
    });
  };
  const command = commandFolder({
    packaged: vscode.Uri.joinPath(context.extensionUri, 'dist', 'bin').fsPath,
    storage: directory,
    log: line => log.warn(line),
  });
  /** Terminals find `headroom`, and it finds what it needs. */
  const withCommand = (found: Readonly<Record<string, string>>) => {
    if (command === undefined) return found;
    const { providerUrls } = gatewaySettings();
    return { ...found, ...commandVariables(process.execPath, { servers: userServers(), providerUrls }) };
  };
  const expected = new ExpectedDoor();
  const write = () => {
    if (ended.signal.aborted) return;
    const found = variables(chosenFamilies(), gateway.door ?? expected.door);
    if (Object.keys(found).length > 0) environment.set(withCommand(found), command);
    else environment.set({});
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
    } finally {
      expected.end();
      write();
    }
  };
  const update = () => {
    if (ended.signal.aborted) return;
    write();
    void gateway.push();
    const mayStart = core.shown && !gateway.door && !gateway.crashed && !gateway.held;
    if (mayStart && anyFamily(chosenFamilies())) void started();
  };
  const restart = async () => {
    const { url } = await gateway.restart();
    vscode.window.setStatusBarMessage(l10n.t('The gateway listens at {0}', url), 5_000);
  };
  let renewing = false;
  /** Another window has renewed it, or made one at the same time. */
  const followKey = async () => {
    const key = await keys.known();
    if (renewing || key === undefined || !gateway.door || gateway.door.key === key) return;
    await gateway.restart();
  };
  const subscriptions = [
    environment,
    gateway,
    gateway.onDidChange(() => {
      expected.end();
      if (!gateway.door) core.held.clear();
      if (gateway.door) {
        void workspaceState.update(GATEWAY_PORT_NOW, Number(new URL(gateway.door.url).port));
        followKey().catch(notRestarted);
      }
      update();
    }),
    core.onDidChange(({ payer, snapshot }) => {
      if (creditsReturn.look(payer, snapshot, Date.now())) gateway.creditsReturned();
      for (const { profile, balance } of knownBalances(snapshot))
        gateway.balance(formatProfile(profile), balance);
      update();
    }),
    context.secrets.onDidChange(({ key }) => {
      setups.forgetKeys();
      update();
      if (key !== GATEWAY_KEY) return;
      followKey().catch(notRestarted);
    }),
    registerNotebookNotice(core, log),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(settingsPrefix) || change.affectsConfiguration('http')) update();
    }),
    registerDebugEnvironment(async () => {
      const families = chosenFamilies();
      return anyFamily(families) ? variables(families, await started()) : {};
    }),
  ];
  update();
  if (anyFamily(chosenFamilies())) {
    void expected.look(workspaceState.get<number>(GATEWAY_PORT, 0), () => keys.known()).then(write);
  }
  return {
    gateway,
    async newTerminal() {
      const found = withCommand(variables(ALL_FAMILIES, await gateway.start()));
      openNewTerminal(
        command === undefined ? found : { ...found, PATH: pathWith(command, process.env.PATH) },
      );
    },
    async copyNotebookCell() {
      const door = await gateway.start();
      const { payers } = await core.get();
      await copyNotebookCell(programVariables(ALL_FAMILIES, door, payers.payer.chosen));
    },
    async restartGateway() {
      const how = await askHowToRestart();
      if (how === 'restart') await restart();
      if (how !== 'new-key') return;
      renewing = true;
      try {
        await keys.renew();
        await restart();
      } finally {
        renewing = false;
      }
    },
    dispose() {
      ended.abort();
      core.held.clear();
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

function description(): vscode.MarkdownString {
  return new vscode.MarkdownString(
    l10n.t(
      'Headroom sends programs through its gateway on this machine, which bills them as you chose. [Settings](command:workbench.action.openSettings?%5B%22headroom.environment%22%5D)',
    ),
  );
}
