import { short } from '../gateway/figures.ts';
import type { Run } from './run.ts';

export const heading = ['', 'answered', 'seen', 'refused', 'of the work', 'seconds', '× least'];

/** The time of somebody who gave some of it up is in brackets: it is not that of the work. */
export function row(name: string, run: Run): string[] {
  const { requests, answered, shown, failed, lastFailure, refused, seconds, leastSeconds } = run;
  const isDone = answered === requests;
  const timed = (value: number) => (isDone ? short(value) : `(${short(value)})`);
  if (failed > 0) console.log(`  ${name}: ${failed} failed otherwise, such as ${lastFailure}`);
  return [
    name,
    short(answered),
    short(shown),
    short(refused),
    `${short((100 * refused) / requests)} %`,
    timed(seconds),
    timed(seconds / leastSeconds),
  ];
}
