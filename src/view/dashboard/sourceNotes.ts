import * as l10n from '@vscode/l10n';
import { joined } from '../text/counts.ts';
import { ageText, clockText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import type { DashboardInput } from './dashboardInput.ts';

const hourMs = 3_600_000;

/** `From Hugging Face · days in UTC · 40 s ago`. `asOf`: of the oldest answer. */
export function huggingFaceNote(
  asOf: number | undefined,
  { now, locale }: ViewInput,
  clock?: string,
): string {
  const age = asOf === undefined ? l10n.t('not read yet') : ageText(asOf, now, locale);
  return joined([l10n.t('From Hugging Face'), clock, age]);
}

/** `Counted here · days in UTC`. */
export function countedNote(clock: string): string {
  return joined([l10n.t('Counted here, through Headroom’s gateway'), clock]);
}

export function utcClock(): string {
  return l10n.t('days in UTC, as on Hugging Face’s bill');
}

/** The reader's days begin at midnight, or with the next whole hour in UTC. */
export function localClock({ timeZone, locale }: ViewInput, from: number): string {
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const begins = clockText(from, { now: from, locale: 'en', timeZone: zone });
  return begins === '00:00'
    ? l10n.t('days in {0}', zone)
    : l10n.t('days in {0}, from {1}', zone, clockText(from, { now: from, locale, timeZone: zone }));
}

/** What is wrong with what was counted here: a sentence, or two. */
export function countedProblem({ snapshot, counted, now }: DashboardInput): string | undefined {
  const { ledgerProblem } = snapshot;
  const newest = counted.hours?.newest ?? 0;
  const problems = [
    ledgerProblem !== undefined && l10n.t('Headroom’s memory of past limits: {0}', ledgerProblem),
    newest > now + hourMs &&
      l10n.t(
        'Some requests are dated after now: this computer’s clock was set back. Charts show them once that time has come.',
      ),
  ].filter(Boolean);
  return problems.length === 0 ? undefined : problems.join(' ');
}
