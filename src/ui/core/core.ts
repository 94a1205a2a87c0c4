import type * as vscode from 'vscode';
import type { AccountService } from '../../account/accountService.ts';
import type { Log } from '../../account/log.ts';
import type { Sessions } from '../../account/sessions.ts';
import { type Snapshot, signedOut } from '../../account/snapshot.ts';
import type { KeyCheck } from '../../billing/keyCheck.ts';
import type { Keyring } from '../../billing/keyring.ts';
import type { Payer } from '../../billing/profile.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ModelLookup } from '../../view/billing/snippetModel.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import { HeldWatch } from '../gateway/heldWatch.ts';
import type { GatewayUseWatch } from './gatewayUseWatch.ts';
import type { LearnedWatch } from './learnedWatch.ts';
import type { Payers } from './payers.ts';
import { viewInputNow } from './viewInput.ts';

/** The rooms below the faces, once they are loaded. */
export interface Core {
  readonly service: AccountService;
  readonly sessions: Sessions;
  readonly ledger: Ledger;
  readonly payers: Payers;
  readonly gatewayUse: GatewayUseWatch;
  readonly learned: LearnedWatch;
  readonly keyring: Keyring;
  readonly models: ModelLookup;
  /**
   * Asks the provider whether it knows the key.
   * @throws InvalidProviderKey, InvalidProviderUrl
   */
  checkKey(provider: string, key: string, signal: AbortSignal): Promise<KeyCheck>;
  dispose(): void;
}

/**
 * The core before, while and after it loads: faces are drawn at once, from nothing, and learn of each new snapshot.
 * What is heavy (HTTP, SQLite, schemas, the faces' models) is imported after `activate()` has returned.
 */
export class CoreHandle implements vscode.Disposable {
  readonly #load: () => Promise<Core>;
  readonly #log: Log;
  readonly #listeners = new Set<(shown: ViewInput) => void>();
  #core: Promise<Core> | undefined;
  #disposed = false;
  /** Who waits in the gateway: shown with the rest, and told apart from it, since it changes some times a second. */
  readonly held = new HeldWatch(Date.now);
  /** Undefined until the ledger has been read: neither signed in nor out. */
  shown: ViewInput | undefined;
  /** Undefined until `shown` is there. */
  viewModels: typeof import('../../view/viewModels.ts') | undefined;

  constructor(load: () => Promise<Core>, log: Log) {
    this.#load = load;
    this.#log = log;
  }

  onDidChange(listener: (shown: ViewInput) => void): vscode.Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** The loaded core; starts it when called first. Rejects when it can't be loaded. */
  get(): Promise<Core> {
    this.#core ??= this.#start();
    return this.#core;
  }

  /** Lets go of the core and starts another, for when what it was built from has changed. */
  restart(): void {
    const before = this.#core;
    if (!before || this.#disposed) return; // what is not started yet reads it when it starts
    this.#core = stopped(before).then(() => this.#start());
    this.#core.catch(() => undefined); // told by start(), and to whoever calls get()
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.held.dispose();
    if (this.#core) void stopped(this.#core);
  }

  get snapshot(): Snapshot | undefined {
    return this.shown?.snapshot;
  }

  /** `shown` as of this moment, with the held requests. */
  viewInput(): ViewInput | undefined {
    return this.shown && viewInputNow({ ...this.shown, held: this.held.current });
  }

  async #start(): Promise<Core> {
    const { viewModels, whyNotStarted } = await later();
    this.viewModels = viewModels;
    try {
      const core = await this.#load();
      if (this.#disposed) {
        core.dispose();
        return core;
      }
      const publish = () => {
        const { service, payers, gatewayUse, learned } = core;
        const snapshot = learned.addTo(service.snapshot);
        const { providers: providerWindows } = learned.windows;
        const { use } = gatewayUse;
        this.#publish({ snapshot, payer: payers.payer, gatewayUse: use, providerWindows });
      };
      core.service.onDidChange(publish);
      core.payers.onDidChange(publish);
      core.gatewayUse.onDidChange(publish);
      core.learned.onDidChange(publish);
      await core.service.start();
      publish();
      return core;
    } catch (error) {
      this.#log.error(`Headroom could not start: ${error instanceof Error ? error.message : String(error)}`);
      // nobody else pays because the ledger can't be read now
      const payer: Payer = this.shown?.payer ?? { chosen: { kind: 'personal' } };
      this.#publish({ snapshot: { ...signedOut, ...whyNotStarted(error) }, payer });
      throw error;
    }
  }

  #publish(known: Parameters<typeof viewInputNow>[0]): void {
    const shown = viewInputNow({ ...known, held: this.held.current });
    this.shown = shown;
    for (const listener of this.#listeners) listener(shown);
  }
}

/** The modules that `activate()` does without. */
export async function later(): Promise<typeof import('../later.ts').later> {
  return (await import('../later.ts')).later;
}

/** Resolves when the core has been disposed of; one that never started needs nothing. */
function stopped(core: Promise<Core>): Promise<void> {
  return core.then(
    started => started.dispose(),
    () => undefined,
  );
}
