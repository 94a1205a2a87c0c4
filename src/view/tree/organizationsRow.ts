import * as l10n from '@vscode/l10n';
import type { Organization } from '../../limits/account/account.ts';
import { billability } from '../../limits/account/billability.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { notBillableSentence, notBillableText } from '../account/billabilityText.ts';
import { organizationCreditsModel } from '../account/creditsModel.ts';
import { organizationCredits, single } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { organizationBillingPage } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { foldedRest, foldedRow } from './foldedRows.ts';
import { creditsFacts, freshness, paragraphs } from './partRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

/** The token's organizations: what is left of those that may be billed; the others apart. */
export function organizationsRow(parentId: string, input: ViewInput): TreeNode[] {
  const organizations = input.snapshot.account.value?.organizations ?? [];
  if (organizations.length === 0) return [];
  const id = `${parentId}/organizations`;
  const [billable = [], others = []] = [true, false].map(wanted =>
    organizations.filter(organization => (billability(organization).canBill !== false) === wanted),
  );
  const rows = withUniqueIds([...billable, ...others].map(each => organizationRow(id, each, input)));
  const apart = rows.slice(billable.length);
  const row = {
    id,
    label: l10n.t('Organizations'),
    kind: rowKinds.value,
    description: l10n.t('{0} of {1} can be billed', billable.length, rows.length),
    icon: { id: 'organization' },
    tooltip: () =>
      paragraphs(
        l10n.t('Organizations that this token sees, and whether they can be billed.'),
        freshness(single('account', input.snapshot.account), input),
      ),
  };
  return [
    branch(row, false, [
      ...foldedRest(id, rows.slice(0, billable.length), input.locale),
      ...foldedRow(`${id}:apart`, l10n.t('Can’t be billed'), apart, String(apart.length)),
    ]),
  ];
}

/** `acme | $6.10 left of $10.00 · Team`, `freebies | free plan: …`. */
function organizationRow(parentId: string, organization: Organization, input: ViewInput): TreeNode {
  const { name, plan } = organization;
  const { canBill, reason } = billability(organization);
  const named = organizationCredits(input.snapshot, name);
  const credits = organizationCreditsModel(name, input);
  const { description, spoken, age } = credits && named ? creditsFacts(credits, named, input) : {};
  const rest = reason
    ? [notBillableText(reason, organization)]
    : [planLabel(plan), canBill === undefined && l10n.t('billing unknown')];
  return leaf({
    id: `${parentId}/${idSegment(name)}`,
    label: oneLine(name),
    kind: rowKinds.value,
    description: joined([description, ...rest]),
    spoken: joined([spoken, ...rest]),
    age,
    icon: { id: 'organization' },
    tooltip: () =>
      paragraphs(
        escapeMarkdown(explanation(organization)),
        freshness(named ?? single('account', input.snapshot.account), input),
      ),
    url: organizationBillingPage(name),
  });
}

function explanation(organization: Organization): string {
  const { canBill, reason } = billability(organization);
  if (reason) return notBillableSentence(reason, organization);
  return canBill
    ? l10n.t('Requests can be billed to it.')
    : l10n.t('Hugging Face did not send your role or its plan, so it is not known whether it can be billed.');
}
