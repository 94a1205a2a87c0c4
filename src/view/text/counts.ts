import * as l10n from '@vscode/l10n';
import { byLocale, memo } from '../../limits/headers/memo.ts';

/** `11,990`: a whole number in the locale's form. */
export function formatCount(count: number, locale: string): string {
  return countFormat(locale)(count);
}

/** The same; a dash for an unknown number. */
export function countOrDash(count: number | undefined, locale: string): string {
  return count === undefined ? '–' : formatCount(count, locale);
}

/** `412 requests`. */
export function requestsText(requests: number, locale: string): string {
  return requests === 1 ? l10n.t('1 request') : l10n.t('{0} requests', formatCount(requests, locale));
}

/** `a · b`, without the empty facts. */
export function joined(facts: readonly (string | false | undefined)[]): string {
  return facts.filter(Boolean).join(' · ');
}

const countFormat = byLocale(locale => {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  return memo((count: number) => format.format(count));
});
