import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AnswerRig, streamCount } from './answers/answerRig.ts';
import { anyMeeting } from './answers/anyAnswer.ts';
import { oddBodies } from './answers/oddBodies.ts';
import { extremeTimes, oddFields } from './answers/oddFields.ts';
import { oddStatusLines } from './answers/oddStatusLines.ts';
import { isOfGateway } from './answers/receivedAnswer.ts';

/** `test/bench/answers.ts` tries many more. */
const randomAnswers = 400;

describe(`gateway, any answer ends its own exchange only, and ${streamCount} streams go on:`, () => {
  let rig: AnswerRig;
  before(async () => {
    rig = await AnswerRig.start();
  });
  after(() => rig.stop());

  for (const { name, answer, expected, caller } of [
    ...oddStatusLines,
    ...oddBodies,
    ...oddFields,
    ...extremeTimes,
  ]) {
    it(name, async () => {
      const outcome = await rig.meet(answer, caller);
      await rig.ping();
      const { head, isWhole, bytes } = outcome;
      const seen = bytes.toString('latin1').slice(0, 300);
      if (expected === '502') assert.ok(isOfGateway(outcome) && isWhole, seen);
      else if (expected !== 'any') assert.deepEqual([head?.status, isWhole], [expected.status, true], seen);
    });
  }

  it(`${randomAnswers} random answers`, async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(anyMeeting, async ({ answer, caller }) => {
        await rig.meet(answer, caller);
      }),
      { numRuns: randomAnswers },
    );
    await rig.ping();
  });
});
