import type { Emulator } from './emulator.ts';
import { run } from './run.ts';
import { planOf, type Work } from './work.ts';

const rounds = 3;
const known = new Map<Work, Work>();

/**
 * The same work, with what its last requests take in its least time: those that are left for the last window. It is
 * their part of the whole work, asked of the server itself by an `openai` that nobody limits. On a clock that runs so
 * much faster than the real one, they are no trifle. The quickest of some: whatever else the machine does adds to it.
 */
export async function withLastRequests(emulator: Emulator, work: Work): Promise<Work> {
  const { requests, lastRequests, leastSeconds, unlimited } = work;
  const before = known.get(work);
  if (before !== undefined || lastRequests === 0) return before ?? work;
  const plan = planOf(work, 'openai-0', work.direct(emulator));
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const result = await run(emulator, { ...work, limited: unlimited }, [plan]);
    if (result.answered < requests) throw new Error('refused without a limit');
    seconds = Math.min(seconds, result.seconds);
  }
  const whole = { ...work, leastSeconds: leastSeconds + (seconds * lastRequests) / requests };
  known.set(work, whole);
  return whole;
}
