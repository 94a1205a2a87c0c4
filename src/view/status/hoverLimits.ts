import * as l10n from '@vscode/l10n';
import { hardwarePressure } from '../../limits/account/endpointCost.ts';
import { type HardwareQuota, quotaEffect } from '../../limits/account/endpoints.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { type Bucket, buckets, isNearlyFull } from '../account/buckets.ts';
import { computeName, totalCostText } from '../account/endpointCostText.ts';
import { byName, single } from '../account/parts.ts';
import { zeroGpuFace } from '../account/zeroGpuModel.ts';
import { focusLimits } from '../contributions.ts';
import { groupRefusals } from '../refusals/refusalGroups.ts';
import { refusalEnd, refusalTitle } from '../refusals/refusalText.ts';
import { bar, formatCount } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import { rememberLast } from '../text/rememberLast.ts';
import { amountOfTime, clockText, minutesLeft } from '../text/times.ts';
import { usageText, usedFraction } from '../text/windowText.ts';
import { knownHardware } from '../tree/endpointsSection.ts';
import { isFull } from '../tree/hardwareSection.ts';
import { withAge } from '../tree/partRows.ts';
import { resetText } from '../tree/zeroGpuSection.ts';
import type { FaceInput } from '../viewInput.ts';

const barCells = 10;
/** A hover that is sent anew each second would flicker. */
const hoverStepMs = 10_000;
const mostBuckets = 8;
const mostHardware = 3;
const mostRefusals = 3;

/** `2 running · $1.60/h · L4 2/2 used · 1 scaled to zero still counts`. Nothing where there are no endpoints. */
export function hoverEndpoints(input: FaceInput): string[] {
  const { snapshot, locale } = input;
  const endpoints = Object.values(snapshot.endpoints).flatMap(({ value }) => value ?? []);
  if (endpoints.length === 0) return [];
  const all = knownHardware(input);
  const running = endpoints.filter(({ state }) => state === 'running').length;
  const asleep = endpoints.filter(endpoint => quotaEffect(endpoint).reason === 'scaled-to-zero').length;
  const facts = [
    l10n.t('{0} running', running),
    totalCostText(endpoints, all, locale, shownPrice),
    ...accelerators(all, locale),
    asleep === 0 ? undefined : l10n.t('{0} scaled to zero, still in the quota', asleep),
  ].filter(fact => fact !== undefined);
  const aged = oldest(input, facts.join(' · '));
  return [`**${l10n.t('Endpoints')}** ${escapeMarkdown(aged)}`];
}

/** The fullest, each once: the same quota is told for every region and size. */
function accelerators(all: readonly HardwareQuota[], locale: string): string[] {
  return lastAccelerators([all, locale], () => fullest(all, locale));
}

const lastAccelerators = rememberLast<string[]>();

function fullest(all: readonly HardwareQuota[], locale: string): string[] {
  const inUse = hardwarePressure(all.filter(({ used = 0 }) => used > 0));
  const texts = inUse.map(compute => {
    const { used = 0, max } = compute;
    const use =
      max === undefined
        ? formatCount(used, locale)
        : `${formatCount(used, locale)}/${formatCount(max, locale)}`;
    return `${computeName(compute)} ${l10n.t('{0} used', use)}${isFull(compute) ? ' ⚠' : ''}`;
  });
  return [...new Set(texts)].slice(0, mostHardware);
}

/** With the age of the namespace that has gone longest without an answer, where that is stale. */
function oldest(input: FaceInput, text: string): string {
  const parts = byName('endpoints', input.snapshot.endpoints).filter(({ part }) => part.asOf !== undefined);
  const [first] = parts.sort((a, b) => (a.part.asOf ?? 0) - (b.part.asOf ?? 0));
  return first ? withAge(text, first, input) : text;
}

/** A bar for each bucket, the fullest first, with the time to its reset. */
export function hoverHub(input: FaceInput): string[] {
  const known = buckets(input.snapshot, input.now);
  if (known.length === 0) return [];
  const shown = [...known]
    .sort((a, b) => (usedFraction(b) ?? -1) - (usedFraction(a) ?? -1))
    .slice(0, mostBuckets);
  const age = withAge('', single('gauges', input.snapshot.gauges), input);
  const title = `**${l10n.t('Hub, in 5 minutes')}**${age === '' ? '' : ` ${escapeMarkdown(age)}`}`;
  return [[title, ...shown.map(bucket => bucketLine(bucket, input))].join('  \n')];
}

function bucketLine(bucket: Bucket, { now, locale }: FaceInput): string {
  const { resetsAt } = bucket;
  const timeLeft = (ms: number) =>
    isNearlyFull(bucket)
      ? formatCountdown(Math.ceil(ms / hoverStepMs) * hoverStepMs)
      : minutesLeft(ms, locale);
  const mark = isNearlyFull(bucket) ? ' ⚠' : '';
  const countdown = resetsAt !== undefined && resetsAt > now ? ` · ${timeLeft(resetsAt - now)}` : '';
  const filled = usedFraction(bucket);
  const gauge = filled === undefined ? '' : `${bar(filled, barCells)} `;
  return `${gauge}${escapeMarkdown(`${oneLine(bucket.bucket, 40)} ${usageText(bucket, locale)}${mark}${countdown}`)}`;
}

/** `15 min of 40 min left · full again at 18:20`. */
export function hoverZeroGpu(input: FaceInput): string[] {
  const { snapshot, locale } = input;
  const quota = zeroGpuFace(input);
  if (!quota) return [];
  const { totalSeconds, remainingSeconds, resetsAt, runs } = quota;
  const facts = [
    l10n.t('{0} of {1} left', amountOfTime(remainingSeconds, locale), amountOfTime(totalSeconds, locale)),
    runs
      ? l10n.t('{0} of {1} runs used', formatCount(runs.used, locale), formatCount(runs.limit, locale))
      : '',
    typeof resetsAt === 'number' ? l10n.t('full again {0}', resetText(resetsAt, input)) : '',
  ];
  const text = withAge(facts.filter(Boolean).join(' · '), single('zeroGpu', snapshot.zeroGpu), input);
  return [`**ZeroGPU** ${escapeMarkdown(text)}`];
}

/** The last three groups of refusals, and a way to the others. */
export function hoverRefusals(input: FaceInput): string[] {
  const { snapshot, now, locale, options } = input;
  const groups = groupRefusals(snapshot.refusals);
  if (groups.length === 0) return [];
  const lines = groups.slice(0, mostRefusals).map(({ newest, count }) => {
    const facts = [refusalTitle(newest, locale), refusalEnd(newest, input), count === 1 ? '' : `×${count}`];
    return escapeMarkdown(
      `${clockText(newest.at, now, locale, options.timeZone)}  ${facts.filter(Boolean).join(' · ')}`,
    );
  });
  const all = commandLink(l10n.t('Show all'), focusLimits);
  return [[`**${l10n.t('Lately refused')}** ${all}`, ...lines].join('  \n')];
}
