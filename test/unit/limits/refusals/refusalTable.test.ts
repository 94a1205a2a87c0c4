import assert from 'node:assert/strict';
import { readErrorResponse } from '../../../../src/limits/refusals/errorResponse.ts';
import { classifyStreamError } from '../../../../src/limits/refusals/refusal.ts';
import { refusalRules, rulesFor } from '../../../../src/limits/refusals/refusalRules.ts';
import { allCases } from './refusalCases/allCases.ts';
import { factsOf, see } from './refusalCases/refusalCase.ts';
import { streamCases } from './refusalCases/streamCases.ts';

function assertTold(
  refusal: ReturnType<typeof see>,
  told: Parameters<typeof assert.deepEqual>[0] & { resetsAt?: number },
) {
  assert.deepEqual({ ...refusal, ...told }, refusal);
  // What the case does not name, the server did not say.
  assert.equal(refusal?.resetsAt, told.resetsAt);
}

describe('The table of refusals', () => {
  for (const { name, seen, told } of allCases) {
    it(told ? `tells ${name}` : `sees no limit in ${name}`, () => {
      if (told) assertTold(see(seen), told);
      else assert.equal(see(seen), undefined);
    });
  }

  for (const { name, event, told } of streamCases) {
    it(told ? `tells, in a stream, ${name}` : `sees no limit, in a stream, in ${name}`, () => {
      const refusal = classifyStreamError(factsOf({ url: '', headers: {} }), event);
      if (told) assertTold(refusal, told);
      else assert.equal(refusal, undefined);
    });
  }

  it('has every rule in it', () => {
    const used = new Set(allCases.map(({ seen }) => matchingRules(seen)[0]?.name));
    assert.deepEqual(
      refusalRules.filter(rule => !used.has(rule.name)).map(rule => rule.name),
      [],
    );
  });
});

/** All rules that match, in their order. */
function matchingRules(seen: Parameters<typeof see>[0]) {
  const response = readErrorResponse(factsOf(seen));
  return [...rulesFor(response)].filter(rule => rule.recognise(response));
}
