import {
  type BudgetDecision,
  type BudgetScope,
  continues,
  countedNanoUsd,
  type MonthlyBudget,
  readBudget,
  readDecision,
  writeBudget,
} from '../billing/budget.ts';
import { formatProfile, payingProfile } from '../billing/profile.ts';
import { monthStart } from '../limits/account/credits.ts';
import { formatUsd } from '../limits/account/money.ts';
import { type OptionsOf, UsageError } from './command.ts';
import { workspaceOf } from './configuration.ts';
import { configuredServers, editorsOf } from './connections.ts';
import { knownBalance, terminalPayer } from './knownAccount.ts';
import { openStateLedger } from './stateLedger.ts';
import { printError, printJson } from './terminal.ts';

/**
 * Shows or sets the budget of who pays, without network. Returns the exit code.
 * @throws UsageError `--here` outside of the editor's terminals
 */
export async function runBudget(options: OptionsOf<'budget'>): Promise<number> {
  const { json, state, here, monthNanoUsd, pauseAtNanoUsd } = options;
  const environment = process.env;
  const workspace = workspaceOf(environment);
  if (here && workspace === undefined) {
    throw new UsageError('--here needs a terminal of VS Code, in a window with a folder.');
  }
  const servers = configuredServers(environment, editorsOf(environment));
  const ledger = openStateLedger(state, environment);
  try {
    const { token, store } = terminalPayer(ledger, servers, environment);
    const scope: BudgetScope = {
      payer: formatProfile(payingProfile(store.payer)),
      ...(here && { workspace }),
    };
    const before = readBudget(ledger, scope);
    const budget: MonthlyBudget = {
      monthNanoUsd: changed(monthNanoUsd, before.monthNanoUsd),
      pauseAtNanoUsd: changed(pauseAtNanoUsd, before.pauseAtNanoUsd),
    };
    const now = Date.now();
    if (monthNanoUsd !== undefined || pauseAtNanoUsd !== undefined) writeBudget(ledger, scope, budget, now);
    const { health } = ledger;
    if (health.kind === 'memory') {
      printError(`this can't be stored: ${health.reason}`);
      return 1;
    }
    const month = monthStart(now);
    const counted = countedNanoUsd(ledger, scope, month);
    const isOwn = scope.payer === 'personal' && !here;
    const reading = isOwn && token ? knownBalance(ledger, token, servers) : undefined;
    const reported = reading && monthStart(reading.asOf) === month ? reading.usedNanoUsd : undefined;
    const decision = readDecision(ledger, scope);
    const isUsedUp =
      budget.pauseAtNanoUsd !== undefined && Math.max(counted, reported ?? 0) >= budget.pauseAtNanoUsd;
    const goesOn = continues(decision, now) ? decision : undefined;
    if (json) {
      printJson(
        {
          payer: scope.payer,
          workspace: scope.workspace ?? null,
          budgetNanoUsd: budget.monthNanoUsd ?? null,
          pauseAtNanoUsd: budget.pauseAtNanoUsd ?? null,
          countedNanoUsd: counted,
          reportedNanoUsd: reported ?? null,
          paused: isUsedUp && !goesOn,
          continuesUntil: goesOn?.until === undefined ? null : new Date(goesOn.until).toISOString(),
          continuesOnce: goesOn?.once === true,
        },
        'line',
      );
    } else process.stdout.write(budgetText(scope, budget, counted, reported) + continuesText(goesOn));
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
  { payer, workspace }: BudgetScope,
  { monthNanoUsd, pauseAtNanoUsd }: MonthlyBudget,
  counted: number,
  reported: number | undefined,
): string {
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, 'en');
  const told = reported === undefined ? '' : `, ${usd(reported)} by Hugging Face's last figure`;
  const where = workspace === undefined ? '' : ', in this folder only';
  return [
    `Who pays   ${payer}${where}`,
    `Warns at   ${monthNanoUsd === undefined ? 'never' : `${usd(monthNanoUsd)} a month`}`,
    `Pauses at  ${pauseAtNanoUsd === undefined ? 'never' : `${usd(pauseAtNanoUsd)} a month`}`,
    `Spent      ${usd(counted)} counted here this month${told}`,
    '',
  ].join('\n');
}

/** Empty: the budget holds. */
function continuesText(decision: BudgetDecision | undefined): string {
  if (!decision) return '';
  if (decision.until === undefined) return 'Continues  for one request\n';
  return `Continues  until ${new Date(decision.until).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}\n`;
}
