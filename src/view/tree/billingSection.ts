import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { creditsModel, organizationCreditsModel } from '../account/creditsModel.ts';
import { balanceFact } from '../account/creditsText.ts';
import { organizationCredits, single } from '../account/parts.ts';
import { whyUnknown } from '../account/payerFact.ts';
import { accountTitle, moneyOf } from '../billing/payerText.ts';
import { rowKinds } from '../contributions.ts';
import { tokenPlace } from '../signIn/tokenPlace.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { organizationBillingPage, pages } from '../text/pages.ts';
import { utcDayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { accountRows } from './accountRows.ts';
import { creditsFacts, freshness, paragraphs } from './partRows.ts';
import { payerRow, payerTitle } from './payerRow.ts';
import { payerSpendRow } from './spendRows.ts';
import { branch, leaf, type TreeNode } from './treeNode.ts';

const payerId = 'billing';
const accountId = 'account';

/** The payer with its own figures, and the account with its own while another payer is chosen. */
export function billingSections(input: ViewInput): { payer: TreeNode; account: TreeNode[] } {
  const profile = payingProfile(input.payer);
  if (profile.kind !== 'personal') {
    const children = [payerRow(payerId, input), ...payerMoneyRows(input)];
    return { payer: branch(payerSection(input), true, children), account: [accountSection(input)] };
  }
  const children = [payerRow(payerId, input), ...accountRows(payerId, input)];
  return { payer: branch(payerSection(input), true, children), account: [] };
}

function payerSection(input: ViewInput) {
  const { session, account } = input.snapshot;
  const profile = payingProfile(input.payer);
  const isUser = profile.kind === 'personal' && account.value?.type !== 'org';
  return {
    id: payerId,
    label: isUser ? l10n.t('You pay') : l10n.t('{0} pays', moneyOf(profile, account.value)),
    kind: rowKinds.section,
    description: payerTitle(input),
    icon: { id: 'credit-card' },
    tooltip: () =>
      paragraphs(
        session && escapeMarkdown(tokenPlace(session.source)),
        freshness(single('account', account), input),
      ),
    url: profile.kind === 'organization' ? organizationBillingPage(profile.name) : pages.billing,
  };
}

/** A dash and the reason where nothing is known of the payer's money. */
function payerMoneyRows(input: ViewInput): TreeNode[] {
  const profile = payingProfile(input.payer);
  const row = { id: `${payerId}/credits`, label: l10n.t('Credits'), icon: { id: 'credit-card' } };
  const name = profile.kind === 'organization' ? profile.name : '';
  const credits = organizationCreditsModel(name, input);
  const named = organizationCredits(input.snapshot, name);
  if (!credits || !named) {
    const why = whyUnknown(input);
    const tooltip = () => escapeMarkdown(why);
    return [leaf({ ...row, kind: rowKinds.unknown, description: joined(['–', why]), spoken: why, tooltip })];
  }
  const resets = l10n.t('resets {0}', utcDayText(credits.balance.resetsAt, input.locale));
  const creditsRow = leaf({
    ...row,
    ...creditsFacts(credits, named, input, resets),
    icon: credits.low ? { id: 'warning', color: colors.warning } : row.icon,
    tooltip: () => freshness(named, input),
    url: organizationBillingPage(name),
  });
  return [creditsRow, ...payerSpendRow(payerId, named, credits, input)];
}

function accountSection(input: ViewInput): TreeNode {
  const { account, session } = input.snapshot;
  const row = {
    id: accountId,
    label: accountTitle(account.value),
    kind: rowKinds.section,
    description: session ? balanceFact(creditsModel(input), input) : l10n.t('not signed in to Hugging Face'),
    icon: { id: 'account' },
    tooltip: () => freshness(single('account', account), input),
    url: pages.billing,
  };
  return branch(row, true, accountRows(accountId, input));
}
