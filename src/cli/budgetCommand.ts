import { countedNanoUsd, type MonthlyBudget, readBudget, writeBudget } from '../billing/budget.ts';
import { editorAccount, PayerStore } from '../billing/payerStore.ts';
import { formatProfile, payingProfile } from '../billing/profile.ts';
import { monthStart } from '../limits/account/credits.ts';
import { formatUsd } from '../limits/account/money.ts';
import type { OptionsOf } from './command.ts';
import { workspaceOf } from './configuration.ts';
import { configuredServers, editorsOf } from './connections.ts';
import { usedToken } from './credentials.ts';
import { choosingAccount, knownBalance } from './knownAccount.ts';
import { openStateLedger } from './stateLedger.ts';
import { printError, printJson } from './terminal.ts';

/** Shows or sets the budget of who pays, without network. Returns the exit code. */
export async function runBudget(options: OptionsOf<'budget'>): Promise<number> {
  const { json, state, monthNanoUsd, pauseAtNanoUsd } = options;
  const environment = process.env;
  const servers = configuredServers(environment, editorsOf(environment));
  const ledger = openStateLedger(state, environment);
  try {
    const token = usedToken(environment)?.token;
    const isEditors = editorAccount(ledger) !== undefined;
    const { payer } = new PayerStore(ledger, {
      workspace: workspaceOf(environment),
      account: () => (isEditors ? undefined : choosingAccount(ledger, token, servers)),
    });
    const payerText = formatProfile(payingProfile(payer));
    const before = readBudget(ledger, payerText);
    const budget: MonthlyBudget = {
      monthNanoUsd: changed(monthNanoUsd, before.monthNanoUsd),
      pauseAtNanoUsd: changed(pauseAtNanoUsd, before.pauseAtNanoUsd),
    };
    if (monthNanoUsd !== undefined || pauseAtNanoUsd !== undefined) writeBudget(ledger, payerText, budget);
    const { health } = ledger;
    if (health.kind === 'memory') {
      printError(`this can't be stored: ${health.reason}`);
      return 1;
    }
    const month = monthStart(Date.now());
    const counted = countedNanoUsd(ledger.tallyTotals(month), payerText);
    const reading = payerText === 'personal' && token ? knownBalance(ledger, token, servers) : undefined;
    const reported = reading && monthStart(reading.asOf) === month ? reading.usedNanoUsd : undefined;
    if (json) {
      printJson(
        {
          payer: payerText,
          budgetNanoUsd: budget.monthNanoUsd ?? null,
          pauseAtNanoUsd: budget.pauseAtNanoUsd ?? null,
          countedNanoUsd: counted,
          reportedNanoUsd: reported ?? null,
          paused:
            budget.pauseAtNanoUsd !== undefined && Math.max(counted, reported ?? 0) >= budget.pauseAtNanoUsd,
        },
        'line',
      );
    } else process.stdout.write(budgetText(payerText, budget, counted, reported));
    return 0;
  } finally {
    ledger.close();
  }
}

/** @param change null: removed */
function changed(change: number | null | undefined, before: number | undefined): number | undefined {
  return change === undefined ? before : (change ?? undefined);
}

function budgetText(
  payer: string,
  { monthNanoUsd, pauseAtNanoUsd }: MonthlyBudget,
  counted: number,
  reported: number | undefined,
): string {
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, 'en');
  const told = reported === undefined ? '' : `, ${usd(reported)} by Hugging Face's last figure`;
  return [
    `Who pays   ${payer}`,
    `Budget     ${monthNanoUsd === undefined ? 'none' : `${usd(monthNanoUsd)} a month`}`,
    `Pauses at  ${pauseAtNanoUsd === undefined ? 'never' : `${usd(pauseAtNanoUsd)} a month`}`,
    `Spent      ${usd(counted)} counted here this month${told}`,
    '',
  ].join('\n');
}
