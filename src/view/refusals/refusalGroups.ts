import type { Refusal } from '../../limits/refusals/refusal.ts';

/** Refusals that are further apart, with the limit open in between, are two episodes. */
const episodeGapMs = 15 * 60_000;

/** The refusals by one limit in one episode. */
export interface RefusalGroup {
  readonly newest: Refusal;
  readonly oldest: Refusal;
  readonly count: number;
  /** Newest first. */
  readonly refusals: readonly Refusal[];
}

/** Names the limit that refused: whose, of what kind and scope, and whose use it counts. */
export function limitKey({ by, cause, scope = '', billedTo = '', status }: Refusal): string {
  return [by, cause, scope, billedTo, ...(cause === 'unknown' ? [status] : [])].join('\n');
}

/** By limit and episode; `refusals` and the groups: newest first. */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups: Refusal[][] = [];
  const latest = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const key = limitKey(refusal);
    const group = latest.get(key);
    const next = group?.at(-1);
    if (group && next && goesOn(refusal, next)) {
      group.push(refusal);
      continue;
    }
    const begun = [refusal];
    groups.push(begun);
    latest.set(key, begun);
  }
  return groups.map(toGroup);
}

/** Whether the limit was shut all the while. */
export function goesOn(earlier: Pick<Refusal, 'at' | 'resetsAt'>, later: Pick<Refusal, 'at'>): boolean {
  return later.at - earlier.at <= episodeGapMs || (earlier.resetsAt ?? 0) >= later.at;
}

function toGroup(refusals: readonly Refusal[]): RefusalGroup {
  const [newest] = refusals;
  const oldest = refusals.at(-1);
  if (!newest || !oldest) throw new RangeError('a group has refusals');
  return { newest, oldest, count: refusals.length, refusals };
}

/** What met them, each once, the last one first; empty where nobody knows. */
export function programsOf({ refusals }: RefusalGroup): string[] {
  return [...new Set(refusals.flatMap(({ program }) => program ?? []))];
}

/** Where they were seen, each once. */
export function sourcesOf({ refusals }: RefusalGroup): Refusal['source'][] {
  return [...new Set(refusals.map(({ source }) => source))];
}
