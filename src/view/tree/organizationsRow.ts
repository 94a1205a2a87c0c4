import * as l10n from '@vscode/l10n';
import type { Organization } from '../../limits/account/account.ts';
import { billability } from '../../limits/account/billability.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { notBillableSentence } from '../account/billabilityText.ts';
import { organizationCreditsModel } from '../account/creditsModel.ts';
import { organizationCredits } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { organizationBillingPage } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { creditsFacts, freshness, paragraphs } from './partRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** The token's organizations: plan, whether they can be billed, what is left. */
export function organizationsRow(parentId: string, input: ViewInput): TreeNode[] {
  const organizations = input.snapshot.account.value?.organizations ?? [];
  if (organizations.length === 0) return [];
  const id = `${parentId}/organizations`;
  const rows = organizations.map(organization => organizationRow(id, organization, input));
  const row = {
    id,
    label: l10n.t('Organizations'),
    kind: rowKinds.value,
    description: joined(organizations.map(({ name }) => oneLine(name, 40))),
    icon: { id: 'organization' },
    tooltip: () => l10n.t('Organizations that this token sees, and whether they can be billed.'),
  };
  return [branch(row, false, withUniqueIds(rows))];
}

function organizationRow(parentId: string, organization: Organization, input: ViewInput): TreeNode {
  const named = organizationCredits(input.snapshot, organization.name);
  const facts = [planLabel(organization.plan), billable(organization)];
  const credits = organizationCreditsModel(organization.name, input);
  const left = credits && named && creditsFacts(credits, named, input);
  return leaf({
    id: `${parentId}/${idSegment(organization.name)}`,
    label: oneLine(organization.name),
    kind: rowKinds.value,
    description: joined([...facts, left?.description]),
    spoken: joined([...facts, left?.spoken]),
    icon: { id: 'organization' },
    tooltip: () => paragraphs(escapeMarkdown(explanation(organization)), named && freshness(named, input)),
    url: organizationBillingPage(organization.name),
  });
}

function billable(organization: Organization): string {
  const { canBill, reason } = billability(organization);
  if (reason === 'locked-out') return l10n.t('locked out');
  if (canBill === undefined) return l10n.t('billing unknown');
  return canBill ? l10n.t('can be billed') : l10n.t('can’t be billed');
}

function explanation(organization: Organization): string {
  const { canBill, reason } = billability(organization);
  if (reason) return notBillableSentence(reason, organization);
  return canBill
    ? l10n.t('Requests can be billed to it.')
    : l10n.t('Hugging Face did not send your role or its plan, so it is not known whether it can be billed.');
}
