import { formatUsd } from '../../limits/account/money.ts';
import { formatAge, formatIn } from '../../limits/headers/duration.ts';

/** The CLI prints English only. */
export const locale = 'en';
/** Unknown. */
export const dash = '–';

/** @param time ISO-8601; `now` in epoch ms */
export function until(time: string, now: number): string {
  return formatIn(Date.parse(time) - now, locale);
}

/** `resets in 5 min`; empty when the time is unknown. */
export function resets(time: string | null, now: number): string {
  return time === null ? '' : `resets ${until(time, now)}`;
}

/** @param time ISO-8601; `now` in epoch ms */
export function age(time: string, now: number): string {
  const ms = now - Date.parse(time);
  return ms < 10_000 ? 'just now' : formatAge(ms, locale);
}

export function number(value: number | null): string {
  return value?.toLocaleString(locale) ?? dash;
}

export function usd(nanoUsd: number): string {
  return formatUsd(nanoUsd, locale);
}

/** `21 requests`, behind a comma; empty when the count is unknown. */
export function requestCount(value: number | null): string {
  if (value === null) return '';
  return `, ${number(value)} request${value === 1 ? '' : 's'}`;
}
