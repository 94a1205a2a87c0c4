import * as l10n from '@vscode/l10n';
import { type BudgetScope, scopeText } from '../../billing/budget.ts';
import { formatProfile, parseProfile, payingProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import type { BudgetSpend } from '../account/budgetState.ts';
import { type BudgetModel, budgetModels, spentNanoUsd } from '../account/budgets.ts';
import { unknownPricesText } from '../account/budgetText.ts';
import { joined } from '../text/counts.ts';
import type { ViewInput } from '../viewInput.ts';
import { payerName } from './payerText.ts';

const nanoPerUsd = 1e9;

/** Where a budget counts, as an item of the first step. */
export interface BudgetPlace {
  readonly scope: BudgetScope;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly icon: string;
  /** Undefined: none is set. */
  readonly budget?: BudgetModel;
  readonly spend: Spent;
}

/** In this month. */
type Spent = Pick<BudgetModel, 'spentNanoUsd' | 'uncosted'>;

/** All folders and this one, for the payer that pays now. @param folder its name; undefined: none is open */
export function budgetPlaces(
  input: ViewInput,
  workspace: string | undefined,
  folder: string | undefined,
  spendOf: (scope: BudgetScope) => BudgetSpend,
): BudgetPlace[] {
  const payer = formatProfile(payingProfile(input.payer));
  const everywhere = {
    ...placeOf({ payer }, input, spendOf),
    label: l10n.t('In all folders'),
    detail: l10n.t('Also what other programs spend, as far as Hugging Face tells it.'),
    icon: 'globe',
  };
  if (workspace === undefined) return [everywhere];
  const here = {
    ...placeOf({ payer, workspace }, input, spendOf),
    label: folder === undefined ? l10n.t('In this folder only') : l10n.t('In this folder only: {0}', folder),
    detail: l10n.t('What requests through this window’s gateway cost.'),
    icon: 'folder',
  };
  return [everywhere, here];
}

/** The place with that `scopeText`, of any payer that may pay. */
export function placeNamed(
  text: string,
  input: ViewInput,
): Pick<BudgetPlace, 'scope' | 'budget' | 'spend'> | undefined {
  const budget = budgetModels(input).find(each => isNamed(each, text));
  return budget && { scope: scopeOf(budget), budget, spend: budget };
}

/** The budgets that a command is about: of the named one's payer, else of who pays now, else all; only in that state. */
export function budgetsIn(
  state: BudgetModel['state'],
  name: string | undefined,
  input: ViewInput,
): BudgetModel[] {
  const all = budgetModels(input).filter(budget => budget.state === state);
  const named = all.find(budget => name !== undefined && isNamed(budget, name));
  const payer = named?.payer ?? formatProfile(payingProfile(input.payer));
  const ofPayer = all.filter(budget => budget.payer === payer);
  return ofPayer.length > 0 ? ofPayer : all;
}

/** By its `scopeText`, or the id of its row. */
function isNamed(budget: BudgetModel, name: string): boolean {
  const text = scopeText(budget);
  return name === text || name.endsWith(`/budget/${text}`);
}

/** `Budget of acme`, `Your Budget in This Folder`. */
export function budgetTitle({ payer, workspace }: BudgetScope, { snapshot }: ViewInput): string {
  const profile = parseProfile(payer);
  const account = snapshot.account.value;
  const here = workspace !== undefined;
  if (!profile || (profile.kind === 'personal' && account?.type !== 'org')) {
    return here ? l10n.t('Your Budget in This Folder') : l10n.t('Your Budget');
  }
  const name = payerName(profile, account);
  return here ? l10n.t('Budget of {0} in This Folder', name) : l10n.t('Budget of {0}', name);
}

/** `$3.20 is spent this month.`, with how requests of unknown price count. */
export function spentSoFar(spend: Spent, locale: string): string {
  const spent = l10n.t('{0} is spent this month.', formatUsd(spend.spentNanoUsd, locale));
  return [spent, unknownPricesText(spend, locale)].filter(Boolean).join(' ');
}

/** The text of an amount in an input box. */
export function amountText(nanoUsd: number | undefined): string {
  if (nanoUsd === undefined) return '';
  return (nanoUsd / nanoPerUsd).toFixed(9).replace(/\.?0+$/, '');
}

/** Nano-USD of `10`, `$2.50` or `2,50`; null: empty; undefined: no amount. */
export function parseAmount(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^\$?\s?\d{1,6}(?:[.,]\d{1,9})?$/.test(trimmed)) return undefined;
  const nanoUsd = Math.round(Number(trimmed.replace(/^\$\s?/, '').replace(',', '.')) * nanoPerUsd);
  return nanoUsd > 0 ? nanoUsd : undefined;
}

/** What is wrong with the amount at which billing pauses; undefined: nothing. */
export function pauseProblem(
  text: string,
  warnAtNanoUsd: number | undefined,
  locale: string,
): string | undefined {
  const amount = parseAmount(text);
  if (amount === undefined) return amountProblem();
  if (amount === null || warnAtNanoUsd === undefined || amount >= warnAtNanoUsd) return undefined;
  return l10n.t('Write at least {0}: the warning comes before the pause', formatUsd(warnAtNanoUsd, locale));
}

export function amountProblem(): string {
  return l10n.t('Write an amount such as 10 or 2.50');
}

function placeOf(scope: BudgetScope, input: ViewInput, spendOf: (scope: BudgetScope) => BudgetSpend) {
  const budget = budgetModels(input).find(each => scopeText(each) === scopeText(scope));
  const counted = spendOf(scope);
  return {
    scope,
    ...(budget && { budget }),
    spend: { spentNanoUsd: spentNanoUsd(scope, counted, input), uncosted: counted.uncosted },
    description: budget ? setText(budget, input.locale) : l10n.t('no budget'),
  };
}

/** `warns at $4.00 · pauses at $5.00`. */
export function setText(
  { warnAtNanoUsd, pauseAtNanoUsd }: Pick<BudgetModel, 'warnAtNanoUsd' | 'pauseAtNanoUsd'>,
  locale: string,
): string {
  return joined([
    warnAtNanoUsd !== undefined && l10n.t('warns at {0}', formatUsd(warnAtNanoUsd, locale)),
    pauseAtNanoUsd === undefined
      ? l10n.t('pauses nothing')
      : l10n.t('pauses at {0}', formatUsd(pauseAtNanoUsd, locale)),
  ]);
}

function scopeOf({ payer, workspace }: BudgetScope): BudgetScope {
  return { payer, ...(workspace !== undefined && { workspace }) };
}
