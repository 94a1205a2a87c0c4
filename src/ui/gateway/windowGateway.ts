import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import type { StandIn } from '../../billing/profile.ts';
import { anyFamily, type GatewayAddress } from '../../gateway/programVariables.ts';
import { messageOf } from '../../limits/messageOf.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import {
  gatewayGiven,
  gatewayHubPort,
  gatewayHubPortNow,
  gatewayPort,
  gatewayPortNow,
} from '../core/ownServers.ts';
import { chosenFamilies, gatewaySettings, onDidChangeSettings } from '../core/settings.ts';
import { workspaceId } from '../core/workspaceId.ts';
import { ExpectedGateway } from './expectedGateway.ts';
import type { GatewayPorts } from './gatewayChild.ts';
import { GatewayKey } from './gatewayKey.ts';
import { showGivenUp, showSuspended, showUnusable } from './gatewayNotices.ts';
import { GatewayProcess, type GatewayProcessOptions } from './gatewayProcess.ts';
import { GatewaySetups } from './gatewaySetup.ts';

const failedStartRetryMs = 30_000;

/**
 * This window's gateway, bound to VS Code: starts it when a setting wants it or programs know its address, sends it
 * each change of payer, keys and settings, and keeps its port and key.
 */
export class WindowGateway implements vscode.Disposable {
  readonly process: GatewayProcess;
  readonly #core: CoreHandle;
  readonly #log: Log;
  readonly #state: vscode.Memento;
  readonly #keys: GatewayKey;
  readonly #setups: GatewaySetups;
  readonly #expected = new ExpectedGateway();
  readonly #changes = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  #renewing = false;
  #retry: NodeJS.Timeout | undefined;
  #disposed = false;
  /** Message of the last failed start, logged once. */
  #failure: string | undefined;
  /** Fires when `address` changes. */
  readonly onDidChange = this.#changes.event;

  constructor(context: vscode.ExtensionContext, core: CoreHandle, log: Log) {
    this.#core = core;
    this.#log = log;
    this.#state = context.workspaceState;
    this.#keys = new GatewayKey({
      secrets: context.secrets,
      state: context.globalState,
      workspace: workspaceId(vscode.workspace, context.workspaceState),
      log,
    });
    this.#setups = new GatewaySetups({
      secrets: context.secrets,
      settings: gatewaySettings,
      report: problem => {
        log.warn(problem);
        void showUnusable(problem);
      },
      onLateKey: () => void this.process.push(),
    });
    this.process = new GatewayProcess(this.#options(context));
    this.#subscriptions = vscode.Disposable.from(
      this.process,
      this.#changes,
      this.process.onDidChange(() => this.#addressChanged()),
      core.onDidChangePayer(() => this.#configure()),
      core.onDidChangeBudgets(() => void this.process.push()),
      onDidChangeSettings(() => this.#configure()),
      context.secrets.onDidChange(({ key }) => this.#secretChanged(key)),
    );
    void this.#startIfWanted();
    void this.#expect();
  }

  /** The gateway's address; until its first start that of the last session. */
  get address(): GatewayAddress | undefined {
    return this.process.address ?? this.#expected.address;
  }

  /** Starts it for a program: later windows of this workspace listen at the same address from the start. */
  async forPrograms(): Promise<GatewayAddress> {
    const address = await this.process.start();
    void this.#state.update(gatewayGiven, true);
    return address;
  }

  /** Like `forPrograms`, but a failure is logged, once while it lasts. */
  async tryStart(): Promise<GatewayAddress | undefined> {
    try {
      const address = await this.forPrograms();
      this.#failure = undefined;
      return address;
    } catch (error) {
      const message = messageOf(error);
      if (message !== this.#failure) this.#log.error(`The gateway can't be started: ${message}`);
      this.#failure = message;
      return undefined;
    } finally {
      this.#expected.end();
      this.#changes.fire();
    }
  }

  async restart(): Promise<void> {
    const { url } = await this.process.restart();
    vscode.window.setStatusBarMessage(l10n.t('The gateway listens at {0}', url), 5_000);
  }

  /** Restarts with a new key. Only a second window of this workspace follows. */
  async renewKey(): Promise<void> {
    this.#renewing = true;
    try {
      await this.#keys.renew();
      await this.restart();
    } finally {
      this.#renewing = false;
    }
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    this.#core.held.report([]);
    this.#subscriptions.dispose();
  }

  #options(context: vscode.ExtensionContext): GatewayProcessOptions {
    const { version } = context.extension.packageJSON as { version: string };
    return {
      file: vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.cjs').fsPath,
      state: context.globalStorageUri.fsPath,
      userAgent: `headroom/${version} vscode/${vscode.version}`,
      environment: process.env,
      key: () => this.#keys.get(),
      ports: {
        get: () => this.#ports,
        set: ({ port, hubPort }) => {
          void this.#state.update(gatewayPort, port);
          void this.#state.update(gatewayHubPort, hubPort);
        },
      },
      setup: async () => this.#setups.setup(await this.#core.get()),
      log: this.#log,
      onEvent: event => {
        if (event.kind === 'held') this.#core.held.report(event.held);
        else if (event.kind === 'stand-in') void this.#keepStandIn(event.standIn);
      },
      onGivenUp: why => void showGivenUp(why, () => this.#logFailedRestart(this.restart())),
      onSuspended: why => void showSuspended(why),
    };
  }

  /** Remembered ones. */
  get #ports(): GatewayPorts {
    return {
      port: this.#state.get<number>(gatewayPort, 0),
      hubPort: this.#state.get<number>(gatewayHubPort, 0),
    };
  }

  #configure(): void {
    void this.process.push();
    void this.#startIfWanted();
  }

  /** After a crash, and while suspended, the process starts itself. */
  async #startIfWanted(): Promise<void> {
    clearTimeout(this.#retry);
    const { address, crashed, suspended } = this.process;
    const canStart = this.#core.snapshot && !address && !crashed && !suspended;
    const isWanted = anyFamily(chosenFamilies()) || this.#state.get(gatewayGiven, false);
    if (!canStart || !isWanted || (await this.tryStart()) || this.#disposed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#startIfWanted(), failedStartRetryMs);
  }

  /** Gives terminals that VS Code restores the variables before the gateway has started. */
  async #expect(): Promise<void> {
    if (!anyFamily(chosenFamilies())) return;
    const { port, hubPort } = this.#ports;
    await this.#expected.look(port, hubPort, () => this.#keys.known());
    this.#changes.fire();
  }

  #addressChanged(): void {
    this.#expected.end();
    const { address } = this.process;
    if (address) {
      void this.#state.update(gatewayPortNow, Number(new URL(address.url).port));
      void this.#state.update(gatewayHubPortNow, Number(new URL(address.hub).port));
      this.#logFailedRestart(this.#followKey());
    } else this.#core.held.report([]);
    this.#changes.fire();
    void this.#startIfWanted();
  }

  #secretChanged(name: string): void {
    this.#setups.forgetKeys();
    this.#configure();
    if (name === this.#keys.secret) this.#logFailedRestart(this.#followKey());
  }

  /** Restarts when a second window of this workspace has renewed the key, or made one at the same time. */
  async #followKey(): Promise<void> {
    const key = await this.#keys.known();
    const { address } = this.process;
    if (!this.#renewing && key !== undefined && address && address.key !== key) await this.process.restart();
  }

  #logFailedRestart(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#log.error(`The gateway can't be restarted: ${String(error)}`));
  }

  /** The gateway has recorded the switch itself. */
  async #keepStandIn(standIn: StandIn | undefined): Promise<void> {
    try {
      const { payerWatch } = await this.#core.get();
      payerWatch.standIn(standIn);
    } catch (error) {
      this.#log.warn(`The stand-in could not be kept: ${String(error)}`);
    }
  }
}
