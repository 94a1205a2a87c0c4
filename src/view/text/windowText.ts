import * as l10n from '@vscode/l10n';
import { type RateWindow, usedOf, type WindowState } from '../../limits/headers/rateLimit.ts';
import { colors, type Icon } from './colors.ts';
import { countOrDash, formatCount } from './counts.ts';

/** `23 / 2,500`, `7 left`; a dash for an unknown number. */
export function usageText(window: RateWindow, locale: string): string {
  const { remaining, limit } = window;
  const spent = usedOf(window);
  if (spent === undefined && remaining !== undefined) {
    return l10n.t('{0} left', formatCount(remaining, locale));
  }
  return `${countOrDash(spent, locale)} / ${countOrDash(limit, locale)}`;
}

/** `23 of 2,500`, for a screen reader. */
export function spokenUsage(window: RateWindow, locale: string): string {
  return usageText(window, locale).replace(' / ', ` ${l10n.t('of')} `);
}

/** Empty for a window with room. */
export function fullnessText(state: WindowState | undefined): string {
  if (state === 'full') return l10n.t('full');
  return state === 'nearly-full' ? l10n.t('nearly full') : '';
}

/** `resolvers full`: the first full window, else the first that is nearly full. */
export function fullestText(windows: readonly RateWindow[], name: (window: RateWindow) => string): string {
  const full = windows.find(({ state }) => state === 'full');
  if (full) return l10n.t('{0} full', name(full));
  const nearly = windows.find(({ state }) => state === 'nearly-full');
  return nearly ? l10n.t('{0} nearly full', name(nearly)) : '';
}

export function windowIcon(state: WindowState | undefined): Icon {
  if (state === 'full') return { id: 'error', color: colors.error };
  if (state === 'nearly-full') return { id: 'warning', color: colors.warning };
  return { id: state === undefined ? 'circle-outline' : 'pass' };
}
