import type { Preferences } from '../../billing/payerStore.ts';
import { type BillingProfile, billToOf } from '../../billing/profile.ts';

/** Where a setting is kept: for what is open in this window, or for all. */
export type SettingPlace = 'workspace' | 'user';

export interface PayerChoice {
  readonly profile: BillingProfile;
  readonly place: SettingPlace;
  /** Undefined when no folder is open. */
  readonly workspace: string | undefined;
}

/** Who that extension bills at present, by place; missing: not set there. */
export type BillToSetting = Readonly<Partial<Record<SettingPlace, string>>>;

export interface ChatExtensionOffer {
  readonly kind: 'set' | 'reset';
  /** Who is to be billed there, or has been until now. */
  readonly billTo: string;
  readonly changes: readonly SettingChange[];
}

interface SettingChange {
  readonly place: SettingPlace;
  readonly billTo: string | undefined;
}

/**
 * What to offer after a choice of payer. It is set where the choice counts, and offered once for each payer there. Of
 * what is set, only what Headroom wrote is offered to be taken back; the rest is somebody else's.
 */
export function chatExtensionOffer(
  preferences: Preferences,
  choice: PayerChoice,
  setting: BillToSetting,
): ChatExtensionOffer | undefined {
  const { profile, place } = choice;
  const billTo = billToOf(profile);
  const isOurs = (at: SettingPlace) =>
    setting[at] !== undefined && setting[at] === preferences.getPreference(writtenKey(at, choice));
  // a choice for all folders counts in this one, too
  const places: readonly SettingPlace[] = place === 'user' ? ['workspace', 'user'] : ['workspace'];
  const outdated = places.filter(at => isOurs(at) && (billTo === undefined || at !== place));
  const removals = outdated.map(at => ({ place: at, billTo: undefined }));
  if (billTo === undefined) {
    const before = outdated.map(at => setting[at])[0];
    return before === undefined ? undefined : { kind: 'reset', billTo: before, changes: removals };
  }
  const inForce = (outdated.includes('workspace') ? undefined : setting.workspace) ?? setting.user;
  if (inForce === billTo || preferences.getPreference(askedKey(billTo, choice))) return undefined;
  preferences.setPreference(askedKey(billTo, choice), 'asked');
  return { kind: 'set', billTo, changes: [...removals, { place, billTo }] };
}

/** To be called when it has been done. Only who said no is not asked again. */
export function rememberDone(
  preferences: Preferences,
  choice: PayerChoice,
  { kind, billTo, changes }: ChatExtensionOffer,
): void {
  for (const change of changes) {
    preferences.setPreference(writtenKey(change.place, choice), change.billTo);
  }
  if (kind === 'set') preferences.setPreference(askedKey(billTo, choice), undefined);
}

function writtenKey(place: SettingPlace, { workspace }: PayerChoice): string {
  return place === 'user' ? 'chat-extension-bill-to' : `chat-extension-bill-to/${workspace}`;
}

function askedKey(billTo: string, { place, workspace }: PayerChoice): string {
  const where = place === 'user' ? '' : `${workspace}/`;
  return `notice/chat-extension-bill-to/${where}${billTo}`;
}
