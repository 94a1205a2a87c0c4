import type { Refusal, RefusalCause, RefusalSource } from '../../limits/refusals/refusal.ts';
import { causeLabel, refusalCauses, refusalSources, sourceLabel } from './refusalLabels.ts';

/** Which refusals are listed. An empty list excludes nothing. */
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

/** What was kept, of whatever version: names that are not known are left out. */
export function parseFilter(kept: unknown): RefusalFilter {
  if (typeof kept !== 'object' || kept === null) return noFilter;
  const { sources, causes } = kept as Record<string, unknown>;
  const among = <Name extends string>(all: readonly Name[], names: unknown) =>
    Array.isArray(names) ? all.filter(name => names.includes(name)) : [];
  return { sources: among(refusalSources, sources), causes: among(refusalCauses, causes) };
}

/** Those that were ticked; all of a kind are as good as none. */
export function filterOf(ticked: readonly (RefusalSource | RefusalCause)[]): RefusalFilter {
  const some = <Name extends string>(all: readonly Name[]) => {
    const chosen = all.filter(name => (ticked as readonly string[]).includes(name));
    return chosen.length === all.length ? [] : chosen;
  };
  return { sources: some(refusalSources), causes: some(refusalCauses) };
}

/** `terminal, notebook · credits used up`. */
export function filterText({ sources, causes }: RefusalFilter): string {
  return [sources.map(sourceLabel).join(', '), causes.map(causeLabel).join(', ')].filter(Boolean).join(' · ');
}
