import type { RefusalJson } from '../json/refusalJson.ts';
import type { StatusJson } from '../json/statusJson.ts';
import { age, until } from './cellText.ts';
import type { Section } from './section.ts';

/** `headroom refusals` lists more. */
const mostRefusals = 5;

export function refusalSection({ refusals }: StatusJson, now: number): Section {
  return refusalTable(refusals.slice(0, mostRefusals), now);
}

export function refusalTable(refusals: readonly RefusalJson[], now: number): Section {
  const rows = refusals.map(refusal => ({ cells: refusalCells(refusal, now) }));
  return {
    heading: 'Refused lately',
    columns: ['left', 'right', 'left', 'shrinks', 'left'],
    rows: rows.length > 0 ? rows : [{ cells: ['none'] }],
  };
}

function refusalCells(
  { lastAt, count, status, cause, by, scope, resetsAt }: RefusalJson,
  now: number,
): string[] {
  const over = resetsAt !== null && Date.parse(resetsAt) <= now;
  return [
    age(lastAt, now),
    String(status),
    count === 1 ? cause : `${cause} ×${count}`,
    scope === null ? by : `${by}: ${scope}`,
    resetsAt === null ? '' : over ? 'over' : `ends ${until(resetsAt, now)}`,
  ];
}
