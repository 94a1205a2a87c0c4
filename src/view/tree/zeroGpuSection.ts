import * as l10n from '@vscode/l10n';
import type { ZeroGpuQuota } from '../../limits/account/zeroGpu.ts';
import { single } from '../account/parts.ts';
import { zeroGpuModel } from '../account/zeroGpuModel.ts';
import { rowKinds } from '../contributions.ts';
import { colors, type Icon } from '../text/colors.ts';
import { formatCount, joined } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { amountOfTime, clockText, minutesFromSeconds } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { freshness, paragraphs, problemRows, staleAge, unknownPart } from './partRows.ts';
import { branch, leaf, type TreeNode } from './treeNode.ts';

const id = 'zero-gpu';

export function zeroGpuSection(input: ViewInput): TreeNode {
  const { snapshot, locale } = input;
  const named = single('zeroGpu', snapshot.zeroGpu);
  const quota = zeroGpuModel(input);
  const row = { id, label: l10n.t('ZeroGPU'), icon: { id: 'zap' }, url: pages.zeroGpu };
  const problems = problemRows(id, named, input);
  if (!quota) {
    return branch({ ...row, ...unknownPart(named, input), kind: rowKinds.section }, false, problems);
  }
  const known = {
    ...row,
    kind: rowKinds.section,
    description: timeLeftText(quota, locale),
    age: staleAge(named, input),
    icon: quota.remainingSeconds <= 0 ? { id: 'warning', color: colors.warning } : row.icon,
    ...(quota.remainingSeconds <= 0 && { quota: { kind: 'zero-gpu' } as const }),
    tooltip: () =>
      paragraphs(
        l10n.t(
          'GPU time in Spaces, for 24 hours from the first use. A run reserves the time that it asks for, so it can be refused although some is left.',
        ),
        freshness(named, input),
      ),
  };
  return branch(known, false, [...problems, ...quotaRows(quota, input)]);
}

/** `15 of 40 min left`, `40 s of 40 min left`. */
function timeLeftText({ totalSeconds, remainingSeconds }: ZeroGpuQuota, locale: string): string {
  const inMinutes = Math.min(remainingSeconds, totalSeconds) >= minutesFromSeconds;
  const left = inMinutes
    ? formatCount(Math.floor(remainingSeconds / 60), locale)
    : amountOfTime(remainingSeconds, locale);
  return l10n.t('{0} of {1} left', left, amountOfTime(totalSeconds, locale));
}

function quotaRows(quota: ZeroGpuQuota, input: ViewInput): TreeNode[] {
  const { resetsAt, overquotaSeconds, runs } = quota;
  const { locale, snapshot } = input;
  const about = (text: string) => () =>
    paragraphs(text, freshness(single('zeroGpu', snapshot.zeroGpu), input));
  const rows = [
    valueRow(
      'resets',
      l10n.t('Full again'),
      resetText(resetsAt, input),
      { id: 'clock' },
      about(l10n.t('The quota is full again 24 hours after the first use.')),
    ),
  ];
  if (runs) {
    const used = l10n.t('{0} of {1} used', formatCount(runs.used, locale), formatCount(runs.limit, locale));
    const until = runs.resetsAt !== null && l10n.t('until {0}', serverClockText(runs.resetsAt, input));
    rows.push(
      valueRow(
        'runs',
        l10n.t('Runs'),
        joined([used, until]),
        { id: 'run' },
        about(
          l10n.t(
            'Free accounts have a number of runs in 24 hours. Failed runs come back about 30 minutes later.',
          ),
        ),
      ),
    );
  }
  if (overquotaSeconds) {
    rows.push(
      valueRow(
        'over',
        l10n.t('Beyond the quota'),
        amountOfTime(overquotaSeconds, locale),
        { id: 'credit-card' },
        about(l10n.t('The account’s credits pay for time beyond the quota: $1 for 10 minutes.')),
      ),
    );
  }
  return rows;
}

/** The time of the full quota, `full`, or a dash. */
function resetText(resetsAt: number | null | undefined, input: ViewInput): string {
  if (resetsAt === null) return l10n.t('full');
  return resetsAt === undefined ? '–' : l10n.t('at {0}', serverClockText(resetsAt, input));
}

function serverClockText(at: number, { serverNow: now, locale, timeZone }: ViewInput): string {
  return clockText(at, { now, locale, timeZone });
}

function valueRow(
  key: string,
  label: string,
  description: string,
  icon: Icon,
  tooltip: () => string,
): TreeNode {
  return leaf({ id: `${id}/${key}`, label, kind: rowKinds.value, description, icon, tooltip });
}
