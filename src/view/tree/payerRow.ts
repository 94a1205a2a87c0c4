import * as l10n from '@vscode/l10n';
import { planLabel } from '../../limits/account/plans.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import {
  moneyOf,
  organizationOf,
  payerIcon,
  payerName,
  payingProfile,
  standInSentence,
} from '../billing/payerText.ts';
import { commands, rowKinds } from '../contributions.ts';
import { payerFact } from '../status/hoverPayer.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import type { FaceInput } from '../viewInput.ts';
import { colors, leaf, type TreeNode } from './treeNode.ts';

/** Whose money it is, beside the section's title: `ada · PRO`, `acme · Team`, `your groq key`. */
export function payerTitle({ payer, snapshot }: FaceInput): string {
  const profile = payingProfile(payer);
  const account = snapshot.account.value;
  switch (profile.kind) {
    case 'personal':
      if (!account) return l10n.t('account not known yet');
      return withPlan(oneLine(account.name), planLabel(account.plan));
    case 'organization': {
      const plan = organizationOf(profile.name, account)?.plan;
      return withPlan(moneyOf(profile, account), plan && planLabel(plan));
    }
    default:
      return payerName(profile, account);
  }
}

function withPlan(name: string, plan: string | undefined): string {
  return [name, plan].filter(Boolean).join(' · ');
}

/** Who pays, and the command that changes it. */
export function payerRow(parentId: string, input: FaceInput): TreeNode {
  const { payer, snapshot } = input;
  const account = snapshot.account.value;
  const profile = payingProfile(payer);
  const standIn = standInSentence(payer, account);
  const facts = [
    payerName(profile, account),
    payer.standIn ? l10n.t('in place of {0}', payerName(payer.chosen, account)) : '',
    payerFact(input),
  ];
  const alarming = payer.standIn !== undefined || moneyRefused(profile, input) !== undefined;
  return leaf({
    id: `${parentId}/payer`,
    label: l10n.t('Who pays'),
    kind: rowKinds.payer,
    description: facts.filter(Boolean).join(' · '),
    icon: {
      id: payer.standIn ? 'arrow-swap' : payerIcon(profile),
      ...(alarming && { color: colors.warning }),
    },
    tooltip: () =>
      [
        escapeMarkdown(
          standIn ??
            l10n.t(
              'Who is billed for the requests that programs send through Headroom: in a terminal with Headroom, or with a snippet that you copy.',
            ),
        ),
        commandLink(l10n.t('Switch billing…'), commands.switchBilling),
      ].join('\n\n'),
    action: { label: l10n.t('Switch billing…'), command: commands.switchBilling },
  });
}
