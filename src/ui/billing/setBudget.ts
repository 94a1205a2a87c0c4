import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type MonthlyBudget, writeBudget } from '../../billing/budget.ts';
import { formatUsd } from '../../limits/account/money.ts';
import {
  amountProblem,
  amountText,
  type BudgetPlace,
  budgetPlaces,
  budgetTitle,
  parseAmount,
  pauseProblem,
  placeNamed,
  setText,
  spentSoFar,
} from '../../view/billing/budgetChoice.ts';
import { settings } from '../../view/contributions.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { inputStep } from '../core/inputStep.ts';
import { pick } from '../core/pick.ts';
import { setUserSetting } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';

type Place = Pick<BudgetPlace, 'scope' | 'budget' | 'spend'>;
/** Null: no amount. Undefined: a step back. */
type Amount = number | null | undefined;

/** Asks for a budget of who pays now. @param name of a budget, whose pause alone is asked for */
export async function setBudget(handle: CoreHandle, name: unknown): Promise<void> {
  const core = await handle.get();
  const input = handle.viewInput();
  if (!input) return;
  const named = typeof name === 'string' ? placeNamed(name, input) : undefined;
  if (named?.budget?.pauseAtNanoUsd !== undefined) {
    const warnAt = named.budget.warnAtNanoUsd;
    const pauseAt = await askPause(named, warnAt, input);
    if (pauseAt !== undefined)
      save(core, named, { monthNanoUsd: warnAt, pauseAtNanoUsd: pauseAt ?? undefined });
    return;
  }
  for (;;) {
    const place = named ?? (await pickPlace(core, input));
    if (!place) return;
    if (place === 'removed') return;
    if (await askBoth(core, place, input)) return;
    if (named) return;
  }
}

/** False: a step back. */
async function askBoth(core: Core, place: Place, input: ViewInput): Promise<boolean> {
  let warnAt: Amount = place.budget?.warnAtNanoUsd ?? null;
  for (;;) {
    warnAt = await askWarning(place, warnAt, input);
    if (warnAt === undefined) return false;
    const monthNanoUsd = warnAt ?? undefined;
    const pauseAt = await askPause(place, monthNanoUsd, input, 3);
    if (pauseAt === undefined) continue;
    save(core, place, { monthNanoUsd, pauseAtNanoUsd: pauseAt ?? undefined });
    return true;
  }
}

async function pickPlace(core: Core, input: ViewInput): Promise<Place | 'removed' | undefined> {
  const { workspace } = core.payerWatch;
  const places = budgetPlaces(input, workspace, vscode.workspace.name, core.budgetSpend);
  const removals = places.flatMap(({ scope, budget, label }) =>
    budget
      ? [{ label: l10n.t('Remove the budget'), description: label, icon: 'trash', value: { remove: scope } }]
      : [],
  );
  const [first] = places;
  if (!first) return undefined;
  const items = places.map(place => ({ ...place, value: { place } }));
  const picked = await pick<{ place?: BudgetPlace; remove?: Place['scope'] }>([...items, ...removals], {
    title: l10n.t('{0}: Where (1/3)', budgetTitle(first.scope, input)),
    placeHolder: l10n.t('A budget is for a calendar month in UTC'),
  });
  if (!picked?.remove) return picked?.place;
  await remove(core, picked.remove);
  return 'removed';
}

async function askWarning(place: Place, warnAt: number | null, input: ViewInput): Promise<Amount> {
  const text = await inputStep({
    title: l10n.t('{0}: Warn At', budgetTitle(place.scope, input)),
    step: 2,
    totalSteps: 3,
    value: amountText(warnAt ?? undefined),
    placeholder: '10',
    prompt: [
      l10n.t('Warn at, in US dollars a month: views show what is left of it. Empty: no warning.'),
      spentSoFar(place.spend, input.locale),
    ].join(' '),
    check: value => (parseAmount(value) === undefined ? amountProblem() : undefined),
  });
  return text === undefined ? undefined : parseAmount(text);
}

/** @param step undefined: the only one */
async function askPause(
  place: Place,
  warnAtNanoUsd: number | undefined,
  input: ViewInput,
  step?: number,
): Promise<Amount> {
  const { scope, budget, spend } = place;
  const { locale } = input;
  const spent = spend.spentNanoUsd;
  const text = await inputStep({
    title: l10n.t('{0}: Pause At', budgetTitle(scope, input)),
    step,
    totalSteps: step,
    value: amountText(budget?.pauseAtNanoUsd),
    placeholder: l10n.t('nothing is paused'),
    prompt: [
      l10n.t(
        'Pause at, in US dollars a month: what would be billed beyond it is refused. Empty: nothing is paused.',
      ),
      spentSoFar(spend, locale),
    ].join(' '),
    check: value => {
      const problem = pauseProblem(value, warnAtNanoUsd, locale);
      const amount = parseAmount(value) ?? Number.POSITIVE_INFINITY;
      if (problem !== undefined || amount > spent) return problem;
      const message = l10n.t('{0} is spent already: it pauses at once', formatUsd(spent, locale));
      return { message, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  return text === undefined ? undefined : parseAmount(text);
}

function save(core: Core, { scope }: Place, budget: MonthlyBudget): void {
  writeBudget(core.ledger, scope, budget, Date.now());
  core.budgets.look();
  const { monthNanoUsd: warnAtNanoUsd, pauseAtNanoUsd } = budget;
  const text = setText({ warnAtNanoUsd, pauseAtNanoUsd }, vscode.env.language);
  vscode.window.setStatusBarMessage(l10n.t('Budget: {0}', text), 5_000);
}

async function remove(core: Core, scope: Place['scope']): Promise<void> {
  // the setting would take its place
  if (scope.payer === 'personal' && scope.workspace === undefined) {
    await setUserSetting(settings.monthlyBudget, undefined);
  }
  writeBudget(core.ledger, scope, {}, Date.now());
  core.budgets.look();
  vscode.window.setStatusBarMessage(l10n.t('The budget is removed'), 5_000);
}
