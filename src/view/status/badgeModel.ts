import * as l10n from '@vscode/l10n';
import { creditsModel } from '../account/creditsModel.ts';
import { creditsRefused } from '../account/moneyRefused.ts';
import { ownWindows, windowTitle } from '../account/windows.ts';
import { zeroGpuModel } from '../account/zeroGpuModel.ts';
import type { ViewInput } from '../viewInput.ts';

/** A minute's window fills and empties all the time while the gateway paces: its badge would blink. */
const minuteSeconds = 60;

export interface BadgeModel {
  readonly value: number;
  readonly tooltip: string;
}

/**
 * The number of exhausted limits: credits, windows of the Hub and of the user's keys, ZeroGPU; undefined for none.
 * Without hardware quotas: one in full use does its job.
 */
export function badgeModel(input: ViewInput): BadgeModel | undefined {
  if (!input.snapshot.session) return undefined;
  const exhausted: string[] = [];
  const credits = creditsModel(input);
  const usedUp = credits?.balance.state === 'used-up' && !credits.stale && !credits.payAsYouGo;
  const held = input.snapshot.heldNanoUsd ?? 0;
  if ((usedUp && held === 0) || creditsRefused(input)) exhausted.push(l10n.t('Credits used up'));
  for (const window of ownWindows(input)) {
    const isLong = window.windowSeconds === undefined || window.windowSeconds > minuteSeconds;
    if (isLong && window.state === 'full') exhausted.push(l10n.t('{0} full', windowTitle(window)));
  }
  const quota = zeroGpuModel(input);
  if (quota && quota.totalSeconds > 0 && quota.remainingSeconds <= 0) {
    exhausted.push(l10n.t('ZeroGPU time used up'));
  }
  return exhausted.length === 0 ? undefined : { value: exhausted.length, tooltip: exhausted.join('\n') };
}
