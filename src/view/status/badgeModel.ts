import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import { windowNow } from '../../limits/pacing/providerWindow.ts';
import { buckets, hubBucketName } from '../account/buckets.ts';
import { creditsFace } from '../account/creditsModel.ts';
import { creditsRefused } from '../account/moneyRefused.ts';
import { ownWindows, windowTitle } from '../account/providerWindows.ts';
import { zeroGpuFace } from '../account/zeroGpuModel.ts';
import { type FaceOptions, faceInput } from '../viewInput.ts';

/** A window of a minute is spent and anew all the time while the gateway paces: its badge would blink. */
const minuteSeconds = 60;

export interface BadgeModel {
  readonly value: number;
  readonly tooltip: string;
}

/**
 * How many limits are exhausted: credits, windows of the Hub and of the user's own keys, ZeroGPU. Undefined for none. Hardware in full use is no reason
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
  for (const window of ownWindows(options.providerWindows, now)) {
    const isLong = window.windowSeconds === undefined || window.windowSeconds > minuteSeconds;
    if (isLong && windowNow(window, now).state === 'full') {
      exhausted.push(l10n.t('{0} full', windowTitle(window)));
    }
  }
  const quota = zeroGpuFace(input);
  if (quota && quota.totalSeconds > 0 && quota.remainingSeconds <= 0) {
    exhausted.push(l10n.t('ZeroGPU time used up'));
  }
  return exhausted.length === 0 ? undefined : { value: exhausted.length, tooltip: exhausted.join('\n') };
}
