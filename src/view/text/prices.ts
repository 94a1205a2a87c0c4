import * as l10n from '@vscode/l10n';
import { formatUsdPerHour } from '../../limits/account/money.ts';
import { byLocale, memo } from '../../limits/headers/memo.ts';
import { usdInWords } from './spoken.ts';

/** Writes hardware's price, USD per hour as Hugging Face sends it. */
export type PriceFormat = (usdPerHour: number, locale: string) => string;

/** `$0.80/h`, `$0`. Kept: a catalogue has hundreds of rows and few prices. */
export const shownPrice: PriceFormat = (usdPerHour, locale) => shown(locale)(usdPerHour);

/** `0.80 US dollars per hour`. */
export const spokenPrice: PriceFormat = (usdPerHour, locale) => spoken(locale)(usdPerHour);

const shown = byLocale(locale =>
  memo((usd: number) => (usd === 0 ? wholeUsd(locale).format(0) : formatUsdPerHour(usd, locale))),
);

const wholeUsd = byLocale(
  locale => new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumFractionDigits: 0 }),
);

const spoken = byLocale(locale =>
  memo((usd: number) => l10n.t('{0} per hour', usdInWords(3)(locale).format(usd))),
);
