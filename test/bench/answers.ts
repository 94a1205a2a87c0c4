import fc from 'fast-check';
import { AnswerRig, streamCount } from '../contract/answers/answerRig.ts';
import { anyMeeting } from '../contract/answers/anyAnswer.ts';
import { isOfGateway } from '../contract/answers/receivedAnswer.ts';

/**
 * Random answers of a server through the gateway, with streams open beside each: none ends another exchange, hangs, or
 * reaches the caller as illegal HTTP. Run: node test/bench/answers.ts [seed] [number of answers] (Node 24). A failure
 * prints seed and path of the least answer that fails.
 */
const [seed = Date.now() % 2 ** 31, count = 20_000] = process.argv.slice(2).map(Number);
/** Answers between two looks at all streams. */
const pingEvery = 25;

const rig = await AnswerRig.start();
const outcomes = new Map<string, number>();
let met = 0;
let slowestMs = 0;
const start = performance.now();
await fc.assert(
  fc.asyncProperty(anyMeeting, async ({ answer, caller }) => {
    const outcome = await rig.meet(answer, caller);
    met += 1;
    slowestMs = Math.max(slowestMs, outcome.ms);
    const { head, isWhole } = outcome;
    const kind = isOfGateway(outcome)
      ? 'answered by the gateway'
      : !head
        ? 'no head'
        : isWhole
          ? 'relayed'
          : 'broken off';
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    if (met % pingEvery === 0) await rig.ping();
  }),
  { seed, numRuns: count },
);
await rig.stop();
const seconds = (performance.now() - start) / 1000;
const kinds = [...outcomes].map(([kind, times]) => `${times} ${kind}`).join(', ');
console.log(
  `answers: seed ${seed}, ${met} in ${seconds.toFixed(0)} s beside ${streamCount} streams, slowest ${slowestMs.toFixed(0)} ms: ${kinds}`,
);
process.exit();
