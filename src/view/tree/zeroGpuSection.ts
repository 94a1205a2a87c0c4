import * as l10n from '@vscode/l10n';
import type { ZeroGpuQuota } from '../../limits/account/zeroGpu.ts';
import { single } from '../account/parts.ts';
import { zeroGpuFace } from '../account/zeroGpuModel.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { amountOfTime, clockText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import { freshness, problemRows, unknownReason, withAge } from './partRows.ts';
import { branch, colors, leaf, type TreeNode } from './treeNode.ts';

const id = 'zero-gpu';

export function zeroGpuSection(input: FaceInput): TreeNode {
  const { snapshot, locale } = input;
  const named = single('zeroGpu', snapshot.zeroGpu);
  const quota = zeroGpuFace(input);
  const row = {
    id: id,
    label: l10n.t('ZeroGPU'),
    kind: rowKinds.section,
    icon: { id: 'zap' },
    url: pages.zeroGpu,
  };
  const problems = problemRows(id, named, input);
  if (!quota) {
    const unknown = {
      ...row,
      description: '–',
      spoken: l10n.t('not known'),
      tooltip: () => unknownReason(named, input),
    };
    return branch(unknown, false, problems);
  }
  const description = withAge(l10n.t('{0} left', amountOfTime(quota.remainingSeconds, locale)), named, input);
  const tooltip = () =>
    [
      l10n.t(
        'GPU time in Spaces, for 24 hours from the first use. A run reserves the time that it asks for, so it can be refused with some left.',
      ),
      freshness(named, input),
    ].join('\n\n');
  return branch({ ...row, description, tooltip }, false, [...problems, ...quotaRows(quota, input)]);
}

function quotaRows(
  { totalSeconds, remainingSeconds, resetsAt, overquotaSeconds, runs }: ZeroGpuQuota,
  input: FaceInput,
): TreeNode[] {
  const { serverNow, locale, options } = input;
  const empty = remainingSeconds <= 0;
  const rows = [
    valueRow(
      'time',
      l10n.t('Time'),
      l10n.t('{0} left of {1}', amountOfTime(remainingSeconds, locale), amountOfTime(totalSeconds, locale)),
      empty ? { id: 'warning', color: colors.warning } : { id: 'clock' },
    ),
    valueRow('resets', l10n.t('Full again'), resetText(resetsAt, input), { id: 'history' }),
  ];
  if (runs) {
    const used = l10n.t('{0} of {1} used', formatCount(runs.used, locale), formatCount(runs.limit, locale));
    const again =
      runs.resetsAt === null
        ? ''
        : ` · ${l10n.t('until {0}', clockText(runs.resetsAt, serverNow, locale, options.timeZone))}`;
    rows.push(valueRow('runs', l10n.t('Runs'), `${used}${again}`, { id: 'run' }));
  }
  if (overquotaSeconds) {
    rows.push(
      valueRow('over', l10n.t('Beyond the quota'), amountOfTime(overquotaSeconds, locale), {
        id: 'credit-card',
      }),
    );
  }
  return rows;
}

/** When the quota is full again, for the hover too. */
export function resetText(
  resetsAt: number | null | undefined,
  { serverNow, locale, options }: FaceInput,
): string {
  if (resetsAt === null) return l10n.t('full');
  return resetsAt === undefined
    ? '–'
    : l10n.t('at {0}', clockText(resetsAt, serverNow, locale, options.timeZone));
}

function valueRow(
  key: string,
  label: string,
  description: string,
  icon: { id: string; color?: string },
): TreeNode {
  return leaf({
    id: `${id}/${key}`,
    label,
    kind: rowKinds.value,
    description,
    icon,
    tooltip: () => explain(key),
  });
}

function explain(key: string): string {
  switch (key) {
    case 'runs':
      return l10n.t(
        'Free accounts have a number of runs in 24 hours. Runs that failed are given back some 30 minutes later.',
      );
    case 'over':
      return l10n.t('Time beyond the quota is paid from the account’s credits: $1 for 10 minutes.');
    case 'resets':
      return l10n.t('The quota is full again 24 hours after the first use.');
    default:
      return l10n.t('GPU seconds that Spaces may use with this account.');
  }
}
