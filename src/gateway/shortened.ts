import { longestName } from '../limits/bounds.ts';

/** A caller's name of a model or provider, bounded for the ledger. */
export function shortened(name: string): string {
  return name.length <= longestName ? name : name.slice(0, longestName).toWellFormed();
}
