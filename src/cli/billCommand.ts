import { setTimeout as delay } from 'node:timers/promises';
import { PayerStore } from '../billing/payerStore.ts';
import { type BillingProfile, formatProfile, type Payer, sameProfile } from '../billing/profile.ts';
import { findProvider } from '../billing/providers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/openLedger.ts';
import { configuredServers, ledgerDirectory, workspaceOf } from './configuration.ts';
import { noticedMs } from './following.ts';
import { billingWarning, knownAccount } from './knownAccount.ts';
import { missingKey } from './missingKey.ts';
import { payerWords } from './table/payerRows.ts';
import { usedToken } from './usedToken.ts';

export interface BillOptions {
  /** Undefined: shows who pays. */
  readonly profile?: BillingProfile;
  readonly json: boolean;
  readonly state?: string;
}

/**
 * Shows or sets who pays. Needs no network, and stores no secret. Returns the exit code, once gateways know it.
 * @throws UsageError
 */
export async function runBill({ profile, json, state }: BillOptions): Promise<number> {
  const environment = process.env;
  const refused = profile && (await missingKey(profile, environment));
  if (refused) {
    process.stderr.write(`headroom: ${refused}\n`);
    return 1;
  }
  const servers = configuredServers(environment);
  const ledger = openLedger({ directory: ledgerDirectory(state, environment), now: Date.now });
  const workspace = workspaceOf(environment);
  try {
    const store = new PayerStore(ledger, workspace);
    if (profile) {
      choose(profile, store, ledger, workspace);
      const found = usedToken(environment);
      const account = found && knownAccount(ledger, found.token, servers);
      const warning = noChat(profile) ?? (account && billingWarning(profile, account));
      if (warning) process.stderr.write(`headroom: ${warning}\n`);
    }
    if (ledger.health.kind === 'memory') {
      process.stderr.write(`headroom: this can't be remembered: ${ledger.health.reason}\n`);
    }
    process.stdout.write(
      json ? `${JSON.stringify(billJson(store.payer, workspace))}\n` : billText(store.payer, workspace),
    );
    if (!profile) return 0;
    if (ledger.health.kind === 'memory') return 1;
    // the next command of a script is to be billed so
    await delay(noticedMs);
    return 0;
  } finally {
    ledger.close();
  }
}

function choose(
  profile: BillingProfile,
  store: PayerStore,
  ledger: Ledger,
  workspace: string | undefined,
): void {
  const { chosen, standIn } = store.payer;
  const from = standIn?.profile ?? chosen;
  store.choose(profile);
  if (sameProfile(from, profile)) return;
  ledger.recordSwitch({
    at: Date.now(),
    workspace,
    from: formatProfile(from),
    to: formatProfile(profile),
    reason: 'chosen',
  });
}

function noChat(profile: BillingProfile): string | undefined {
  if (profile.kind !== 'provider-key') return undefined;
  const known = findProvider(profile.provider);
  if (!known || known.chatPath !== undefined) return undefined;
  return `${known.name} has no chat route: only requests to /router/${known.id}/ can be billed to its key.`;
}

function billJson({ chosen, standIn }: Payer, workspace: string | undefined) {
  return {
    profile: chosen,
    standIn: standIn
      ? { profile: standIn.profile, reason: standIn.reason, since: new Date(standIn.since).toISOString() }
      : null,
    workspace: workspace ?? null,
  };
}

function billText({ chosen, standIn }: Payer, workspace: string | undefined): string {
  const where = workspace === undefined ? '' : ' in this window';
  const lines = [`${formatProfile(chosen)}: ${payerWords(chosen)}${where}.`];
  if (standIn) {
    const why = standIn.reason === 'credits' ? 'its credits are used up' : 'its spending limit is reached';
    lines.push(`${formatProfile(standIn.profile)} stands in at present, because ${why}.`);
  }
  return `${lines.join('\n')}\n`;
}
