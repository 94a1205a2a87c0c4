// A program that sends chat requests, `atOnce` at a time. Reads its plan from stdin (one line of JSON), warms up, prints
// `ready`, and starts at the next line. Prints its outcome as one line of JSON.
import { createInterface } from 'node:readline';
import { clients, type Send } from './clients.ts';
import { chatBody, type Outcome, type Plan } from './plan.ts';

/** Few at once: the gateway must learn the server's concurrency from the measured work. */
const warmUp = { requests: 200, atOnce: 4 };

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const plan = JSON.parse(String((await lines.next()).value)) as Plan;
const send = await clients[plan.client](plan);
const warm = await burst(send, { ...plan, ...warmUp });
if (warm.answered < warmUp.requests)
  throw new Error(`warm-up without a limit failed: ${JSON.stringify(warm)}`);
console.log('ready');
await lines.next();
console.log(JSON.stringify(await burst(send, plan)));
process.exit(0);

async function burst(send: Send, plan: Plan): Promise<Outcome> {
  const counts = { answered: 0, refused: 0, failed: 0 };
  let lastFailure: string | undefined;
  let next = 0;
  let waitedMs = 0;
  const program = async () => {
    while (next < plan.requests) {
      const body = chatBody(plan, next++);
      const sentAt = performance.now();
      try {
        counts[await send(body)]++;
      } catch (error) {
        counts.failed++;
        lastFailure = String(error);
      }
      waitedMs += performance.now() - sentAt;
    }
  };
  const startedAt = Date.now();
  await Promise.all(Array.from({ length: plan.atOnce }, program));
  const endedAt = Date.now();
  return { ...counts, ...(lastFailure !== undefined && { lastFailure }), startedAt, endedAt, waitedMs };
}
