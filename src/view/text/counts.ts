import { byLocale } from './byLocale.ts';
import { remembering } from './remembering.ts';

/** `11,990`: a whole number in the locale's form. */
export function formatCount(count: number, locale: string): string {
  return countFormat(locale)(count);
}

/** `▓▓▓▓░░░░░░` for a fraction; anything begun shows, and only what is full looks full. */
export function bar(fraction: number, cells: number): string {
  const exact = Math.min(1, Math.max(0, fraction)) * cells;
  const filled = exact === 0 ? 0 : Math.max(1, Math.floor(exact));
  return '▓'.repeat(filled) + '░'.repeat(cells - filled);
}

const countFormat = byLocale(locale => {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  return remembering(count => format.format(count));
});
