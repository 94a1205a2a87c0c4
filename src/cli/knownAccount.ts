import { type AccountFingerprints, accountFingerprints, fingerprint } from '../account/fingerprint.ts';
import { Readings } from '../account/readings.ts';
import { editorAccount, PayerStore } from '../billing/payerStore.ts';
import type { BillingProfile } from '../billing/profile.ts';
import type { Servers } from '../hub/servers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Account } from '../limits/account/account.ts';
import { billability, type NotBillable } from '../limits/account/billability.ts';
import type { Credits } from '../limits/account/credits.ts';
import { type PayerBalance, payerBalance } from '../limits/account/payerBalance.ts';
import { type Environment, workspaceOf } from './configuration.ts';
import { usedToken } from './credentials.ts';
import { silentLog } from './terminal.ts';

/** The last `whoami` in the ledger; undefined: there is none. Sends nothing. */
export function knownAccount(ledger: Ledger, token: string, servers: Servers): Account | undefined {
  return readings(ledger, token, servers).get<Account>('whoami').value;
}

/** The last known money of the token's owner. Sends nothing. */
export function knownBalance(ledger: Ledger, token: string, servers: Servers): PayerBalance | undefined {
  const { value, asOf } = readings(ledger, token, servers).get<Credits>('usage');
  return value === undefined || asOf === undefined ? undefined : payerBalance(value, asOf);
}

/** The account that a payer is chosen for; undefined without a token. Sends nothing. */
export function choosingAccount(
  ledger: Ledger,
  token: string | undefined,
  servers: Servers,
): AccountFingerprints | undefined {
  return token === undefined
    ? undefined
    : accountFingerprints(token, servers, knownAccount(ledger, token, servers));
}

/** The payer that the environment's account, or that of the editor, has chosen in this terminal's window. */
export function terminalPayer(ledger: Ledger, servers: Servers, environment: Environment) {
  const token = usedToken(environment)?.token;
  const workspace = workspaceOf(environment);
  // the editor's windows are billed by its account, whatever token its terminals have
  const isEditors = editorAccount(ledger) !== undefined;
  const account = () => (isEditors ? undefined : choosingAccount(ledger, token, servers));
  return { token, workspace, store: new PayerStore(ledger, { workspace, account }) };
}

function readings(ledger: Ledger, token: string, servers: Servers): Readings {
  return new Readings(ledger, fingerprint(token, servers), silentLog);
}

/** Why Hugging Face will refuse to bill a profile, in one sentence; undefined: no reason is known. */
export function billingWarning(profile: BillingProfile, account: Account): string | undefined {
  if (profile.kind !== 'organization' && profile.kind !== 'resource-group') return undefined;
  const name = profile.kind === 'organization' ? profile.name : profile.organization;
  // names on the Hub differ by more than case
  const organization = account.organizations.find(known => known.name.toLowerCase() === name.toLowerCase());
  if (!organization) {
    return `${account.name}'s token sees no organization ${name}. Hugging Face will refuse requests that are billed to it.`;
  }
  const { canBill, reason } = billability(organization);
  return canBill === false && reason ? `${name} can't be billed: ${reasonWords[reason]}.` : undefined;
}

const reasonWords: Readonly<Record<NotBillable, string>> = {
  'locked-out': "it locks this token out until the token meets the organization's rules",
  'free-plan': 'it is on the free plan, and Hugging Face bills organizations on Team or Enterprise only',
  'no-payment-method': 'it has no payment method',
  'no-write-role': 'you have no write role in it',
};
