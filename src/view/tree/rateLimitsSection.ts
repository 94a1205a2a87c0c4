import * as l10n from '@vscode/l10n';
import { publishedWindowLimit } from '../../limits/account/publishedLimits.ts';
import { type Held, shownHeld } from '../account/heldRequests.ts';
import { single } from '../account/parts.ts';
import {
  bucketMeaning,
  hubWindows,
  isNearlyFull,
  resetText,
  type ShownWindow,
  windowName,
} from '../account/windows.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { ageText, spanInWords } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { heldRows, limitsSummary } from './heldRows.ts';
import { freshness, paragraphs, problemRows, staleAge, unknownPart } from './partRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';
import { windowRow } from './windowRow.ts';

const id = 'rate-limits';

export function rateLimitsSection(input: ViewInput): TreeNode {
  const named = single('gauges', input.snapshot.gauges);
  const held = shownHeld(input.held, input.now).filter(isOfHub);
  // what needs a look first
  const windows = hubWindows(input).toSorted((a, b) => Number(isNearlyFull(b)) - Number(isNearlyFull(a)));
  const rows = windows.map(window => windowRow(id, window, input, () => hubTooltip(window, input)));
  const row = {
    id,
    label: l10n.t('Hub limits'),
    kind: rowKinds.section,
    description: limitsSummary(held, windows, input),
    age: staleAge(named, input),
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
    ...heldRows(held, input),
    ...withUniqueIds(rows),
    blockedRow(input),
  ]);
}

/** The router's limits are Hugging Face's, too. */
export function isOfHub({ by }: Held): boolean {
  return by === 'huggingface';
}

function hubTooltip(window: ShownWindow, input: ViewInput) {
  const { snapshot, now, locale } = input;
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
  const reset = resetText(window, input);
  return [
    bucketMeaning(bucket),
    windowName(window) !== bucket && l10n.t('Hugging Face calls it “{0}”.', bucket),
    windowSeconds !== undefined && l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    over,
    reset !== '' && l10n.t('It opens anew in {0}.', reset),
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
    description: formatCount(blocked, locale),
    age: staleAge(named, input),
    tooltip: () =>
      paragraphs(l10n.t('Requests that Hugging Face refused for a rate limit.'), freshness(named, input)),
  });
}
