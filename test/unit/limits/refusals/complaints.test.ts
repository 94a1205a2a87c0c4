import assert from 'node:assert/strict';
import { remediesFor } from '../../../../src/limits/refusals/remedy.ts';
import { refusalSentence } from '../../../../src/view/refusals/refusalText.ts';
import { aSnapshot, viewInput } from '../../view/builders.ts';
import { limitComplaints } from './refusalCases/limitComplaints.ts';
import { moneyComplaints } from './refusalCases/moneyComplaints.ts';
import { at, see } from './refusalCases/refusalCase.ts';

const input = viewInput(aSnapshot(), { now: at });

describe('a complaint of a user', () => {
  for (const { about, source, seen, cause, remedies, sentence } of [...moneyComplaints, ...limitComplaints]) {
    it(`is explained: ${about} (${source})`, () => {
      const refusal = see(seen);
      if (!cause) return assert.equal(refusal, undefined);
      assert.ok(refusal);
      assert.deepEqual({ ...refusal, ...cause }, refusal);
      assert.equal(refusal.resetsAt, cause.resetsAt);
      assert.equal(refusal.limit, cause.limit);
      assert.deepEqual(
        remediesFor(refusal).map(remedy => remedy.kind),
        remedies,
      );
      if (sentence) assert.match(refusalSentence(refusal, input), sentence);
    });
  }
});
