import type { KeySource } from '../../billing/keyring.ts';
import type { BillingProfile } from '../../billing/profile.ts';
import { within } from '../core/newest.ts';

const timeLimitMs = 3_000;

export interface PayingKeys {
  readonly keys: Readonly<Record<string, string>>;
  /** Providers whose key can't be read at present. */
  readonly unreadable: readonly string[];
}

/** The keys of those who may pay. Each is asked for once, and again after `forget`: a keyring is another process. */
export class PayingKeyReader {
  readonly #keyring: Pick<KeySource, 'get'>;
  readonly #onLate: () => void;
  readonly #timeoutMs: number;
  #asked = new Map<string, Promise<string | undefined>>();
  /** Not waited for again: whoever pays now must not wait for a key that may never be needed. */
  readonly #late = new Set<string>();

  /** @param onLate a key that had not been readable is now: a keyring has been unlocked */
  constructor(keyring: Pick<KeySource, 'get'>, onLate: () => void, timeoutMs = timeLimitMs) {
    this.#keyring = keyring;
    this.#onLate = onLate;
    this.#timeoutMs = timeoutMs;
  }

  forget(): void {
    this.#asked = new Map();
  }

  async read(profiles: readonly BillingProfile[]): Promise<PayingKeys> {
    const needed = profiles.flatMap(profile => (profile.kind === 'provider-key' ? [profile.provider] : []));
    const keys: Record<string, string> = {};
    const unreadable: string[] = [];
    const read = async (provider: string) => {
      const key = this.#key(provider);
      try {
        const found = await within(this.#late.has(provider) ? 0 : this.#timeoutMs, key);
        if (found !== undefined) keys[provider] = found;
      } catch {
        unreadable.push(provider);
        if (this.#late.has(provider)) return;
        this.#late.add(provider);
        const settled = () => void this.#late.delete(provider);
        key.then(() => {
          settled();
          this.#onLate();
        }, settled);
      }
    };
    await Promise.all([...new Set(needed)].map(read));
    return { keys, unreadable };
  }

  #key(provider: string): Promise<string | undefined> {
    const known = this.#asked.get(provider);
    if (known !== undefined) return known;
    const asked = this.#asked;
    const key = this.#keyring.get(provider);
    asked.set(provider, key);
    key.catch(() => asked.delete(provider));
    return key;
  }
}
