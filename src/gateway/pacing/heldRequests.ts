import { mostHeldEntries } from '../../limits/bounds.ts';
import type { HeldLimit } from '../../limits/pacing/pacer.ts';
import type { HeldRequests } from '../options.ts';
import { modelOf, otherLimit, parseLimitName } from './limitKey.ts';

/** Held requests by limit, for people; those that can go first come first. Behind the router by who limits them. */
export function heldRequests(held: readonly HeldLimit[]): HeldRequests[] {
  const byEntry = new Map<string, HeldRequests>();
  for (const one of held) {
    const entry = entryOf(one);
    const known = byEntry.get(entry);
    byEntry.set(entry, known === undefined ? named(one, entry) : together(known, one));
  }
  return [...byEntry.values()]
    .sort((one, other) => (one.until ?? 0) - (other.until ?? 0))
    .slice(0, mostHeldEntries);
}

/** @param entry `limit` of an entry */
export function isHeldIn(entry: string, held: HeldLimit): boolean {
  return entryOf(held) === entry;
}

function entryOf({ limit, by }: HeldLimit): string {
  const name = parseLimitName(limit);
  return otherLimit(limit, { by: by ?? name.by, scope: name.scope });
}

function named(
  { limit, by: owner, waiting, programs, heldBy, until }: HeldLimit,
  entry: string,
): HeldRequests {
  const name = parseLimitName(limit);
  const by = owner ?? name.by;
  const model = modelOf(name);
  return {
    limit: entry,
    by,
    ...(by === 'huggingface' && { scope: name.scope }),
    ...(model !== undefined && { model }),
    waiting,
    programs,
    heldBy,
    ...(until !== undefined && { until }),
  };
}

/** Names a model only when all are of that one. */
function together({ model, ...known }: HeldRequests, other: HeldLimit): HeldRequests {
  const isSame = model !== undefined && model === modelOf(parseLimitName(other.limit));
  const first = Math.min(known.until ?? Number.POSITIVE_INFINITY, other.until ?? Number.POSITIVE_INFINITY);
  return {
    ...known,
    ...(isSame && { model }),
    waiting: known.waiting + other.waiting,
    programs: Math.max(known.programs, other.programs),
    ...(first !== Number.POSITIVE_INFINITY && { until: first }),
  };
}
