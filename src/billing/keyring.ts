import { isProviderKey, parseProviderKey } from './providerKey.ts';
import { findProvider, providers } from './providers.ts';

/** Where the keys of providers are found. */
export interface KeySource {
  /** Providers that have a key, sorted. */
  list(): Promise<string[]>;
  get(provider: string): Promise<string | undefined>;
}

export interface Keyring extends KeySource {
  /** Rejects with InvalidProviderKey for what can't be a key, such as a token of Hugging Face. */
  set(provider: string, key: string): Promise<void>;
  delete(provider: string): Promise<void>;
}

/** VS Code's SecretStorage, as far as it is needed. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  keys(): PromiseLike<string[]>;
}

const prefix = 'headroom.providerKey.';

/** The keys that the user entered: in the secret store and nowhere else. */
export function secretKeyring(secrets: SecretStore): Keyring {
  return {
    async list() {
      const names = (await secrets.keys()).filter(name => name.startsWith(prefix));
      return names.map(name => name.slice(prefix.length)).sort();
    },
    async get(provider) {
      return await secrets.get(prefix + provider);
    },
    async set(provider, key) {
      await secrets.store(prefix + provider, parseProviderKey(key));
    },
    async delete(provider) {
      await secrets.delete(prefix + provider);
    },
  };
}

const ours = 'HEADROOM_KEY_';

/** The keys in environment variables: `HEADROOM_KEY_<PROVIDER>`, else those of the providers' own SDKs. */
export function environmentKeyring(env: Readonly<Record<string, string | undefined>>): KeySource {
  const find = (provider: string) =>
    findProvider(provider)?.takesKeys === false
      ? undefined
      : keyVariables(provider)
          .map(variable => env[variable]?.trim())
          .find(isProviderKey);
  return {
    async list() {
      const known = new Set(providers.map(({ id }) => ourVariable(id)));
      const others = Object.keys(env)
        .filter(variable => variable.startsWith(ours) && !known.has(variable))
        .map(variable => variable.slice(ours.length).toLowerCase().replaceAll('_', '-'));
      const ids = [...providers.map(({ id }) => id), ...others];
      return ids.filter(id => find(id) !== undefined).sort();
    },
    async get(provider) {
      return find(provider);
    },
  };
}

/** Environment variables that may hold a provider's key; the first that holds one counts. */
export function keyVariables(provider: string): string[] {
  return [ourVariable(provider), ...(findProvider(provider)?.keyVariables ?? [])];
}

function ourVariable(provider: string): string {
  return ours + provider.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** Every key of a source, by provider. */
export async function allKeys(source: KeySource): Promise<Record<string, string>> {
  const ids = await source.list();
  const found = await Promise.all(ids.map(async id => [id, await source.get(id)] as const));
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
