import * as l10n from '@vscode/l10n';
import type { HardwareQuota } from '../../limits/account/endpoints.ts';
import { computeName, isFull } from '../account/endpointCostText.ts';
import { byName, single } from '../account/parts.ts';
import { isStale } from '../account/staleness.ts';
import { zeroGpuModel } from '../account/zeroGpuModel.ts';
import { formatCount } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { amountOfTime, clockText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { type LimitState, levelOf } from './limitState.ts';

/** Hardware in use of Inference Endpoints. A full quota does its job: it has a notice, and no badge. */
export function hardwareLimits(input: ViewInput): LimitState[] {
  const { snapshot, locale, now, serverNow } = input;
  return byName('hardware', snapshot.hardware).flatMap(part => {
    const isLive = part.asOf !== undefined && !isStale(part, input);
    return (part.value ?? []).flatMap(compute => {
      const { namespace, id, used = 0, max } = compute;
      if (used === 0 || max === undefined) return [];
      const full = isFull(compute);
      return {
        id: `quota:${namespace}:${id}`,
        ...(full && { level: 'gone' as const }),
        size: max,
        readAt: (part.asOf ?? now) + serverNow - now,
        isLive,
        sentence: full ? fullSentence(compute, max, locale) : '',
        actions: [{ label: l10n.t('Ask for more…'), url: pages.quotaRequest }],
      };
    });
  });
}

function fullSentence(compute: HardwareQuota, max: number, locale: string): string {
  return l10n.t(
    'All {0} × {1} that {2} may use in {3} are in use: another replica can’t start.',
    formatCount(max, locale),
    computeName(compute),
    oneLine(compute.namespace, 40),
    oneLine(compute.region, 40),
  );
}

export function zeroGpuLimit(input: ViewInput): LimitState[] {
  const { snapshot, locale, now, serverNow, timeZone } = input;
  const quota = zeroGpuModel(input);
  const read = snapshot.zeroGpu.value;
  if (!quota || !read || quota.totalSeconds <= 0) return [];
  const { totalSeconds, remainingSeconds, resetsAt } = quota;
  const level = levelOf(1 - remainingSeconds / totalSeconds);
  const whole = amountOfTime(totalSeconds, locale);
  const until = typeof resetsAt === 'number' && clockText(resetsAt, { now: serverNow, locale, timeZone });
  return [
    {
      id: 'zero-gpu',
      ...(level && { level }),
      size: totalSeconds,
      ...(typeof read.resetsAt === 'number' && { resetsAt: read.resetsAt }),
      readAt: (snapshot.zeroGpu.asOf ?? now) + serverNow - now,
      // past its reset only the clock says that it is full
      isLive: !isStale(single('zeroGpu', snapshot.zeroGpu), input) && quota.resetsAt === read.resetsAt,
      sentence:
        level === undefined
          ? ''
          : level === 'gone'
            ? usedUpSentence(until)
            : l10n.t(
                '{0} of {1} of your ZeroGPU time are left.',
                amountOfTime(remainingSeconds, locale),
                whole,
              ),
      ...(level && {
        label: level === 'gone' ? l10n.t('ZeroGPU time used up') : l10n.t('ZeroGPU time low'),
      }),
      backSentence: l10n.t('Your ZeroGPU time is full again: {0}.', amountOfTime(remainingSeconds, locale)),
      actions: [{ label: l10n.t('Read about ZeroGPU'), url: pages.zeroGpu }],
    },
  ];
}

function usedUpSentence(until: string | false): string {
  const usedUp = l10n.t('Your ZeroGPU time is used up.');
  return until ? `${usedUp} ${l10n.t('It is full again at {0}.', until)}` : usedUp;
}
