import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../account/snapshot.ts';
import { buckets, hubBucketName } from './buckets.ts';
import { creditsFace } from './creditsFace.ts';
import { type FaceOptions, faceInput } from './faceInput.ts';
import { creditsRefused } from './moneyRefused.ts';
import { zeroGpuFace } from './zeroGpuFace.ts';

export interface BadgeModel {
  readonly value: number;
  readonly tooltip: string;
}

/**
 * How many limits are exhausted: credits, windows, ZeroGPU. Undefined for none. Hardware in full use is no reason
 * for a badge: it is what the quota is for, and would never go away.
 */
export function badgeModel(
  snapshot: Snapshot,
  options: FaceOptions,
  now: number,
  locale: string,
): BadgeModel | undefined {
  if (!snapshot.session) return undefined;
  const input = faceInput(snapshot, options, now, locale);
  const exhausted: string[] = [];
  const credits = creditsFace(input);
  const usedUp = credits?.balance.state === 'used-up' && !credits.stale && !credits.payAsYouGo;
  if (usedUp || creditsRefused(input)) exhausted.push(l10n.t('Credits used up'));
  for (const { bucket, state } of buckets(snapshot, now)) {
    if (state === 'full') exhausted.push(l10n.t('{0} full', hubBucketName(bucket)));
  }
  const quota = zeroGpuFace(input);
  if (quota && quota.totalSeconds > 0 && quota.remainingSeconds <= 0) {
    exhausted.push(l10n.t('ZeroGPU time used up'));
  }
  return exhausted.length === 0 ? undefined : { value: exhausted.length, tooltip: exhausted.join('\n') };
}
