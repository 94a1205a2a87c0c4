import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { isReturning, organizationOf, payerName, returningText } from '../billing/payerText.ts';
import { standInSentence } from '../billing/standInText.ts';
import { commands, rowKinds } from '../contributions.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { paragraphs } from './partRows.ts';
import { leaf, type TreeNode } from './treeNode.ts';

/** `ada · PRO`, `Team`: beside the section's title, which has an organization's name. Empty: not known. */
export function payerPlan({ payer, snapshot }: ViewInput): string {
  const profile = payingProfile(payer);
  const account = snapshot.account.value;
  if (profile.kind === 'personal' && account) return joined([oneLine(account.name), planLabel(account.plan)]);
  const plan = profile.kind === 'organization' && organizationOf(profile.name, account)?.plan;
  return joined([plan && planLabel(plan)]);
}

/** What the payer pays for, and the command that changes it. Markdown. */
export function payerTooltip(input: ViewInput): string {
  return paragraphs(
    escapeMarkdown(
      standInSentence(input) ??
        l10n.t(
          'Pays for requests that programs send through Headroom: in a terminal with Headroom, or with a copied snippet.',
        ),
    ),
    commandLink(l10n.t('Switch billing…'), commands.switchBilling),
  );
}

/** Whom the stand-in replaces; none without a stand-in: the section's title says who pays. */
export function standInRow(parentId: string, input: ViewInput): TreeNode[] {
  const { payer, snapshot } = input;
  const account = snapshot.account.value;
  const { chosen, standIn } = payer;
  if (!standIn) return [];
  const facts = [
    payerName(standIn.profile, account),
    l10n.t('in place of {0}', payerName(chosen, account)),
    isReturning(input) && returningText(input),
  ];
  const row = leaf({
    id: `${parentId}/payer`,
    label: l10n.t('Who pays'),
    kind: rowKinds.payer,
    description: joined(facts),
    icon: { id: 'arrow-swap', color: colors.warning },
    tooltip: () => payerTooltip(input),
    action: { label: l10n.t('Switch billing…'), command: commands.switchBilling },
  });
  return [row];
}
