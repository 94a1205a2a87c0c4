import { byLocale } from '../../limits/headers/memo.ts';

/** `Nov 27`: days of Hugging Face's months are UTC. */
export const dayFormat = byLocale(
  locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
);
