import { isProviderKey, parseProviderKey } from './providerKey.ts';
import { findProvider, providers } from './providers.ts';

export interface KeySource {
  /** Ids of providers that have a key, sorted. */
  list(): Promise<string[]>;
  get(provider: string): Promise<string | undefined>;
}

/** The used part of VS Code's SecretStorage. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  keys(): PromiseLike<string[]>;
}

const prefix = 'headroom.providerKey.';

/** Keys that the user entered. */
export function secretKeyring(secrets: SecretStore) {
  return {
    async list(): Promise<string[]> {
      const names = (await secrets.keys()).filter(name => name.startsWith(prefix));
      return names.map(name => name.slice(prefix.length)).sort();
    },
    async get(provider: string): Promise<string | undefined> {
      return await secrets.get(prefix + provider);
    },
    /** Rejects with InvalidProviderKey. */
    async set(provider: string, key: string): Promise<void> {
      await secrets.store(prefix + provider, parseProviderKey(key));
    },
    async delete(provider: string): Promise<void> {
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

/** Environment variables for a provider's key, in order of precedence. */
export function keyVariables(provider: string): string[] {
  return [ourVariable(provider), ...(findProvider(provider)?.keyVariables ?? [])];
}

function ourVariable(provider: string): string {
  return ours + provider.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** By provider. */
export async function allKeys(source: KeySource): Promise<Record<string, string>> {
  const ids = await source.list();
  const found = await Promise.all(ids.map(async id => [id, await source.get(id)] as const));
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
