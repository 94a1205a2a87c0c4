import assert from 'node:assert/strict';
import { readErrorResponse } from '../../../src/limits/refusals/errorResponse.ts';
import { rulesByStatus } from '../../../src/limits/refusals/refusalRules.ts';
import { findNeedle } from '../../../src/watch/errorLine.ts';
import { allCases } from '../limits/refusals/refusalCases/allCases.ts';
import { factsOf } from '../limits/refusals/refusalCases/refusalCase.ts';

describe('the needles of the watcher', () => {
  for (const { name, seen } of allCases) {
    const response = readErrorResponse(factsOf(seen));
    const { status, words } = response;
    const named = (rulesByStatus.get(status) ?? []).some(
      ({ rule, pattern }) => pattern?.test(words) && rule.recognise(response),
    );
    if (!named) continue;
    it(`are in the words of a refusal that the classifier names: ${name}`, () => {
      const { text, type = '', code = '' } = response;
      assert.ok(findNeedle(`Error: ${text} ${type} ${code}\n`, 0) >= 0);
    });
  }

  it('are found from an index on', () => {
    const text = 'a rate limit, another rate limit';
    assert.equal(findNeedle(text, 0), 2);
    assert.equal(findNeedle(text, 3), 22);
    assert.equal(findNeedle(text, 23), -1);
  });

  it('are found in the middle of a word only where the language has no spaces', () => {
    assert.equal(findNeedle('corporate limits', 0), -1);
    assert.equal(findNeedle('错误:余额不足', 0), 3);
  });
});
