import type { Log } from '../../account/log.ts';
import type { SecretStore } from '../../billing/keyring.ts';
import { isMarkedKey, newGatewayKey } from '../../gateway/gatewayKey.ts';
import { maxGatewayKeys } from '../../limits/bounds.ts';

/** The one key of all windows in earlier versions: any window's gateway took it. */
const sharedSecret = 'headroom.gatewayKey';
const prefix = `${sharedSecret}.`;
/** Windows without a folder share the user's default payer, and this name. */
const noFolder = 'no-folder';
/** Key in the extension's global state: workspaces in order of their last use. */
const orderKey = 'gateway.keys';

/** The used part of `vscode.Memento`. */
interface State {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface GatewayKeyOptions {
  readonly secrets: SecretStore;
  /** Shared by all windows, as the secrets are. */
  readonly state: State;
  /** Id of the workspace; undefined: no folder is open. */
  readonly workspace: string | undefined;
  readonly log: Log;
}

/**
 * The key of this workspace's gateway, kept in secret storage. A second window of the same workspace has the same key,
 * as it has the same payer. Where storage fails, a key of this window only.
 */
export class GatewayKey {
  /** Name of the secret. */
  readonly secret: string;
  readonly #options: GatewayKeyOptions;
  readonly #id: string;
  #ofThisWindow: string | undefined;
  #isTidy = false;

  constructor(options: GatewayKeyOptions) {
    this.#options = options;
    this.#id = options.workspace ?? noFolder;
    this.secret = prefix + this.#id;
  }

  /** The existing key; undefined when there is none, or it can't be read. */
  async known(): Promise<string | undefined> {
    return this.#ofThisWindow ?? (await this.#read().catch(() => undefined));
  }

  async get(): Promise<string> {
    if (this.#ofThisWindow !== undefined) return this.#ofThisWindow;
    try {
      const key = (await this.#read()) ?? (await this.#make());
      this.#tidy().catch((error: unknown) =>
        this.#options.log.warn(`Old keys of gateways are still in the secret storage: ${String(error)}`),
      );
      return key;
    } catch (error) {
      return this.#withoutStorage(error);
    }
  }

  /** Replaces the key. The old one is refused once the gateway has restarted. */
  async renew(): Promise<void> {
    this.#ofThisWindow = undefined;
    try {
      await this.#make();
    } catch (error) {
      this.#withoutStorage(error);
    }
  }

  async #read(): Promise<string | undefined> {
    const known = await this.#options.secrets.get(this.secret);
    return known && isMarkedKey(known) ? known : undefined;
  }

  /** Another window may make one at the same time: the key that storage ends up with counts for both. */
  async #make(): Promise<string> {
    const made = newGatewayKey();
    await this.#options.secrets.store(this.secret, made);
    return (await this.#read()) ?? made;
  }

  /** Deletes the shared key of earlier versions, and the keys that were not used for longest. Once in a session. */
  async #tidy(): Promise<void> {
    if (this.#isTidy) return;
    this.#isTidy = true;
    const { secrets, state } = this.#options;
    const names = await secrets.keys();
    const stored = names.filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length));
    const order = [this.#id, ...idsIn(state.get(orderKey)), ...stored];
    const kept = [...new Set(order)].filter(id => stored.includes(id)).slice(0, maxGatewayKeys);
    await state.update(orderKey, kept);
    const left = stored.filter(id => !kept.includes(id)).map(id => prefix + id);
    if (names.includes(sharedSecret)) left.push(sharedSecret);
    for (const name of left) await secrets.delete(name);
  }

  #withoutStorage(error: unknown): string {
    this.#options.log.warn(`VS Code's secret storage can't keep the gateway's key: ${String(error)}`);
    this.#ofThisWindow ??= newGatewayKey();
    return this.#ofThisWindow;
  }
}

function idsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(id => typeof id === 'string') : [];
}
