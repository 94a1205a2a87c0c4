import * as l10n from '@vscode/l10n';
import { publishedWindowLimit } from '../../limits/account/publishedTiers.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import { windowNow } from '../../limits/pacing/providerWindow.ts';
import { buckets, isNearlyFull } from '../account/buckets.ts';
import { heldTotal, shownHeld } from '../account/heldRequests.ts';
import { heldTotalText } from '../account/heldText.ts';
import { single } from '../account/parts.ts';
import { ownWindows } from '../account/providerWindows.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount, joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText, minutesLeft, spanInWords, wholeMinutesMs } from '../text/times.ts';
import { fullestText, fullnessText, spokenUsage, usageText, windowIcon } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { heldRows } from './heldRows.ts';
import { freshness, paragraphs, problemRows, unknownPart, withAge } from './partRows.ts';
import { providerRows } from './providerRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const id = 'rate-limits';

export function rateLimitsSection(input: ViewInput): TreeNode {
  const { snapshot, now, locale } = input;
  const named = single('gauges', snapshot.gauges);
  const known = buckets(snapshot, now);
  const held = heldTotal(shownHeld(input.held, now), now);
  const waiting = held && heldTotalText({ waiting: held.waiting }, now, locale);
  const row = {
    id,
    label: l10n.t('Rate limits'),
    kind: rowKinds.section,
    description: withAge(joined([waiting, fullest(known, input)]), named, input),
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
    ...withUniqueIds(known.map(bucket => bucketRow(bucket, input))),
    ...providerRows(input),
    blockedRow(input),
  ]);
}

/** `resolvers nearly full`; the Hub's windows before a provider's. */
function fullest(known: readonly RateWindow[], { providerWindows, now }: ViewInput): string {
  return fullestText([
    ...known.map(({ bucket, state }) => ({ name: oneLine(bucket, 40), state })),
    ...ownWindows(providerWindows, now).map(window => ({
      name: oneLine(window.provider, 24),
      state: windowNow(window, now).state,
    })),
  ]);
}

function bucketRow(bucket: RateWindow, input: ViewInput): TreeNode {
  const { now, locale } = input;
  const { resetsAt = now, state } = bucket;
  const name = oneLine(bucket.bucket);
  const usage = usageText(bucket, locale);
  const left = resetsAt - now;
  const counts = isNearlyFull(bucket);
  const reset = counts ? formatCountdown(left) : minutesLeft(left, locale);
  const spokenReset = spokenDuration(counts ? left : wholeMinutesMs(left), locale);
  return leaf({
    id: `${id}/${idSegment(bucket.bucket)}`,
    label: name,
    kind: rowKinds.value,
    description: joined([usage, left > 0 && reset]),
    spoken: joined([
      spokenUsage(bucket, locale),
      fullnessText(state),
      left > 0 && l10n.t('resets in {0}', spokenReset),
    ]),
    icon: windowIcon(state),
    tooltip: () => bucketTooltip(bucket, input),
    copyValue: `${name}: ${usage}`,
  });
}

function bucketTooltip(bucket: RateWindow, { snapshot, now, locale }: ViewInput): string {
  const { rolledOver, asOf, source, state, windowSeconds } = bucket;
  const plan = snapshot.account.value?.plan;
  const published = plan && publishedWindowLimit(plan, bucket.bucket);
  const age = ageText(asOf, now, locale);
  const over = rolledOver
    ? l10n.t('The last known window is over, and a new one has begun. Its use is not known.')
    : state === undefined && l10n.t('That window is over. The use since then is not known.');
  const lastSource =
    source === 'gauge'
      ? l10n.t('From the live usage, {0}.', age)
      : l10n.t('From the last response’s headers, {0}.', age);
  const sentences = [
    windowSeconds !== undefined && l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    over,
    published !== undefined && l10n.t('Your plan’s published limit is {0}.', formatCount(published, locale)),
    !rolledOver && lastSource,
  ];
  return escapeMarkdown(sentences.filter(Boolean).join(' '));
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
