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

const profileKey = 'billing.profile';
const standInKey = 'billing.standIn';

/** The payer of a workspace, or the user's default. Reads the ledger each time. */
export class PayerStore {
  readonly #preferences: Preferences;
  readonly #scope: string;

  /** @param workspace id of the workspace; undefined: the user's default */
  constructor(preferences: Preferences, workspace?: string) {
    this.#preferences = preferences;
    this.#scope = workspace === undefined ? '' : `/${workspace}`;
  }

  get payer(): Payer {
    const chosen = this.#read(profileKey + this.#scope) ?? this.#read(profileKey) ?? personalProfile;
    const standIn = this.#readStandIn(chosen);
    return standIn ? { chosen, standIn } : { chosen };
  }

  /**
   * Also ends the failover.
   * @param profile undefined: no choice; the user's default pays, and without one the account
   */
  choose(profile: BillingProfile | undefined): void {
    this.#preferences.setPreference(profileKey + this.#scope, profile && formatProfile(profile));
    this.standIn(undefined);
  }

  /** @param standIn undefined: the chosen profile pays again */
  standIn(standIn: StandIn | undefined): void {
    const stored = standIn && {
      ...standIn,
      for: formatProfile(this.payer.chosen),
      profile: formatProfile(standIn.profile),
    };
    this.#preferences.setPreference(standInKey + this.#scope, stored && JSON.stringify(stored));
  }

  #read(key: string): BillingProfile | undefined {
    const text = this.#preferences.getPreference(key);
    return text === undefined ? undefined : parseProfile(text);
  }

  /** A stand-in for another profile is ignored: the user's default may have changed since it was stored. */
  #readStandIn(chosen: BillingProfile): StandIn | undefined {
    const stored = parseObject(this.#preferences.getPreference(standInKey + this.#scope));
    if (stored?.for !== formatProfile(chosen)) return undefined;
    const { profile: text, reason, since } = stored;
    const profile = typeof text === 'string' ? parseProfile(text) : undefined;
    if (!profile || typeof since !== 'number') return undefined;
    return reason === 'credits' || reason === 'spending-limit' ? { profile, reason, since } : undefined;
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
