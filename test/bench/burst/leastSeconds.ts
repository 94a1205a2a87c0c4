import type { Emulator } from './emulator.ts';
import { run } from './run.ts';
import { planOf, type Work } from './work.ts';

const rounds = 3;
const known = new Map<Work, Work>();

/**
 * Adds to `leastSeconds` the time for the requests of the last window. It is measured: the whole work without a limit,
 * sent directly by `openai`, times their share. The fastest of some rounds counts. With windows this short, that time
 * is not negligible.
 */
export async function withLastRequests(emulator: Emulator, work: Work): Promise<Work> {
  const { requests, lastRequests, leastSeconds, unlimited } = work;
  const before = known.get(work);
  if (before !== undefined || lastRequests === 0) return before ?? work;
  const plan = planOf(work, 'openai-0', work.direct(emulator));
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const result = await run(emulator, { ...work, limited: unlimited }, [plan]);
    if (result.answered < requests) throw new Error('the emulator refused requests without a limit');
    seconds = Math.min(seconds, result.seconds);
  }
  const whole = { ...work, leastSeconds: leastSeconds + (seconds * lastRequests) / requests };
  known.set(work, whole);
  return whole;
}
