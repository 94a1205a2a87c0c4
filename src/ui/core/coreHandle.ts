import * as vscode from 'vscode';
import { type Snapshot, signedOut } from '../../account/snapshot.ts';
import type { Payer } from '../../billing/profile.ts';
import { messageOf } from '../../limits/messageOf.ts';
import type { BudgetState } from '../../view/account/budgetState.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import { HeldWatch } from '../gateway/heldWatch.ts';
import { viewSettings } from './settings.ts';
import type { Core } from './startCore.ts';

/** Modules of the bundle that loads after activation: with HTTP, SQLite and schemas. */
export type CoreModules = Pick<typeof import('./startCore.ts'), 'startCore' | 'whyNotStarted'> & ViewModels;

type ViewModels = Pick<typeof import('../../view/status/statusBarModel.ts'), 'statusBarView'> &
  Pick<typeof import('../../view/tree/treeModel.ts'), 'limitsView'>;

/** The services' part of the views' input. */
type Known = Pick<
  ViewInput,
  'snapshot' | 'payer' | 'gatewayUse' | 'today' | 'budgets' | 'learnedHubWindows' | 'providerWindows'
>;

/** Loads the core after `activate()`, and publishes what the views show before and after that. */
export class CoreHandle implements vscode.Disposable {
  readonly #modules: () => Promise<CoreModules>;
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #changes = new vscode.EventEmitter<ViewInput>();
  readonly #payerChanges = new vscode.EventEmitter<void>();
  readonly #budgetChanges = new vscode.EventEmitter<void>();
  /** Undefined until the ledger has been read: neither signed in nor signed out. */
  #known: Known | undefined;
  #core: Promise<Core> | undefined;
  #disposed = false;
  /** Fires for everything that the views show, each poll's numbers included. */
  readonly onDidChange = this.#changes.event;
  /** Fires when payer or token changes, and after each start of the core, also a failed one. */
  readonly onDidChangePayer = this.#payerChanges.event;
  /** Fires when a budget or a decision about one changes, here or in another process. */
  readonly onDidChangeBudgets = this.#budgetChanges.event;
  /** Held requests of this window's gateway. `onDidChange` leaves them out: they change several times a second. */
  readonly held = new HeldWatch(Date.now);
  /** Undefined until the core starts. */
  viewModels: ViewModels | undefined;

  constructor(
    modules: () => Promise<CoreModules>,
    context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
  ) {
    this.#modules = modules;
    this.#context = context;
    this.#log = log;
  }

  /** The input of view models at this moment; undefined until the ledger has been read. */
  viewInput(): ViewInput | undefined {
    return this.#known && this.#input(this.#known);
  }

  get snapshot(): Snapshot | undefined {
    return this.#known?.snapshot;
  }

  /** The loaded core; the first call starts it. Rejects when it can't start. */
  get(): Promise<Core> {
    this.#core ??= this.#start();
    return this.#core;
  }

  /** Calls `look` with what the views show, now and after each change, while there is a core. Logs failures. */
  follow(look: (input: ViewInput, core: Core) => Promise<void>): vscode.Disposable {
    const attempt = async (input: ViewInput) => {
      const core = await this.get().catch(() => undefined); // `#start` has logged it
      try {
        if (core) await look(input, core);
      } catch (error) {
        this.#log.warn(`A notice failed: ${String(error)}`);
      }
    };
    const input = this.viewInput();
    if (input) void attempt(input);
    return this.onDidChange(attempt);
  }

  /** Replaces the core after a change of the settings that it reads at its start. */
  restart(): void {
    const before = this.#core;
    if (!before || this.#disposed) return;
    this.#core = stopped(before).then(() => this.#start());
    this.#core.catch(() => undefined); // `#start` has logged it, and `get` rejects
  }

  dispose(): void {
    this.#disposed = true;
    this.#changes.dispose();
    this.#payerChanges.dispose();
    this.#budgetChanges.dispose();
    this.held.dispose();
    if (this.#core) void stopped(this.#core);
  }

  async #start(): Promise<Core> {
    const modules = await this.#modules();
    const { startCore, whyNotStarted } = modules;
    this.viewModels = modules;
    try {
      const core = startCore(this.#context, this.#log);
      if (this.#disposed) {
        core.dispose();
        return core;
      }
      const { service, payerWatch, gatewayUse, folderUse, budgets, today, learned } = core;
      const publish = () =>
        this.#publish({
          snapshot: service.snapshot,
          payer: payerWatch.payer,
          gatewayUse: gatewayUse.value,
          budgets: core.budgetStates(),
          today: today.value,
          // never another account's
          learnedHubWindows: learned.isCurrent ? learned.value.hub : [],
          providerWindows: learned.value.providers,
        });
      const sources = [service, payerWatch, gatewayUse, folderUse, budgets, today, learned];
      for (const source of sources) source.onDidChange(publish);
      payerWatch.onDidChange(() => this.#payerChanges.fire());
      budgets.onDidChange(() => this.#budgetChanges.fire());
      await service.start();
      publish();
      return core;
    } catch (error) {
      this.#log.error(`Headroom could not start: ${messageOf(error)}`);
      // an unreadable ledger changes nothing about the payer
      const payer: Payer = this.#known?.payer ?? { chosen: { kind: 'personal' } };
      this.#publish({
        snapshot: { ...signedOut, ...whyNotStarted(error) },
        payer,
        learnedHubWindows: [],
        providerWindows: [],
      });
      throw error;
    } finally {
      this.#payerChanges.fire();
    }
  }

  #publish(known: Known): void {
    this.#known = known;
    this.#changes.fire(this.#input(known));
  }

  #input(known: Known): ViewInput {
    const now = Date.now();
    return {
      ...known,
      held: this.held.current,
      settings: { ...viewSettings(), ...(known.budgets && { budgetNanoUsd: ownBudget(known.budgets) }) },
      now,
      serverNow: now + (known.snapshot.clockSkewMs ?? 0),
      locale: vscode.env.language,
    };
  }
}

/** The budget that the user's own credits are measured against. */
function ownBudget(budgets: readonly BudgetState[]): number | undefined {
  return budgets.find(({ payer, workspace }) => payer === 'personal' && workspace === undefined)
    ?.warnAtNanoUsd;
}

/** Resolves when the core is disposed of; a core that failed to start needs nothing. */
function stopped(core: Promise<Core>): Promise<void> {
  return core.then(
    started => started.dispose(),
    () => undefined,
  );
}
