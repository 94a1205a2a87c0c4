import * as l10n from '@vscode/l10n';
import { publishedWindowLimit } from '../../limits/account/publishedTiers.ts';
import { heldTotal, shownHeld } from '../account/heldRequests.ts';
import { heldTotalText } from '../account/heldText.ts';
import { single } from '../account/parts.ts';
import { hubWindows, ownWindows, type ShownWindow } from '../account/windows.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount, joined } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { ageText, spanInWords } from '../text/times.ts';
import { fullestText } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { heldRows } from './heldRows.ts';
import { freshness, paragraphs, problemRows, unknownPart, withAge } from './partRows.ts';
import { providerRows } from './providerRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';
import { windowRow } from './windowRow.ts';

const id = 'rate-limits';

export function rateLimitsSection(input: ViewInput): TreeNode {
  const { snapshot, now, locale } = input;
  const named = single('gauges', snapshot.gauges);
  const held = heldTotal(shownHeld(input.held, now), now);
  const waiting = held && heldTotalText({ waiting: held.waiting }, now, locale);
  // the Hub's windows before a provider's
  const fullest = fullestText(ownWindows(input), ({ provider, bucket }) => oneLine(provider ?? bucket, 40));
  const hubRows = hubWindows(input).map(window =>
    windowRow(id, window, input, () => hubTooltip(window, input)),
  );
  const row = {
    id,
    label: l10n.t('Rate limits'),
    kind: rowKinds.section,
    description: withAge(joined([waiting, fullest]), named, input),
    icon: { id: 'dashboard' },
    tooltip: () =>
      paragraphs(
        l10n.t(
          'Requests to the Hub in fixed windows of 5 minutes. Each member of an organization has their own.',
        ),
        freshness(named, input),
      ),
    url: pages.rateLimits,
  };
  return branch(row, true, [
    ...problemRows(id, named, input),
    ...heldRows(input),
    ...withUniqueIds(hubRows),
    ...providerRows(input),
    blockedRow(input),
  ]);
}

function hubTooltip(window: ShownWindow, { snapshot, now, locale }: ViewInput) {
  const { rolledOver, asOf, source, isOver, windowSeconds, bucket } = window;
  const plan = snapshot.account.value?.plan;
  const published = plan && publishedWindowLimit(plan, bucket);
  const age = ageText(asOf, now, locale);
  const over = rolledOver
    ? l10n.t('The last known window is over, and a new one has begun. Its use is not known.')
    : isOver && l10n.t('That window is over. The use since then is not known.');
  const lastSource =
    source === 'gauge'
      ? l10n.t('From the live usage, {0}.', age)
      : l10n.t('From the last response’s headers, {0}.', age);
  return [
    windowSeconds !== undefined && l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    over,
    published !== undefined && l10n.t('Your plan’s published limit is {0}.', formatCount(published, locale)),
    !rolledOver && lastSource,
  ];
}

function blockedRow(input: ViewInput): TreeNode {
  const { snapshot, locale } = input;
  const named = single('gauges', snapshot.gauges);
  const blocked = snapshot.gauges.value?.blockedPastWeek;
  const row = {
    id: `${id}:blocked`,
    label: l10n.t('Blocked in the past week'),
    icon: { id: 'circle-slash' },
  };
  if (blocked === undefined) return leaf({ ...row, ...unknownPart(named, input) });
  return leaf({
    ...row,
    kind: rowKinds.value,
    description: withAge(formatCount(blocked, locale), named, input),
    tooltip: () =>
      paragraphs(l10n.t('Requests that Hugging Face refused for a rate limit.'), freshness(named, input)),
  });
}
