import { once } from 'node:events';
import type { KeySource } from '../../billing/keyring.ts';

const readTimeoutMs = 3_000;

/** Provider keys of profiles that may pay. Each is read once: a keyring is another process. */
export class PayingKeyReader {
  readonly #keyring: Pick<KeySource, 'get'>;
  readonly #onLate: () => void;
  readonly #timeoutMs: number;
  #reads = new Map<string, Promise<string | undefined>>();
  /** Providers whose read timed out once. Later reads don't wait: the key may never be needed. */
  readonly #late = new Set<string>();

  /** @param onLate a key has arrived after its timeout: a person has unlocked the keyring */
  constructor(keyring: Pick<KeySource, 'get'>, onLate: () => void, timeoutMs = readTimeoutMs) {
    this.#keyring = keyring;
    this.#onLate = onLate;
    this.#timeoutMs = timeoutMs;
  }

  forget(): void {
    this.#reads = new Map();
  }

  /** Undefined: no key is stored. Rejects when it can't be read at present. */
  async read(provider: string): Promise<string | undefined> {
    const key = this.#key(provider);
    const timeoutMs = this.#late.has(provider) ? 0 : this.#timeoutMs;
    const late = once(AbortSignal.timeout(timeoutMs), 'abort').then(() => {
      throw new Error('Secret storage has not answered in time.');
    });
    try {
      return await Promise.race([key, late]);
    } catch (error) {
      if (!this.#late.has(provider)) this.#waitFor(key, provider);
      throw error;
    }
  }

  #waitFor(key: Promise<string | undefined>, provider: string): void {
    this.#late.add(provider);
    const settled = () => void this.#late.delete(provider);
    key.then(() => {
      settled();
      this.#onLate();
    }, settled);
  }

  #key(provider: string): Promise<string | undefined> {
    const known = this.#reads.get(provider);
    if (known !== undefined) return known;
    const reads = this.#reads;
    const key = this.#keyring.get(provider);
    reads.set(provider, key);
    key.catch(() => reads.delete(provider));
    return key;
  }
}
