import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { payerFact } from '../account/payerFact.ts';
import { organizationOf, payerIcon, payerName, standInSentence } from '../billing/payerText.ts';
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

/** The payer, and the command that changes it. */
export function payerRow(parentId: string, input: ViewInput): TreeNode {
  const { payer, snapshot } = input;
  const account = snapshot.account.value;
  const profile = payingProfile(payer);
  const standIn = standInSentence(input);
  const facts = [
    payerName(profile, account),
    payer.standIn && l10n.t('in place of {0}', payerName(payer.chosen, account)),
    payerFact(input),
  ];
  const alarming = payer.standIn !== undefined || moneyRefused(profile, input) !== undefined;
  return leaf({
    id: `${parentId}/payer`,
    label: l10n.t('Who pays'),
    kind: rowKinds.payer,
    description: joined(facts),
    icon: {
      id: payer.standIn ? 'arrow-swap' : payerIcon(profile),
      ...(alarming && { color: colors.warning }),
    },
    tooltip: () =>
      paragraphs(
        escapeMarkdown(
          standIn ??
            l10n.t(
              'Pays for requests that programs send through Headroom: in a terminal with Headroom, or with a copied snippet.',
            ),
        ),
        commandLink(l10n.t('Switch billing…'), commands.switchBilling),
      ),
    action: { label: l10n.t('Switch billing…'), command: commands.switchBilling },
  });
}
