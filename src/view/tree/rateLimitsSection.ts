import * as l10n from '@vscode/l10n';
import { publishedWindowLimit } from '../../limits/account/publishedTiers.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { windowNow } from '../../limits/pacing/providerWindow.ts';
import { type Bucket, buckets, isNearlyFull } from '../account/buckets.ts';
import { shownHeld, waitingOf } from '../account/heldRequests.ts';
import { waitingText } from '../account/heldText.ts';
import { single } from '../account/parts.ts';
import { ownWindows } from '../account/providerWindows.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText, minutesLeft, spanInWords, wholeMinutesMs } from '../text/times.ts';
import { usageText, windowIcon } from '../text/windowText.ts';
import type { FaceInput } from '../viewInput.ts';
import { heldRows } from './heldRows.ts';
import { freshness, problemRows, unknownReason, withAge } from './partRows.ts';
import { providerRows } from './providerRows.ts';
import { branch, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const id = 'rate-limits';

export function rateLimitsSection(input: FaceInput): TreeNode {
  const { snapshot, now, locale, options } = input;
  const named = single('gauges', snapshot.gauges);
  const known = buckets(snapshot, now);
  const waits = waitingOf(shownHeld(options.held, now), now);
  const waiting = waits ? waitingText({ waiting: waits.waiting }, now, locale) : '';
  const description = withAge([waiting, fullest(known, input)].filter(Boolean).join(' · '), named, input);
  const row = {
    id: id,
    label: l10n.t('Rate limits'),
    kind: rowKinds.section,
    description,
    icon: { id: 'dashboard' },
    tooltip: () =>
      [
        l10n.t(
          'Requests to the Hub in fixed windows of 5 minutes. Members of an organization each have their own.',
        ),
        freshness(named, input),
      ]
        .filter(Boolean)
        .join('\n\n'),
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

/** `resolvers nearly full`; with several full ones the first, the Hub's before a provider's. */
function fullest(known: readonly Bucket[], { options, now }: FaceInput): string {
  const named = [
    ...known.map(({ bucket, state }) => ({ name: oneLine(bucket, 40), state })),
    ...ownWindows(options.providerWindows, now).map(window => ({
      name: oneLine(window.provider, 24),
      state: windowNow(window, now).state,
    })),
  ];
  const full = named.find(({ state }) => state === 'full');
  if (full) return l10n.t('{0} full', full.name);
  const nearly = named.find(({ state }) => state === 'nearly-full');
  return nearly ? l10n.t('{0} nearly full', nearly.name) : '';
}

function bucketRow(bucket: Bucket, input: FaceInput): TreeNode {
  const { now, locale } = input;
  const { resetsAt, state } = bucket;
  const name = oneLine(bucket.bucket);
  const runs = resetsAt !== undefined && resetsAt > now;
  const usage = usageText(bucket, locale);
  const words = state === 'full' ? l10n.t('full') : state === 'nearly-full' ? l10n.t('nearly full') : '';
  const counts = isNearlyFull(bucket);
  const timeLeft = (ms: number) => (counts ? formatCountdown(ms) : minutesLeft(ms, locale));
  const spokenLeft = (ms: number) => spokenDuration(counts ? ms : wholeMinutesMs(ms), locale);
  const spoken = [
    usage.replace(' / ', ` ${l10n.t('of')} `),
    words,
    runs ? l10n.t('resets in {0}', spokenLeft(resetsAt - now)) : '',
  ];
  return leaf({
    id: `${id}/${idSegment(bucket.bucket)}`,
    label: name,
    kind: rowKinds.value,
    description: runs ? `${usage} · ${timeLeft(resetsAt - now)}` : usage,
    spoken: spoken.filter(Boolean).join(', '),
    icon: windowIcon(state),
    tooltip: () => bucketTooltip(bucket, input),
    copyValue: `${name}: ${usage}`,
  });
}

function bucketTooltip(bucket: Bucket, { snapshot, now, locale }: FaceInput): string {
  const { rolledOver, asOf, source, state, windowSeconds } = bucket;
  const plan = snapshot.account.value?.plan;
  const published = plan && publishedWindowLimit(plan, bucket.bucket);
  const age = ageText(asOf, now, locale);
  const sentences = [
    windowSeconds === undefined ? '' : l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    rolledOver
      ? l10n.t(
          'The window that was last seen is over, so a new one has begun. What was used since is not known.',
        )
      : '',
    !rolledOver && state === undefined
      ? l10n.t('That window is over. What was used since is not known.')
      : '',
    published === undefined
      ? ''
      : l10n.t('Your plan’s published limit is {0}.', formatCount(published, locale)),
    rolledOver
      ? ''
      : source === 'gauge'
        ? l10n.t('From the live usage, {0}.', age)
        : l10n.t('From the last response’s headers, {0}.', age),
  ];
  return escapeMarkdown(sentences.filter(Boolean).join(' '));
}

function blockedRow(input: FaceInput): TreeNode {
  const { snapshot, locale } = input;
  const named = single('gauges', snapshot.gauges);
  const blocked = snapshot.gauges.value?.blockedPastWeek;
  const row = {
    id: `${id}:blocked`,
    label: l10n.t('Blocked in the past week'),
    icon: { id: 'circle-slash' },
  };
  if (blocked === undefined) {
    const spoken = l10n.t('not known');
    return leaf({
      ...row,
      kind: rowKinds.unknown,
      description: '–',
      spoken,
      tooltip: () => unknownReason(named, input),
    });
  }
  return leaf({
    ...row,
    kind: rowKinds.value,
    description: withAge(formatCount(blocked, locale), named, input),
    tooltip: () =>
      [l10n.t('Requests that Hugging Face refused for a rate limit.'), freshness(named, input)].join('\n\n'),
  });
}
