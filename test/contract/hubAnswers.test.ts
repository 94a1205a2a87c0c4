import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createHttp, type Http } from '../../src/hub/http.ts';
import { HubError } from '../../src/hub/hubError.ts';
import { giveAnswer, type OddAnswer } from './answers/answerRig.ts';
import { anyMeeting } from './answers/anyAnswer.ts';
import { oddBodies } from './answers/oddBodies.ts';
import { extremeTimes, oddFields } from './answers/oddFields.ts';
import { oddStatusLines } from './answers/oddStatusLines.ts';
import { type RawUpstream, rawUpstream } from './rawUpstream.ts';

const randomAnswers = 300;

describe("Headroom's own calls, any answer:", () => {
  let upstream: RawUpstream;
  let answer: OddAnswer;
  let http: Http;
  before(async () => {
    upstream = await rawUpstream(({ socket }) => void giveAnswer(answer, socket));
    http = createHttp({ userAgent: 'headroom-test', now: Date.now });
  });
  after(async () => {
    await http.close();
    await upstream.close();
  });

  /** The call ends in time, with a value or with an error that Headroom knows. */
  async function call(next: OddAnswer): Promise<void> {
    answer = next;
    try {
      await http.getJson(`${upstream.url}/api/x`, { token: 'hf_mine', timeoutMs: 2_000 });
    } catch (error) {
      assert.ok(error instanceof HubError, String(error));
      assert.doesNotMatch(error.message, /hf_mine/);
    }
  }

  for (const { name, answer } of [...oddStatusLines, ...oddBodies, ...oddFields, ...extremeTimes]) {
    it(name, () => call(answer));
  }

  it(`${randomAnswers} random answers`, async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(anyMeeting, ({ answer }) => call(answer)),
      { numRuns: randomAnswers },
    );
  });
});
