import assert from 'node:assert/strict';
import { readErrorResponse } from '../../../../src/limits/refusals/errorResponse.ts';
import { classifyStreamError } from '../../../../src/limits/refusals/refusal.ts';
import { refusalRules, rulesByStatus } from '../../../../src/limits/refusals/refusalRules.ts';
import { allCases } from './refusalCases/allCases.ts';
import { factsOf, see } from './refusalCases/refusalCase.ts';
import { streamCases } from './refusalCases/streamCases.ts';

function assertRefusal(
  refusal: ReturnType<typeof see>,
  expected: Parameters<typeof assert.deepEqual>[0] & { resetsAt?: number },
) {
  assert.deepEqual({ ...refusal, ...expected }, refusal);
  // a case without a reset: the server named none
  assert.equal(refusal?.resetsAt, expected.resetsAt);
}

describe('classifier:', () => {
  for (const { name, seen, expected } of allCases) {
    it(expected ? `names ${name}` : `finds no limit in ${name}`, () => {
      if (expected) assertRefusal(see(seen), expected);
      else assert.equal(see(seen), undefined);
    });
  }

  for (const { name, event, expected } of streamCases) {
    it(expected ? `names, in a stream, ${name}` : `finds no limit, in a stream, in ${name}`, () => {
      const refusal = classifyStreamError(factsOf({ url: '', headers: {} }), event);
      if (expected) assertRefusal(refusal, expected);
      else assert.equal(refusal, undefined);
    });
  }

  it('each rule is the first one for a case', () => {
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
  const { status, words } = response;
  return (rulesByStatus.get(status) ?? [])
    .filter(({ rule, pattern }) => (pattern?.test(words) ?? true) && rule.recognise(response))
    .map(({ rule }) => rule);
}
