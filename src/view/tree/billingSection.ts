import * as l10n from '@vscode/l10n';
import { type BillingProfile, payingProfile } from '../../billing/profile.ts';
import { type CreditsModel, creditsModel, organizationCreditsModel } from '../account/creditsModel.ts';
import { creditsText, shortCreditsText, spokenCredits } from '../account/creditsText.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { organizationCredits, single } from '../account/parts.ts';
import { payerFact, whyUnknown } from '../account/payerFact.ts';
import { alerts } from '../alerts/alerts.ts';
import { spendingLimitId } from '../alerts/creditsLimits.ts';
import { accountTitle, moneyOf, payerIcon } from '../billing/payerText.ts';
import { rowKinds } from '../contributions.ts';
import { tokenPlace } from '../signIn/tokenPlace.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { organizationBillingPage, pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { ageText, utcDayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { accountRows } from './accountRows.ts';
import { budgetRows } from './budgetRows.ts';
import { creditsFacts, freshness, paragraphs } from './partRows.ts';
import { payerPlan, payerTooltip, standInRow } from './payerRow.ts';
import { payerSpendRow } from './spendRows.ts';
import { branch, leaf, shortName, type TreeNode } from './treeNode.ts';

const payerId = 'billing';
const accountId = 'account';

/** The payer with its own figures, and the account with its own while another payer is chosen. */
export function billingSections(input: ViewInput): { payer: TreeNode; account: TreeNode[] } {
  const profile = payingProfile(input.payer);
  if (profile.kind !== 'personal') {
    const children = [
      ...standInRow(payerId, input),
      ...payerMoneyRows(input),
      ...budgetRows(payerId, profile, input),
    ];
    return { payer: branch(payerSection(input), true, children), account: [accountSection(input)] };
  }
  const children = [...standInRow(payerId, input), ...accountRows(payerId, input)];
  return { payer: branch(payerSection(input), true, children), account: [] };
}

function payerSection(input: ViewInput) {
  const { session, account } = input.snapshot;
  const profile = payingProfile(input.payer);
  const isUser = profile.kind === 'personal' && account.value?.type !== 'org';
  const credits = profile.kind === 'personal' ? creditsModel(input) : payerCredits(input);
  const owner = moneyOf(profile, account.value);
  const label = isUser ? l10n.t('You pay') : l10n.t('{0} pays', owner);
  const textOf = label.length > shortName ? shortCreditsText : creditsText;
  return {
    id: payerId,
    label,
    kind: rowKinds.section,
    ...moneyFacts(credits, payerFact(input) || unknownMoney(), input, payerPlan(input), textOf),
    icon: { id: payerIcon(profile), ...(moneyRefused(profile, input) && { color: colors.warning }) },
    tooltip: () =>
      paragraphs(
        payerTooltip(input),
        session && escapeMarkdown(tokenPlace(session.source)),
        freshness(single('account', account), input),
      ),
    url: payerPage(profile),
  };
}

function unknownMoney(): string {
  return l10n.t('what is left is not known');
}

/** An organization's credits, while it pays. */
function payerCredits(input: ViewInput): CreditsModel | undefined {
  const profile = payingProfile(input.payer);
  return profile.kind === 'organization' ? organizationCreditsModel(profile.name, input) : undefined;
}

/** `$0.98 left of $2.00`, with its age once it is stale. */
function moneyFacts(
  credits: CreditsModel | undefined,
  unknown: string,
  input: ViewInput,
  plan: string,
  textOf = creditsText,
) {
  const { now, locale } = input;
  if (!credits) return { description: joined([unknown, plan]) };
  return {
    description: joined([textOf(credits, locale), plan]),
    spoken: joined([spokenCredits(credits, locale), plan]),
    ...(credits.stale && { age: ageText(credits.asOf, now, locale) }),
  };
}

/** Undefined: Hugging Face has no page about a provider's bill. */
function payerPage(profile: BillingProfile): string | undefined {
  switch (profile.kind) {
    case 'personal':
      return pages.billing;
    case 'organization':
      return organizationBillingPage(profile.name);
    case 'resource-group':
      return organizationBillingPage(profile.organization);
    case 'provider-key':
      return undefined;
  }
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
    const unknown = { kind: rowKinds.unknown, description: joined(['–', why]), spoken: why, tooltip };
    return [leaf({ ...row, ...unknown }), ...reachedLimitRow(input)];
  }
  const resets = l10n.t('resets {0}', utcDayText(credits.balance.resetsAt, input.locale));
  const creditsRow = leaf({
    ...row,
    ...creditsFacts(credits, named, input, resets),
    icon: credits.low ? { id: 'warning', color: colors.warning } : row.icon,
    tooltip: () => freshness(named, input),
    url: organizationBillingPage(name),
  });
  return [creditsRow, ...reachedLimitRow(input), ...payerSpendRow(payerId, named, credits, input)];
}

/** The spending limit of the payer, once requests are refused for it: before that few tokens can read it. */
function reachedLimitRow(input: ViewInput): TreeNode[] {
  const id = spendingLimitId(payingProfile(input.payer));
  const alert = alerts(input).find(each => each.id === id && each.level === 'gone');
  if (!alert) return [];
  const row = leaf({
    id: `${payerId}/spending-limit`,
    label: l10n.t('Spending limit'),
    kind: rowKinds.value,
    description: l10n.t('reached'),
    icon: { id: 'warning', color: colors.warning },
    tooltip: () => escapeMarkdown(alert.sentence),
  });
  return [row];
}

function accountSection(input: ViewInput): TreeNode {
  const { account, session } = input.snapshot;
  const isUser = account.value?.type !== 'org';
  const row = {
    id: accountId,
    label: isUser ? l10n.t('Your account') : accountTitle(account.value),
    kind: rowKinds.section,
    ...moneyFacts(
      creditsModel(input),
      session ? unknownMoney() : l10n.t('not signed in to Hugging Face'),
      input,
      isUser ? oneLine(account.value?.name ?? '') : '',
    ),
    icon: { id: 'account' },
    tooltip: () => freshness(single('account', account), input),
    url: pages.billing,
  };
  return branch(row, true, accountRows(accountId, input));
}
