import * as l10n from '@vscode/l10n';
import type { Organization } from '../../limits/account/account.ts';
import { billability } from '../../limits/account/billability.ts';
import { type Credits, creditBalance } from '../../limits/account/credits.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { balanceText, earlierMonthText, spokenBalance, spokenEarlierMonth } from '../account/creditsText.ts';
import { byName, type NamedPart } from '../account/parts.ts';
import { isOfEarlierMonth } from '../account/staleness.ts';
import { rowKinds } from '../contributions.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { organizationBillingPage } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import type { FaceInput } from '../viewInput.ts';
import { freshness, withAge } from './partRows.ts';
import { branch, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** The organizations that the token can see: plan, whether they can be billed, what is left. */
export function organizationsRow(parentId: string, input: FaceInput): TreeNode[] {
  const organizations = input.snapshot.account.value?.organizations ?? [];
  if (organizations.length === 0) return [];
  const id = `${parentId}/organizations`;
  const credits = new Map(
    byName('organizationCredits', input.snapshot.organizationCredits).map(part => [part.of, part]),
  );
  const rows = organizations.map(organization =>
    organizationRow(id, organization, credits.get(organization.name), input),
  );
  const row = {
    id,
    label: l10n.t('Organizations'),
    kind: rowKinds.value,
    description: organizations.map(({ name }) => oneLine(name, 40)).join(' · '),
    icon: { id: 'organization' },
    tooltip: () =>
      l10n.t('Organizations that this token can see, and whether requests can be billed to them.'),
  };
  return [branch(row, false, withUniqueIds(rows))];
}

function organizationRow(
  parentId: string,
  organization: Organization,
  named: NamedPart | undefined,
  input: FaceInput,
): TreeNode {
  const { snapshot } = input;
  const credits = snapshot.organizationCredits[organization.name]?.value;
  const facts = [planLabel(organization.plan), billable(organization)].filter(fact => fact !== undefined);
  const { left, spokenLeft } =
    credits && named ? creditsTexts(credits, named, input) : { left: [], spokenLeft: [] };
  return leaf({
    id: `${parentId}/${idSegment(organization.name)}`,
    label: oneLine(organization.name),
    kind: rowKinds.value,
    description: [...facts, ...left].join(' · '),
    spoken: [...facts, ...spokenLeft].join(', '),
    icon: { id: 'organization' },
    tooltip: () =>
      [escapeMarkdown(explanation(organization)), named ? freshness(named, input) : '']
        .filter(Boolean)
        .join('\n\n'),
    url: organizationBillingPage(organization.name),
  });
}

function creditsTexts(
  credits: Credits,
  named: NamedPart,
  input: FaceInput,
): { left: string[]; spokenLeft: string[] } {
  const { now, serverNow, locale } = input;
  if (isOfEarlierMonth(named, input)) {
    const at = (named.part.asOf ?? now) + serverNow - now;
    return {
      left: [earlierMonthText(credits.usedNanoUsd, at, locale)],
      spokenLeft: [spokenEarlierMonth(credits.usedNanoUsd, at, locale)],
    };
  }
  const balance = creditBalance(credits, serverNow);
  const whole = balance.state && credits.includedNanoUsd;
  return {
    left: [withAge(balanceText(balance, whole, locale), named, input)],
    spokenLeft: [withAge(spokenBalance(balance, whole, locale), named, input)],
  };
}

function billable(organization: Organization): string {
  const { canBill, reason } = billability(organization);
  if (canBill) return l10n.t('can be billed');
  return reason === 'locked-out'
    ? l10n.t('locked out')
    : canBill === false
      ? l10n.t('can’t be billed')
      : l10n.t('billing unknown');
}

function explanation(organization: Organization): string {
  const { canBill, reason } = billability(organization);
  switch (reason) {
    case 'locked-out':
      return l10n.t(
        'The organization keeps this token out at present: {0}.',
        oneLine(organization.securityRestrictions.join(', ')),
      );
    case 'free-plan':
      return l10n.t('Hugging Face bills requests to organizations on Team or Enterprise only.');
    case 'no-payment-method':
      return l10n.t('The organization has no payment method.');
    case 'no-write-role':
      return l10n.t(
        'Billing it takes the role “write” or “admin”; yours is “{0}”.',
        organization.role ?? '–',
      );
    case undefined:
      return canBill
        ? l10n.t('Requests can be billed to it.')
        : l10n.t(
            'Hugging Face did not tell your role or its plan, so it is not known whether it can be billed.',
          );
  }
}
