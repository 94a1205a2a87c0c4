import * as l10n from '@vscode/l10n';
import { ownWindows, windowTitle } from '../account/windows.ts';
import { alerts } from '../alerts/alerts.ts';
import type { ViewInput } from '../viewInput.ts';

/** A minute's window fills and empties all the time while the gateway paces: its badge would blink. */
const minuteSeconds = 60;

export interface BadgeModel {
  readonly value: number;
  readonly tooltip: string;
}

/** The number of limits that are nearly or quite used up, and of full windows; undefined for none. */
export function badgeModel(input: ViewInput): BadgeModel | undefined {
  if (!input.snapshot.session) return undefined;
  const { mutedLimits = [] } = input.settings;
  const near = alerts(input)
    .filter(({ id }) => !mutedLimits.includes(id))
    .flatMap(({ label }) => label ?? []);
  const full = ownWindows(input).flatMap(window => {
    const isLong = window.windowSeconds === undefined || window.windowSeconds > minuteSeconds;
    return isLong && window.state === 'full' ? l10n.t('{0} full', windowTitle(window)) : [];
  });
  const lines = [...near, ...full];
  return lines.length === 0 ? undefined : { value: lines.length, tooltip: lines.join('\n') };
}
