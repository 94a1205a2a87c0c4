import { setTimeout as delay } from 'node:timers/promises';
import type { PayerStore } from '../billing/payerStore.ts';
import {
  type BillingProfile,
  formatProfile,
  type Payer,
  payingProfile,
  sameProfile,
} from '../billing/profile.ts';
import { findProvider } from '../billing/providers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OptionsOf } from './command.ts';
import { followMs } from './configuration.ts';
import { configuredServers, editorsOf } from './connections.ts';
import { missingKey } from './credentials.ts';
import { billingJson } from './json/billingJson.ts';
import { billingWarning, knownAccount, terminalPayer } from './knownAccount.ts';
import { openStateLedger } from './stateLedger.ts';
import { payerWords, standInWords } from './table/payerSections.ts';
import { printError, printJson } from './terminal.ts';
import { visible } from './visibleText.ts';

/** When this has passed, every gateway has looked once and bills the new profile. */
const noticedMs = followMs + 50;

/**
 * Shows or sets who pays, without network. Returns the exit code.
 * @throws UsageError
 */
export async function runBill({ profile, json, state }: OptionsOf<'bill'>): Promise<number> {
  const environment = process.env;
  const missing = profile && (await missingKey(profile, environment));
  if (missing) {
    printError(missing);
    return 1;
  }
  const servers = configuredServers(environment, editorsOf(environment));
  const ledger = openStateLedger(state, environment);
  try {
    const { token, workspace, store } = terminalPayer(ledger, servers, environment);
    if (profile) {
      choose(profile, store, ledger, workspace);
      const account = token === undefined ? undefined : knownAccount(ledger, token, servers);
      const warning = chatWarning(profile) ?? (account && billingWarning(profile, account));
      if (warning) printError(warning);
    }
    const { health } = ledger;
    if (health.kind === 'memory') printError(`this can't be stored: ${health.reason}`);
    const { payer } = store;
    const values = { ...billingJson(payer), workspace: workspace ?? null };
    if (json) printJson(values, 'line');
    else process.stdout.write(billText(payer, workspace));
    if (!profile) return 0;
    if (health.kind === 'memory') return 1;
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
  const from = payingProfile(store.payer);
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

function chatWarning(profile: BillingProfile): string | undefined {
  if (profile.kind !== 'provider-key') return undefined;
  const known = findProvider(profile.provider);
  if (!known || known.chatPath !== undefined) return undefined;
  return `${known.name} has no chat route: only requests to /router/${known.id}/ can be billed to its key.`;
}

function billText({ chosen, standIn }: Payer, workspace: string | undefined): string {
  const where = workspace === undefined ? '' : ' in this window';
  const payer = `${visible(`${formatProfile(chosen)}: ${payerWords(chosen)}`)}${where}.\n`;
  if (!standIn) return payer;
  return `${payer}${visible(formatProfile(standIn.profile))} ${standInWords[standIn.reason]}.\n`;
}
