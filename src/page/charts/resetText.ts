import { formatCountdown, formatDate } from '../../limits/headers/duration.ts';
import type { WordName } from '../../view/dashboard/dashboardWords.ts';

const hourMs = 3_600_000;

/** `resets in 1:52` within an hour, else `resets 1 Dec, 00:00`; nothing once it has. */
export function resetText(
  resetsAt: number,
  now: number,
  locale: string,
  say: (name: WordName, value: string) => string,
): string {
  const left = resetsAt - now;
  if (left <= 0) return '';
  if (left < hourMs) return say('opensIn', formatCountdown(left));
  return say('opensAt', formatDate(resetsAt, locale));
}
