import type { HeldLimit } from '../../limits/pacing/pacer.ts';
import type { HeldRequests } from '../options.ts';
import { modelOf, parseLimitName } from './limitKey.ts';

/** Held requests by limit, for people; those that can go first come first. */
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
  const { by, scope } = name;
  const model = modelOf(name, action);
  return {
    limit,
    by,
    ...(by === 'huggingface' && { scope }),
    ...(model !== undefined && { model }),
    waiting,
    programs,
    heldBy,
    ...(until !== undefined && { until }),
  };
}

/** Names a model only when all are of that one. */
function together({ model, ...known }: HeldRequests, other: HeldLimit): HeldRequests {
  const isSame = model !== undefined && model === modelOf(parseLimitName(other.limit), other.action);
  const first = Math.min(known.until ?? Number.POSITIVE_INFINITY, other.until ?? Number.POSITIVE_INFINITY);
  return {
    ...known,
    ...(isSame && { model }),
    waiting: known.waiting + other.waiting,
    programs: Math.max(known.programs, other.programs),
    ...(first !== Number.POSITIVE_INFINITY && { until: first }),
  };
}
