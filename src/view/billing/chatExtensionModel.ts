import type { Preferences } from '../../billing/payerStore.ts';
import { type BillingProfile, billToOf } from '../../billing/profile.ts';

/** A setting's scope: this window's workspace, or the user's settings. */
export type SettingPlace = 'workspace' | 'user';

export interface PayerChoice {
  readonly profile: BillingProfile;
  readonly place: SettingPlace;
  /** Undefined when no folder is open. */
  readonly workspace: string | undefined;
}

/** The `billTo` of Hugging Face's chat extension by scope; missing: not set. */
export type BillToSetting = Readonly<Partial<Record<SettingPlace, string>>>;

export interface ChatExtensionOffer {
  readonly kind: 'set' | 'reset';
  /** To set, or set until now. */
  readonly billTo: string;
  readonly changes: readonly { readonly place: SettingPlace; readonly billTo: string | undefined }[];
}

/**
 * Offers to bill the chosen payer in the chat extension too: in the scope of the choice, once for each payer. Only a
 * value that Headroom wrote is offered for removal.
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
  // a choice for all folders also holds in this one
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

/** Called after the change. A refused offer is not made again. */
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
