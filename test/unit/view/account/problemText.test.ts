import assert from 'node:assert/strict';
import { single } from '../../../../src/view/account/parts.ts';
import { problemHeadline } from '../../../../src/view/account/problemHeadline.ts';
import { problemText } from '../../../../src/view/account/problemText.ts';
import { errorKinds } from '../anySnapshot.ts';
import { aSnapshot, credits, fixedNow, minuteMs, part, problem, viewInput } from '../builders.ts';

const input = viewInput(aSnapshot().signedIn());
const known = single('credits', part(credits()));
const text = (...args: Parameters<typeof problem>) => problemText(problem(...args), known, input);

describe('problemText', () => {
  for (const kind of errorKinds) {
    it(`${kind}: says what happened, what is kept and what to do`, () => {
      const { sentence } = text(kind);
      assert.match(sentence, /^Credits could not be refreshed: .+\. The last value is kept\. .+\.$/);
      assert.ok(problemHeadline(kind).length <= 40);
    });
  }

  it('has a sentence of its own for each kind', () => {
    assert.equal(new Set(errorKinds.map(kind => text(kind).sentence)).size, errorKinds.length);
  });

  it('does not promise a value that is not known', () => {
    const { sentence } = problemText(problem('timeout'), single('jobs', {}), input);
    assert.match(sentence, /^Jobs could not be refreshed: .* Nothing is known yet\./);
  });

  it('names the organization that the token may not read', () => {
    const named = { ...single('endpoints', {}), of: 'acme' };
    const { sentence } = problemText(problem('missing-permission'), named, input);
    assert.match(sentence, /may not read the Inference Endpoints of acme\./);
  });

  it('says when it tries again: the later of our plan and Retry-After', () => {
    const retryAt = fixedNow + 20 * minuteMs;
    assert.match(text('rate-limited', { retryAt }).sentence, /tries again at 14:30\.$/);
    assert.match(text('timeout').sentence, /tries again at 14:15\.$/);
    assert.match(text('timeout', { nextTryAt: fixedNow }).sentence, /tries again by itself\.$/);
  });

  it('quotes the changed field, the network’s code and Hugging Face’s words', () => {
    assert.match(
      text('format-changed', { field: 'usage.jobs.usedMicroUsd' }).sentence,
      /\(usage\.jobs\.usedMicroUsd\)/,
    );
    assert.match(text('tls', { code: 'CERT_HAS_EXPIRED' }).sentence, /not trusted \(CERT_HAS_EXPIRED\)/);
    assert.match(text('rejected', { words: 'Bad\ndates' }).sentence, /refused: “Bad dates”\. The last/);
  });

  it('has one action that helps', () => {
    assert.deepEqual(text('invalid-token').action, { label: 'Sign in again', command: 'headroom.signIn' });
    assert.deepEqual(text('server-error').action, {
      label: 'Open status page',
      url: 'https://status.huggingface.co',
    });
    assert.equal(text('rate-limited').action, undefined);
  });
});
