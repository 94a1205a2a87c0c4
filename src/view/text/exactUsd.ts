import { byLocale, memo } from '../../limits/headers/memo.ts';

/** `$12,345.67`, `$0.00012`, `$0.0000004`: in a table, where less than a cent is an amount, too. */
export function exactUsd(nanoUsd: number, locale: string): string {
  return inUsd(locale)(nanoUsd);
}

const inUsd = byLocale(locale => {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    minimumSignificantDigits: 1,
    maximumSignificantDigits: 2,
    roundingPriority: 'morePrecision',
  });
  return memo((nanoUsd: number) => format.format(nanoUsd / 1e9));
});
