import {
  type BillingProfile,
  formatProfile,
  type Payer,
  PERSONAL,
  parseProfile,
  type StandIn,
} from './profile.ts';

/** The ledger, as far as it is needed: small facts that all windows and the CLI share. */
export interface Preferences {
  getPreference(key: string): string | undefined;
  setPreference(key: string, value: string | undefined): void;
}

const PROFILE = 'billing.profile';
const STAND_IN = 'billing.standIn';

/** Who pays in one workspace, or, without one, who pays where nobody chose. Holds no state of its own. */
export class PayerStore {
  private readonly preferences: Preferences;
  private readonly scope: string;

  /** @param workspace id of the workspace; undefined: the user's default */
  constructor(preferences: Preferences, workspace?: string) {
    this.preferences = preferences;
    this.scope = workspace === undefined ? '' : `/${workspace}`;
  }

  get payer(): Payer {
    const chosen = this.read(PROFILE + this.scope) ?? this.read(PROFILE) ?? PERSONAL;
    const standIn = this.readStandIn(chosen);
    return standIn ? { chosen, standIn } : { chosen };
  }

  /** Drops the stand-in. */
  choose(profile: BillingProfile): void {
    this.preferences.setPreference(PROFILE + this.scope, formatProfile(profile));
    this.standIn(undefined);
  }

  /** The workspace's own choice ends: the user's default pays there. Of the default itself: the account pays. */
  followDefault(): void {
    this.preferences.setPreference(PROFILE + this.scope, undefined);
    this.standIn(undefined);
  }

  /** Who pays in place of the profile that is chosen now; undefined: that one pays again. */
  standIn(standIn: StandIn | undefined): void {
    const stored = standIn && {
      for: formatProfile(this.payer.chosen),
      profile: formatProfile(standIn.profile),
      reason: standIn.reason,
      since: standIn.since,
    };
    this.preferences.setPreference(STAND_IN + this.scope, stored && JSON.stringify(stored));
  }

  private read(key: string): BillingProfile | undefined {
    const text = this.preferences.getPreference(key);
    return text === undefined ? undefined : parseProfile(text);
  }

  /** Nobody stands in for a profile that is no longer chosen, as when the user's default has changed. */
  private readStandIn(chosen: BillingProfile): StandIn | undefined {
    const stored = parseObject(this.preferences.getPreference(STAND_IN + this.scope));
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
