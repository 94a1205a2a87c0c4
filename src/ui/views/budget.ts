import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { settings } from '../../view/contributions.ts';
import { setUserSetting } from '../core/settings.ts';

/** Asks for the user's monthly budget; an empty answer removes it. */
export async function setBudget(): Promise<void> {
  const current = vscode.workspace.getConfiguration().get<number | null>(settings.monthlyBudget);
  const answer = await vscode.window.showInputBox({
    title: l10n.t('Monthly Budget'),
    prompt: l10n.t('In US dollars. Headroom shows what is left of it, and stops nothing. Empty: no budget.'),
    value: typeof current === 'number' ? String(current) : '',
    validateInput: text =>
      parseBudget(text) === undefined ? l10n.t('Write an amount such as 10 or 2.50') : undefined,
  });
  const budget = answer === undefined ? undefined : parseBudget(answer);
  if (budget === undefined) return;
  await setUserSetting(settings.monthlyBudget, budget ?? undefined);
}

/** USD; null: no budget; undefined: no amount. */
function parseBudget(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^\$/, '');
  if (trimmed === '') return null;
  const usd = Number(trimmed);
  return Number.isFinite(usd) && usd > 0 && usd < 1e6 ? usd : undefined;
}
