import { byLocale, memo } from '../../limits/headers/memo.ts';

const nanoPerCent = 10_000_000;

/** `$12,345.67`, `$0.80`, `$0.00012`, `$0.0000004`: in a table, where less than a cent is an amount, too. */
export function exactUsd(nanoUsd: number, locale: string): string {
  return inUsd(locale)(nanoUsd);
}

const inUsd = byLocale(locale => {
  const usd = { style: 'currency', currency: 'USD' } as const;
  const cents = new Intl.NumberFormat(locale, usd);
  const less = new Intl.NumberFormat(locale, { ...usd, maximumSignificantDigits: 2 });
  return memo((nanoUsd: number) =>
    (nanoUsd === 0 || Math.abs(nanoUsd) >= nanoPerCent ? cents : less).format(nanoUsd / 1e9),
  );
});
