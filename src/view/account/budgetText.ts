import * as l10n from '@vscode/l10n';
import { scopeText } from '../../billing/budget.ts';
import { type BillingProfile, formatProfile, parseProfile } from '../../billing/profile.ts';
import { placeholderNanoUsd } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { moneyOf, payerName } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { commandLink } from '../text/escapeMarkdown.ts';
import { clockText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { type BudgetModel, budgetModels } from './budgets.ts';

type Usd = (nanoUsd: number) => string;

/** The payer's used-up budget that refuses requests: for all folders before that of this one. */
export function pausedBudget(profile: BillingProfile, input: ViewInput): BudgetModel | undefined {
  const payer = formatProfile(profile);
  return budgetModels(input).find(budget => budget.payer === payer && budget.state === 'paused');
}

/** `Your budget`, `Budget of acme`, `Budget here`. */
export function budgetName({ payer, workspace }: BudgetModel, input: ViewInput): string {
  if (workspace !== undefined) return l10n.t('Budget here');
  const account = input.snapshot.account.value;
  const profile = parseProfile(payer);
  if (!profile || (profile.kind === 'personal' && account?.type !== 'org')) return l10n.t('Your budget');
  return l10n.t('Budget of {0}', moneyOf(profile, account));
}

/** `paused at $5.00`, `continues until 00:00`, `pauses at $5.00`; empty: it pauses nothing. */
export function pauseText(
  { state, pauseAtNanoUsd, decision }: BudgetModel,
  input: ViewInput,
  usd: Usd,
): string {
  if (pauseAtNanoUsd === undefined) return '';
  if (state === 'paused') return l10n.t('paused at {0}', usd(pauseAtNanoUsd));
  if (state === 'open') return l10n.t('pauses at {0}', usd(pauseAtNanoUsd));
  return decision?.until === undefined
    ? l10n.t('continues for one request')
    : l10n.t('continues until {0}', clockText(decision.until, input));
}

/** `$3.20 left of $4.00`, `$0.20 over the budget of $4.00`; `$5.02 spent` once it is used up. */
export function spentText(budget: BudgetModel, usd: Usd): string {
  const { state, spentNanoUsd, warnAtNanoUsd, pauseAtNanoUsd = 0 } = budget;
  if (state !== 'open') return l10n.t('{0} spent', usd(spentNanoUsd));
  const whole = warnAtNanoUsd ?? pauseAtNanoUsd;
  const left = whole - spentNanoUsd;
  return left < 0
    ? l10n.t('{0} over the budget of {1}', usd(-left), usd(whole))
    : l10n.t('{0} left of {1}', usd(left), usd(whole));
}

/** What happened to requests that the budget refuses, for the notice and the hover. Plain text. */
export function pausedSentence(budget: BudgetModel, input: ViewInput): string {
  const { payer, workspace, spentNanoUsd, pauseAtNanoUsd = 0 } = budget;
  const { locale } = input;
  const account = input.snapshot.account.value;
  const profile = parseProfile(payer);
  const [spent, whole] = [spentNanoUsd, pauseAtNanoUsd].map(amount => formatUsd(amount, locale)) as [
    string,
    string,
  ];
  const isUser = profile === undefined || (profile.kind === 'personal' && account?.type !== 'org');
  const here = workspace !== undefined;
  if (isUser) {
    return here
      ? l10n.t(
          'Headroom paused what you pay in this folder: {0} of this month’s {1} is spent or in flight. Nothing was sent.',
          spent,
          whole,
        )
      : l10n.t(
          'Headroom paused what you pay: {0} of this month’s {1} is spent or in flight. Nothing was sent.',
          spent,
          whole,
        );
  }
  const name = payerName(profile, account);
  return here
    ? l10n.t(
        'Headroom paused what {0} pays in this folder: {1} of this month’s {2} is spent or in flight. Nothing was sent.',
        name,
        spent,
        whole,
      )
    : l10n.t(
        'Headroom paused what {0} pays: {1} of this month’s {2} is spent or in flight. Nothing was sent.',
        name,
        spent,
        whole,
      );
}

/** `3 requests of unknown price count $0.01 each.`; empty: all prices are known. */
export function unknownPricesText({ uncosted }: Pick<BudgetModel, 'uncosted'>, locale: string): string {
  if (uncosted === 0) return '';
  const each = formatUsd(placeholderNanoUsd, locale);
  return uncosted === 1
    ? l10n.t('One request of unknown price counts {0}.', each)
    : l10n.t('{0} requests of unknown price count {1} each.', formatCount(uncosted, locale), each);
}

/** What a person can do about the budget. Markdown. */
export function budgetLinks(budget: BudgetModel): string[] {
  const scope = scopeText(budget);
  const change = commandLink(l10n.t('Set budget…'), commands.setBudget, scope);
  if (budget.state === 'open') return [change];
  if (budget.state === 'continues') {
    return [commandLink(l10n.t('Pause again'), commands.pauseAgain, scope), change];
  }
  return [
    commandLink(l10n.t('Continue once'), commands.continueOnce, scope),
    commandLink(l10n.t('Until tomorrow'), commands.continueToday, scope),
    commandLink(l10n.t('Raise…'), commands.setBudget, scope),
  ];
}
