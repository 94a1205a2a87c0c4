import * as l10n from '@vscode/l10n';
import { formatCountdown } from '../limits/duration.ts';
import { hardwarePressure } from '../limits/endpointCost.ts';
import { type HardwareQuota, quotaEffect } from '../limits/endpoints.ts';
import { type Bucket, buckets, isNearlyFull } from './buckets.ts';
import { focusLimits } from './contributions.ts';
import { bar, formatCount } from './counts.ts';
import { computeName, totalCostText } from './endpointCostText.ts';
import { knownHardware } from './endpointsSection.ts';
import { commandLink, escapeMarkdown } from './escapeMarkdown.ts';
import type { FaceInput } from './faceInput.ts';
import { isFull } from './hardwareSection.ts';
import { withAge } from './partRows.ts';
import { byName, single } from './parts.ts';
import { oneLine } from './plainText.ts';
import { shownPrice } from './prices.ts';
import { groupRefusals } from './refusalGroups.ts';
import { refusalEnd, refusalTitle } from './refusalText.ts';
import { rememberLast } from './rememberLast.ts';
import { amountOfTime, clockText, minutesLeft } from './times.ts';
import { usageText, usedFraction } from './windowText.ts';
import { zeroGpuFace } from './zeroGpuFace.ts';
import { resetText } from './zeroGpuSection.ts';

const BAR_CELLS = 10;
/** A hover that is sent anew each second would flicker. */
const HOVER_STEP_MS = 10_000;
const MOST_BUCKETS = 8;
const MOST_HARDWARE = 3;
const MOST_REFUSALS = 3;

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
  return [...new Set(texts)].slice(0, MOST_HARDWARE);
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
    .slice(0, MOST_BUCKETS);
  const age = withAge('', single('gauges', input.snapshot.gauges), input);
  const title = `**${l10n.t('Hub, in 5 minutes')}**${age === '' ? '' : ` ${escapeMarkdown(age)}`}`;
  return [[title, ...shown.map(bucket => bucketLine(bucket, input))].join('  \n')];
}

function bucketLine(bucket: Bucket, { now, locale }: FaceInput): string {
  const { resetsAt } = bucket;
  const timeLeft = (ms: number) =>
    isNearlyFull(bucket)
      ? formatCountdown(Math.ceil(ms / HOVER_STEP_MS) * HOVER_STEP_MS)
      : minutesLeft(ms, locale);
  const mark = isNearlyFull(bucket) ? ' ⚠' : '';
  const countdown = resetsAt !== undefined && resetsAt > now ? ` · ${timeLeft(resetsAt - now)}` : '';
  const filled = usedFraction(bucket);
  const gauge = filled === undefined ? '' : `${bar(filled, BAR_CELLS)} `;
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
  const lines = groups.slice(0, MOST_REFUSALS).map(({ newest, count }) => {
    const facts = [refusalTitle(newest, locale), refusalEnd(newest, input), count === 1 ? '' : `×${count}`];
    return escapeMarkdown(
      `${clockText(newest.at, now, locale, options.timeZone)}  ${facts.filter(Boolean).join(' · ')}`,
    );
  });
  const all = commandLink(l10n.t('Show all'), focusLimits);
  return [[`**${l10n.t('Lately refused')}** ${all}`, ...lines].join('  \n')];
}
