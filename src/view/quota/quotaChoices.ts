import * as l10n from '@vscode/l10n';
import { hardwarePressure } from '../../limits/account/endpointCost.ts';
import { formatQuota, type QuotaSubject, quotaOf } from '../../limits/refusals/quotaSubject.ts';
import { lastOf } from '../../limits/refusals/refusal.ts';
import { computeName, inUseText, isFull } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { hubBucketName, hubWindows } from '../account/windows.ts';
import { zeroGpuModel } from '../account/zeroGpuModel.ts';
import { refusalName } from '../refusals/refusalText.ts';
import { joined } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import { amountOfTime, clockText } from '../text/times.ts';
import { usageText } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';

export interface QuotaChoice {
  readonly quota: QuotaSubject;
  readonly label: string;
  readonly description: string;
}

/** Limits that are full now, then those that refused lately, then hardware in use: each once. */
export function quotaChoices(input: ViewInput): QuotaChoice[] {
  const { snapshot, locale } = input;
  const hardware = hardwarePressure(knownHardware(snapshot)).filter(({ used = 0 }) => used > 0);
  const hardwareChoice = (compute: (typeof hardware)[number]): QuotaChoice => ({
    quota: { kind: 'endpoint-hardware', of: compute.namespace, id: compute.id },
    label: `${computeName(compute)}, ${oneLine(compute.region, 40)}`,
    description: joined([
      inUseText(compute, locale),
      oneLine(compute.namespace, 40),
      isFull(compute) && l10n.t('full'),
    ]),
  });
  const zeroGpu = zeroGpuModel(input);
  const choices = [
    ...hardware.filter(isFull).map(hardwareChoice),
    ...(zeroGpu && zeroGpu.remainingSeconds <= 0
      ? [
          {
            quota: { kind: 'zero-gpu' } as const,
            label: l10n.t('ZeroGPU'),
            description: l10n.t('{0} of {1} left', '0', amountOfTime(zeroGpu.totalSeconds, locale)),
          },
        ]
      : []),
    ...hubWindows(input)
      .filter(({ state }) => state === 'full')
      .map(window => ({
        quota: { kind: 'hub-window', of: window.bucket } as const,
        label: hubBucketName(window.bucket),
        description: joined([usageText(window, locale), l10n.t('full')]),
      })),
    ...snapshot.refusals.flatMap(refusal => {
      const quota = quotaOf(refusal);
      const description = l10n.t('refused at {0}', clockText(lastOf(refusal), input));
      return quota ? [{ quota, label: refusalName(refusal), description }] : [];
    }),
    ...hardware.filter(compute => !isFull(compute)).map(hardwareChoice),
  ];
  const seen = new Set<string>();
  return choices.filter(({ quota }) => {
    const key = formatQuota(quota);
    return !seen.has(key) && seen.add(key);
  });
}
