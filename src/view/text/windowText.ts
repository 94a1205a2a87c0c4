import * as l10n from '@vscode/l10n';
import type { RateWindow, WindowState } from '../../limits/headers/rateLimit.ts';
import { colors } from '../tree/treeNode.ts';
import { formatCount } from './counts.ts';

/** `23 / 2,500`; a dash for what is not known. */
export function usageText({ used, remaining, limit }: RateWindow, locale: string): string {
  const spent = used ?? (limit !== undefined && remaining !== undefined ? limit - remaining : undefined);
  if (spent === undefined && remaining !== undefined)
    return l10n.t('{0} left', formatCount(remaining, locale));
  const count = (value: number | undefined) => (value === undefined ? '–' : formatCount(value, locale));
  return `${count(spent)} / ${count(limit)}`;
}

/** How much of the window is used, 0 to 1; undefined: not known. */
export function usedFraction({ used, remaining, limit }: RateWindow): number | undefined {
  if (limit === undefined || limit <= 0) return undefined;
  const spent = used ?? (remaining === undefined ? undefined : limit - remaining);
  return spent === undefined ? undefined : spent / limit;
}

export function windowIcon(state: WindowState | undefined): { readonly id: string; readonly color?: string } {
  if (state === 'full') return { id: 'error', color: colors.error };
  if (state === 'nearly-full') return { id: 'warning', color: colors.warning };
  return { id: state === undefined ? 'circle-slash' : 'pass' };
}
