import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { PayerStore } from '../../billing/payerStore.ts';
import { formatProfile } from '../../billing/profile.ts';
import type { GatewayEvent } from '../../gateway/options.ts';
import { allFamilies, type Door, programVariables } from '../../gateway/programVariables.ts';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import { knownBalances } from '../../view/account/knownBalances.ts';
import { settingsPrefix } from '../../view/contributions.ts';
import { CreditsReturn } from '../billing/creditsReturn.ts';
import type { CoreHandle } from '../core/core.ts';
import { gatewayPort, gatewayPortNow } from '../core/ownServers.ts';
import { chosenFamilies, gatewaySettings, userProxy, userServers } from '../core/settings.ts';
import { logUntil } from '../core/startCore.ts';
import { askHowToRestart } from '../gateway/askHowToRestart.ts';
import { ExpectedDoor } from '../gateway/expectedGateway.ts';
import { GatewayKey, gatewayKeySecret } from '../gateway/gatewayKey.ts';
import { tellGivenUp, tellHeld, tellUnusable } from '../gateway/gatewayNotices.ts';
import { GatewayProcess } from '../gateway/gatewayProcess.ts';
import { GatewaySetups } from '../gateway/gatewaySetup.ts';
import { registerDebugEnvironment } from './debugEnvironment.ts';
import { anyFamily } from './gatewayVariables.ts';
import { copyNotebookCell } from './notebookCell.ts';
import { registerNotebookNotice } from './notebookNotice.ts';
import { ProgramEnvironment } from './programEnvironment.ts';

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
  const notRestarted = (error: unknown) => log.error(`The gateway can't be restarted: ${String(error)}`);
  const gateway = new GatewayProcess({
    file: vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.cjs').fsPath,
    state: context.globalStorageUri.fsPath,
    userAgent: `headroom/${version} vscode/${vscode.version}`,
    environment: process.env,
    key: () => keys.get(),
    port: {
      get: () => workspaceState.get<number>(gatewayPort, 0),
      set: port => void workspaceState.update(gatewayPort, port),
    },
    setup: async () => setups.setup(await core.get()),
    log,
    onEvent: event => {
      if (event.kind === 'held') core.held.report(event.held);
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
  const environment = new ProgramEnvironment(context, core, log);
  const expected = new ExpectedDoor();
  const write = () => {
    if (ended.signal.aborted) return;
    environment.write(gateway.door ?? expected.door);
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
        void workspaceState.update(gatewayPortNow, Number(new URL(gateway.door.url).port));
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
      if (key !== gatewayKeySecret) return;
      followKey().catch(notRestarted);
    }),
    registerNotebookNotice(core, log),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(settingsPrefix) || change.affectsConfiguration('http')) update();
    }),
    registerDebugEnvironment(async () => {
      const families = chosenFamilies();
      return anyFamily(families) ? environment.variables(families, await started()) : {};
    }, process.env),
  ];
  update();
  if (anyFamily(chosenFamilies())) {
    void expected.look(workspaceState.get<number>(gatewayPort, 0), () => keys.known()).then(write);
  }
  return {
    gateway,
    async newTerminal() {
      environment.openNewTerminal(await gateway.start());
    },
    async copyNotebookCell() {
      const door = await gateway.start();
      const { payers } = await core.get();
      await copyNotebookCell({
        ...programVariables(allFamilies, door, payers.payer.chosen),
        ...proxyExceptions(process.env),
      });
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
