import type { ErrorResponse } from './errorResponse.ts';
import type { RefusalRule, RuleMatch } from './refusalRule.ts';

/** Which of the user's own budgets is used up. */
export const budgetScopes = {
  payer: 'your budget',
  folder: 'your budget in this folder',
  run: 'the cap of this run',
} as const;

/** The gateway's own words. */
export const ownBudgetRule: RefusalRule = {
  name: 'own-budget',
  needles: ['headroom paused what is billed'],
  statuses: [200, 402],
  recognise: ownBudget,
};

function ownBudget({ text }: ErrorResponse): RuleMatch {
  const [, billedTo, here] =
    /paused what is billed to ([\w:./-]{1,200}?)( in this folder)?: /i.exec(text) ?? [];
  const scope = billedTo === undefined ? 'run' : here === undefined ? 'payer' : 'folder';
  return { cause: 'spending-limit', by: 'headroom', scope: budgetScopes[scope], billedTo };
}
