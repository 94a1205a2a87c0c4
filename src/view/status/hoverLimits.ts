import * as l10n from '@vscode/l10n';
import { hardwarePressure } from '../../limits/account/endpointCost.ts';
import { type HardwareQuota, quotaEffect } from '../../limits/account/endpoints.ts';
import { memoLast } from '../../limits/headers/memo.ts';
import { lastOf } from '../../limits/refusals/refusal.ts';
import { computeName, isFull, totalCostText } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName, single } from '../account/parts.ts';
import { zeroGpuModel } from '../account/zeroGpuModel.ts';
import { focusLimits } from '../contributions.ts';
import { groupRefusals } from '../refusals/refusalGroups.ts';
import { refusalEnd, refusalTitle } from '../refusals/refusalText.ts';
import { formatCount, joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { shownPrice } from '../text/prices.ts';
import { amountOfTime, clockText, clockWithSeconds, countsDownMs } from '../text/times.ts';
import { withAge } from '../tree/partRows.ts';
import { resetText } from '../tree/zeroGpuSection.ts';
import type { ViewInput } from '../viewInput.ts';

const mostHardware = 3;
const mostRefusals = 3;

/** `2 running · $1.60/h · L4 2/2 used · 1 scaled to zero, still in the quota`; nothing without endpoints. */
export function hoverEndpoints(input: ViewInput): string[] {
  const { snapshot, locale } = input;
  const endpoints = Object.values(snapshot.endpoints).flatMap(({ value }) => value ?? []);
  if (endpoints.length === 0) return [];
  const all = knownHardware(snapshot);
  const running = endpoints.filter(({ state }) => state === 'running').length;
  const asleep = endpoints.filter(endpoint => quotaEffect(endpoint).reason === 'scaled-to-zero').length;
  const facts = joined([
    l10n.t('{0} running', running),
    totalCostText(endpoints, all, locale, shownPrice),
    ...lastAccelerators([all, locale], () => fullest(all, locale)),
    asleep > 0 && l10n.t('{0} scaled to zero, still in the quota', asleep),
  ]);
  return [`**${l10n.t('Endpoints')}** ${escapeMarkdown(withOldestAge(facts, input))}`];
}

const lastAccelerators = memoLast<string[]>();

/** Each accelerator once: Hugging Face repeats a quota for every region and size. */
function fullest(all: readonly HardwareQuota[], locale: string): string[] {
  const inUse = hardwarePressure(all.filter(({ used = 0 }) => used > 0));
  const texts = inUse.map(compute => {
    const { used = 0, max } = compute;
    const of = max === undefined ? '' : `/${formatCount(max, locale)}`;
    const use = l10n.t('{0} used', `${formatCount(used, locale)}${of}`);
    return `${computeName(compute)} ${use}${isFull(compute) ? ' ⚠' : ''}`;
  });
  return [...new Set(texts)].slice(0, mostHardware);
}

/** The age is of the namespace with the oldest answer, once that is stale. */
function withOldestAge(text: string, input: ViewInput): string {
  const parts = byName('endpoints', input.snapshot.endpoints).filter(({ asOf }) => asOf !== undefined);
  const [first] = parts.sort((a, b) => (a.asOf ?? 0) - (b.asOf ?? 0));
  return first ? withAge(text, first, input) : text;
}

/** `15 min of 40 min left · full again at 18:20`. */
export function hoverZeroGpu(input: ViewInput): string[] {
  const { snapshot, locale } = input;
  const quota = zeroGpuModel(input);
  if (!quota) return [];
  const { totalSeconds, remainingSeconds, resetsAt, runs } = quota;
  const facts = joined([
    l10n.t('{0} of {1} left', amountOfTime(remainingSeconds, locale), amountOfTime(totalSeconds, locale)),
    runs && l10n.t('{0} of {1} runs used', formatCount(runs.used, locale), formatCount(runs.limit, locale)),
    typeof resetsAt === 'number' && l10n.t('full again {0}', resetText(resetsAt, input)),
  ]);
  return [`**ZeroGPU** ${escapeMarkdown(withAge(facts, single('zeroGpu', snapshot.zeroGpu), input))}`];
}

/** The last three groups of refusals, and a link to all. */
export function hoverRefusals(input: ViewInput): string[] {
  const groups = groupRefusals(input.snapshot.refusals);
  if (groups.length === 0) return [];
  const lines = groups.slice(0, mostRefusals).map(({ newest, count }) => {
    const title = refusalTitle(newest, input.locale);
    const end = (newest.resetsAt ?? 0) - input.now;
    const lasts = end > 0 && end < countsDownMs;
    const until = lasts && l10n.t('until {0}', clockWithSeconds(newest.resetsAt ?? 0, input));
    const facts = joined([title, until || refusalEnd(newest, input), count > 1 && `×${count}`]);
    return escapeMarkdown(`${clockText(lastOf(newest), input)}  ${facts}`);
  });
  const all = commandLink(l10n.t('Show all'), focusLimits);
  return [[`**${l10n.t('Lately refused')}** ${all}`, ...lines].join('  \n')];
}
