import type { Refusal, RefusalCause, RefusalSource } from '../../limits/refusals/refusal.ts';
import { joined } from '../text/counts.ts';
import { causeLabel, refusalCauses, refusalSources, sourceLabel } from './refusalLabels.ts';

/** Lists only refusals of these sources and causes. An empty list excludes nothing. */
export interface RefusalFilter {
  readonly sources: readonly RefusalSource[];
  readonly causes: readonly RefusalCause[];
}

export const noFilter: RefusalFilter = { sources: [], causes: [] };

export function isFiltering({ sources, causes }: RefusalFilter): boolean {
  return sources.length + causes.length > 0;
}

export function passes({ sources, causes }: RefusalFilter, { source, cause }: Refusal): boolean {
  return (
    (sources.length === 0 || sources.includes(source)) && (causes.length === 0 || causes.includes(cause))
  );
}

/** From a memento of any version: unknown names are left out. */
export function parseFilter(stored: unknown): RefusalFilter {
  if (typeof stored !== 'object' || stored === null) return noFilter;
  const { sources, causes } = stored as Record<string, unknown>;
  const among = <Name extends string>(all: readonly Name[], names: unknown) =>
    Array.isArray(names) ? all.filter(name => names.includes(name)) : [];
  return { sources: among(refusalSources, sources), causes: among(refusalCauses, causes) };
}

/** From the picker's ticks; all of a kind mean the same as none. */
export function filterOf(ticked: readonly (RefusalSource | RefusalCause)[]): RefusalFilter {
  const some = <Name extends string>(all: readonly Name[]) => {
    const chosen = all.filter(name => (ticked as readonly string[]).includes(name));
    return chosen.length === all.length ? [] : chosen;
  };
  return { sources: some(refusalSources), causes: some(refusalCauses) };
}

/** `terminal, notebook · credits used up`. */
export function filterText({ sources, causes }: RefusalFilter): string {
  return joined([sources.map(sourceLabel).join(', '), causes.map(causeLabel).join(', ')]);
}
