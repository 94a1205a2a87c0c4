import type { HeldLimit } from '../limits/pacing.ts';
import { knownScope, parseLimitName } from './countedAgainst.ts';
import type { HeldRequests } from './options.ts';

/** Those who wait, by limit, as people are told of them. Those that can go first stand first. */
export function heldRequests(held: readonly HeldLimit[]): HeldRequests[] {
  const byLimit = new Map<string, HeldRequests>();
  for (const one of held) {
    const known = byLimit.get(one.limit);
    byLimit.set(one.limit, known === undefined ? named(one) : together(known, one));
  }
  return [...byLimit.values()].sort((one, other) => (one.until ?? 0) - (other.until ?? 0));
}

function named({ limit, action, waiting, programs, heldBy, until }: HeldLimit): HeldRequests {
  const name = parseLimitName(limit);
  return {
    limit,
    by: name.by,
    scope: knownScope(name, action),
    waiting,
    programs,
    heldBy,
    ...(until !== undefined && { until }),
  };
}

function together(known: HeldRequests, { waiting, programs, until }: HeldLimit): HeldRequests {
  const { scope } = parseLimitName(known.limit);
  const first = Math.min(known.until ?? Number.POSITIVE_INFINITY, until ?? Number.POSITIVE_INFINITY);
  return {
    ...known,
    scope,
    waiting: known.waiting + waiting,
    programs: Math.max(known.programs, programs),
    ...(first !== Number.POSITIVE_INFINITY && { until: first }),
  };
}
