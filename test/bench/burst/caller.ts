// A program that asks for chat completions, so many at once. Reads its plan from stdin, a line of JSON; warms up, says
// `ready`, and begins at the next line. Prints a line of JSON: what came of it.
import { createInterface } from 'node:readline';
import { type Ask, clients } from './clients.ts';
import { chatBody, type Outcome, type Plan } from './plan.ts';

/** Few at once: a gateway that learns how many a server takes has to learn it from the work. */
const warmUp = { requests: 200, atOnce: 4 };

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const plan = JSON.parse(String((await lines.next()).value)) as Plan;
const ask = await clients[plan.client](plan);
const warm = await burst(ask, { ...plan, ...warmUp });
if (warm.answered < warmUp.requests) throw new Error(`not one of a limit: ${JSON.stringify(warm)}`);
console.log('ready');
await lines.next();
console.log(JSON.stringify(await burst(ask, plan)));
process.exit(0);

async function burst(ask: Ask, plan: Plan): Promise<Outcome> {
  const counts = { answered: 0, refused: 0, failed: 0 };
  let lastFailure: string | undefined;
  let next = 0;
  let waitedMs = 0;
  const program = async () => {
    while (next < plan.requests) {
      const body = chatBody(plan, next++);
      const askedAt = performance.now();
      try {
        counts[await ask(body)]++;
      } catch (error) {
        counts.failed++;
        lastFailure = String(error);
      }
      waitedMs += performance.now() - askedAt;
    }
  };
  const startedAt = Date.now();
  await Promise.all(Array.from({ length: plan.atOnce }, program));
  const endedAt = Date.now();
  return { ...counts, ...(lastFailure !== undefined && { lastFailure }), startedAt, endedAt, waitedMs };
}
