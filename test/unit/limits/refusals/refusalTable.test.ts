import assert from 'node:assert/strict';
import { readAnswer } from '../../../../src/limits/refusals/answer.ts';
import { classifyStreamError } from '../../../../src/limits/refusals/refusal.ts';
import { refusalRules } from '../../../../src/limits/refusals/refusalRules.ts';
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
    const used = new Set(allCases.map(({ seen }) => rulesFor(seen)[0]?.name));
    assert.deepEqual(
      refusalRules.filter(rule => !used.has(rule.name)).map(rule => rule.name),
      [],
    );
  });

  it('has no rule that would be passed over for want of its needles', () => {
    for (const { seen } of allCases) {
      const { words } = readAnswer(factsOf(seen));
      for (const { name, needles } of rulesFor(seen)) {
        assert.ok(needles?.some(needle => words.includes(needle)) ?? true, `${name}: ${words}`);
      }
    }
  });
});

/** All that recognise it, in their order. */
function rulesFor(seen: Parameters<typeof see>[0]) {
  const answer = readAnswer(factsOf(seen));
  return refusalRules.filter(rule => rule.statuses.includes(answer.status) && rule.recognise(answer));
}
