import { parseObject } from '../limits/parseObject.ts';
import {
  type BillingProfile,
  formatProfile,
  type Payer,
  parseProfile,
  personalProfile,
  type StandIn,
} from './profile.ts';

/** The ledger's preferences, shared by all windows and the CLI. */
export interface Preferences {
  getPreference(key: string): string | undefined;
  setPreference(key: string, value: string | undefined): void;
}

/** The account that a payer is chosen for, as fingerprints. */
export interface ChoosingAccount {
  readonly token: string;
  /** Undefined: Hugging Face has not told yet whose token it is. */
  readonly account?: string;
}

export interface PayerStoreOptions {
  /** Id of the workspace; undefined: the user's default. */
  readonly workspace?: string;
  /** Undefined: nobody is signed in. */
  readonly account?: () => ChoosingAccount | undefined;
}

const profileKey = 'billing.profile';
const standInKey = 'billing.standIn';
/** The account whose keys have no suffix: the first one, which has the choices of versions without accounts, too. */
const firstKey = 'billing.firstAccount';
/** The account that the editor is, or was last, signed in with. */
const editorKey = 'billing.editorAccount';

/**
 * The payer that an account has chosen in a workspace, or as its default. Another account on the same ledger pays
 * itself until it chooses, also where the choice is a provider key. Without an account the choice of the editor's last
 * one counts. Reads the ledger each time.
 */
export class PayerStore {
  readonly #preferences: Preferences;
  readonly #scope: string;
  readonly #account: () => ChoosingAccount | undefined;

  constructor(preferences: Preferences, { workspace, account }: PayerStoreOptions = {}) {
    this.#preferences = preferences;
    this.#scope = workspace === undefined ? '' : `/${workspace}`;
    this.#account = account ?? (() => undefined);
  }

  get payer(): Payer {
    const suffix = this.#suffix();
    const chosen = this.#read(suffix + this.#scope) ?? this.#read(suffix) ?? personalProfile;
    const standIn = this.#readStandIn(suffix, chosen);
    return standIn ? { chosen, standIn } : { chosen };
  }

  /**
   * Also ends the failover.
   * @param profile undefined: no choice; the account's default pays, and without one the account
   */
  choose(profile: BillingProfile | undefined): void {
    const key = profileKey + this.#suffix() + this.#scope;
    this.#preferences.setPreference(key, profile && formatProfile(profile));
    this.standIn(undefined);
  }

  /** @param standIn undefined: the chosen profile pays again */
  standIn(standIn: StandIn | undefined): void {
    const stored = standIn && {
      ...standIn,
      for: formatProfile(this.payer.chosen),
      profile: formatProfile(standIn.profile),
    };
    const key = standInKey + this.#suffix() + this.#scope;
    this.#preferences.setPreference(key, stored && JSON.stringify(stored));
  }

  /** The payer may be another one once Hugging Face has told whose token it is. */
  get needsAccount(): boolean {
    const account = this.#account();
    if (account === undefined || account.account !== undefined) return false;
    const { chosen } = this.payer;
    return chosen.kind !== 'personal' || this.#preferences.getPreference(firstKey) !== account.token;
  }

  /** End of the keys of this account; empty for the first one. */
  #suffix(): string {
    const account = this.#account();
    const first = this.#preferences.getPreference(firstKey);
    if (account === undefined) return suffixOf(editorAccount(this.#preferences) ?? first, first);
    const id = idOf(account);
    if (first === undefined || (first === account.token && first !== id)) {
      this.#preferences.setPreference(firstKey, id);
      return '';
    }
    if (id !== account.token) this.#move(`@${account.token}`, suffixOf(id, first));
    return suffixOf(id, first);
  }

  /** What was chosen before the account of the token was known belongs to the account. */
  #move(from: string, to: string): void {
    for (const key of [profileKey, standInKey]) {
      for (const scope of new Set([this.#scope, ''])) {
        const value = this.#preferences.getPreference(key + from + scope);
        if (value === undefined) continue;
        this.#preferences.setPreference(key + to + scope, value);
        this.#preferences.setPreference(key + from + scope, undefined);
      }
    }
  }

  #read(end: string): BillingProfile | undefined {
    const text = this.#preferences.getPreference(profileKey + end);
    return text === undefined ? undefined : parseProfile(text);
  }

  /** A stand-in for another profile is ignored: the default may have changed since it was stored. */
  #readStandIn(suffix: string, chosen: BillingProfile): StandIn | undefined {
    const stored = parseObject(this.#preferences.getPreference(standInKey + suffix + this.#scope));
    if (stored.for !== formatProfile(chosen)) return undefined;
    const { profile: text, reason, since } = stored;
    const profile = typeof text === 'string' ? parseProfile(text) : undefined;
    if (!profile || typeof since !== 'number') return undefined;
    return reason === 'credits' || reason === 'spending-limit' ? { profile, reason, since } : undefined;
  }
}

/** Undefined: no editor has used this ledger with an account. */
export function editorAccount(preferences: Preferences): string | undefined {
  return preferences.getPreference(editorKey);
}

/** Commands in the editor's terminals choose for this account: they may know another token, or none. */
export function setEditorAccount(preferences: Preferences, account: ChoosingAccount): void {
  if (editorAccount(preferences) !== idOf(account)) preferences.setPreference(editorKey, idOf(account));
}

function idOf({ token, account }: ChoosingAccount): string {
  return account ?? token;
}

function suffixOf(id: string | undefined, first: string | undefined): string {
  return id === undefined || id === first ? '' : `@${id}`;
}
