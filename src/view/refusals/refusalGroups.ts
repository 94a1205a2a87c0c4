import { countOf, lastOf, type Refusal, type RefusalCause } from '../../limits/refusals/refusal.ts';

/** Refusals further apart are two episodes, unless the limit stayed shut. */
const episodeGapMs = 15 * 60_000;

/** One limit's refusals of one episode. */
export interface RefusalGroup {
  /** Its last refusal is the group's last. */
  readonly newest: Refusal;
  /** Its first refusal is the group's first. */
  readonly oldest: Refusal;
  /** Refused requests. */
  readonly count: number;
  /** Newest first. Each is an episode of one model, program and source. */
  readonly refusals: readonly Refusal[];
}

/** The limit that refused: its owner, cause and scope, and the payer that it counts. */
export function limitKey(refusal: Refusal): string {
  const { by, cause, scope = '', billedTo = '', status } = refusal;
  const key = [by, cause, scope, billedTo, ...(cause === 'unknown' ? [status] : [])];
  return [...key, limitedModel(refusal) ?? ''].join('\n');
}

/** The model that is refused while others of its provider may not be; undefined: the limit is not a model's. */
export function limitedModel({ cause, scope = '', model }: Refusal): string | undefined {
  return scope === '' && ofModels.has(cause) ? model : undefined;
}

const ofModels: ReadonlySet<RefusalCause> = new Set(['rate', 'capacity', 'unknown']);

/** By limit and episode. `refusals` and the groups are newest first. */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups: Refusal[][] = [];
  const latest = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const key = limitKey(refusal);
    const known = latest.get(key);
    const next = known?.at(-1);
    const group = known && next && goesOn(refusal, next) ? known : [];
    group.push(refusal);
    if (group !== known) groups.push(group);
    latest.set(key, group);
  }
  return groups.map(toGroup);
}

/** Whether both are of one episode. */
export function goesOn(
  earlier: Pick<Refusal, 'at' | 'lastAt' | 'resetsAt'>,
  later: Pick<Refusal, 'at'>,
): boolean {
  return later.at - lastOf(earlier) <= episodeGapMs || (earlier.resetsAt ?? 0) >= later.at;
}

function toGroup(refusals: readonly Refusal[]): RefusalGroup {
  const [newest] = refusals;
  if (!newest) throw new RangeError('a group has refusals');
  const oldest = refusals.reduce((first, each) => (each.at <= first.at ? each : first));
  return { newest, oldest, count: totalOf(refusals), refusals };
}

/** Refused requests. */
export function totalOf(refusals: readonly Refusal[]): number {
  return refusals.reduce((sum, refusal) => sum + countOf(refusal), 0);
}

/** The refused programs, the last one first; empty: not known. */
export function programsOf({ refusals }: RefusalGroup): string[] {
  return [...new Set(refusals.flatMap(({ program }) => program ?? []))];
}

/** Each source once. */
export function sourcesOf({ refusals }: RefusalGroup): Refusal['source'][] {
  return [...new Set(refusals.map(({ source }) => source))];
}
