import type { KeySource } from '../../billing/keyring.ts';
import type { BillingProfile } from '../../billing/profile.ts';
import { within } from '../core/latestOnly.ts';

const readTimeoutMs = 3_000;

export interface PayingKeys {
  readonly keys: Readonly<Record<string, string>>;
  /** Providers whose key can't be read at present. */
  readonly unreadable: readonly string[];
}

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
    const known = this.#reads.get(provider);
    if (known !== undefined) return known;
    const reads = this.#reads;
    const key = this.#keyring.get(provider);
    reads.set(provider, key);
    key.catch(() => reads.delete(provider));
    return key;
  }
}
