import { byLocale } from '../headers/memo.ts';

const nanoPerUsd = 1_000_000_000;
const nanoPerCent = 10_000_000;
const nanoPerMicro = 1000;

/** Whole nano-USD of micro-USD (jobs, line items). @throws RangeError beyond exact integers */
export function microUsdToNano(microUsd: number): number {
  return wholeNano(microUsd * nanoPerMicro);
}

/** Whole nano-USD of cents, which may be fractional (sessions). @throws RangeError beyond exact integers */
export function centsToNano(cents: number): number {
  return wholeNano(cents * nanoPerCent);
}

/** Whole nano-USD of an amount in nano-USD. @throws RangeError beyond exact integers */
export function wholeNano(value: number): number {
  // `+ 0` turns -0 into 0.
  const nano = Math.round(value) + 0;
  if (!Number.isSafeInteger(nano)) throw new RangeError(`not an amount of money: ${value} nano-USD`);
  return nano;
}

const usd = usdFormatter(2);
const hourlyUsd = usdFormatter(3);

function usdFormatter(maximumFractionDigits: number): (locale: string) => Intl.NumberFormat {
  const options = {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits,
  } as const;
  return byLocale(locale => new Intl.NumberFormat(locale, options));
}

/** `$1.63` in the locale's form; `<$0.01` for less than a cent that is not 0. */
export function formatUsd(nanoUsd: number, locale: string): string {
  const isLess = nanoUsd > 0 && nanoUsd < nanoPerCent;
  return isLess ? `<${usd(locale).format(0.01)}` : usd(locale).format(nanoUsd / nanoPerUsd);
}

/** `$0.80/h`, with a third decimal if HF's price has one. In USD, as HF sends prices of hardware. */
export function formatUsdPerHour(usd: number, locale: string): string {
  return `${hourlyUsd(locale).format(usd)}/h`;
}
