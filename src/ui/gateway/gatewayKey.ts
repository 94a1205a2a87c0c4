import type { Log } from '../../account/log.ts';
import type { SecretStore } from '../../billing/keyring.ts';
import { newGatewayKey } from '../../gateway/gatewayKey.ts';

export const gatewayKeySecret = 'headroom.gatewayKey';
const form = /^hf_headroom_[\w-]{32}$/;

/** The gateway's key, kept in secret storage for all windows. Where that fails, a key of this window only. */
export class GatewayKey {
  readonly #secrets: Pick<SecretStore, 'get' | 'store'>;
  readonly #log: Log;
  #ofThisWindow: string | undefined;

  constructor(secrets: Pick<SecretStore, 'get' | 'store'>, log: Log) {
    this.#secrets = secrets;
    this.#log = log;
  }

  /** The existing key; undefined when there is none, or it can't be read. */
  async known(): Promise<string | undefined> {
    return this.#ofThisWindow ?? (await this.#read().catch(() => undefined));
  }

  async get(): Promise<string> {
    if (this.#ofThisWindow !== undefined) return this.#ofThisWindow;
    try {
      return (await this.#read()) ?? (await this.#make());
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
    const known = await this.#secrets.get(gatewayKeySecret);
    return known && form.test(known) ? known : undefined;
  }

  /** Another window may make one at the same time: the key that storage ends up with counts for both. */
  async #make(): Promise<string> {
    const made = newGatewayKey();
    await this.#secrets.store(gatewayKeySecret, made);
    return (await this.#read()) ?? made;
  }

  #withoutStorage(error: unknown): string {
    this.#log.warn(`VS Code's secret storage can't keep the gateway's key: ${String(error)}`);
    this.#ofThisWindow ??= newGatewayKey();
    return this.#ofThisWindow;
  }
}
