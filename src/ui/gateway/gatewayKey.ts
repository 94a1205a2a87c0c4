import type { Log } from '../../account/log.ts';
import type { SecretStore } from '../../billing/keyring.ts';
import { newGatewayKey } from '../../gateway/gatewayKey.ts';

export const gatewayKeySecret = 'headroom.gatewayKey';
const form = /^hf_headroom_[\w-]{32}$/;

/** The gateway's key of this installation. One that can't be kept holds for this window only, until its end. */
export class GatewayKey {
  readonly #secrets: Pick<SecretStore, 'get' | 'store'>;
  readonly #log: Log;
  #ofThisWindow: string | undefined;

  constructor(secrets: Pick<SecretStore, 'get' | 'store'>, log: Log) {
    this.#secrets = secrets;
    this.#log = log;
  }

  /** The one that is kept already; undefined when there is none, or none can be read. */
  async known(): Promise<string | undefined> {
    if (this.#ofThisWindow !== undefined) return this.#ofThisWindow;
    try {
      return await this.#read();
    } catch {
      return undefined;
    }
  }

  async get(): Promise<string> {
    if (this.#ofThisWindow !== undefined) return this.#ofThisWindow;
    try {
      return (await this.#read()) ?? (await this.#make());
    } catch (error) {
      return this.#withoutStorage(error);
    }
  }

  /** Whoever has the one of before gets in no more, once the gateway has been started again. */
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

  /** Another window may be making one, too: what is kept in the end counts for both. */
  async #make(): Promise<string> {
    const made = newGatewayKey();
    await this.#secrets.store(gatewayKeySecret, made);
    return (await this.#read()) ?? made;
  }

  #withoutStorage(error: unknown): string {
    this.#log.warn(`The editor's secret storage can't keep the gateway's key: ${String(error)}`);
    this.#ofThisWindow ??= newGatewayKey();
    return this.#ofThisWindow;
  }
}
