import assert from 'node:assert/strict';
import { HubError } from '../../../../src/hub/hubError.ts';
import { signInFailureText } from '../../../../src/view/signIn/signInFailureText.ts';
import { errorKinds } from '../anySnapshot.ts';

describe('signInFailureText', () => {
  for (const kind of errorKinds) {
    it(`has a sentence for ${kind}, without the request`, () => {
      const text = signInFailureText(new HubError(kind, 'GET https://huggingface.co/api/whoami-v2 failed'));
      assert.match(text, /\w \w/);
      assert.doesNotMatch(text, /GET |whoami/);
    });
  }

  it('quotes Hugging Face', () => {
    const error = new HubError('rejected', 'GET … answered 418', { words: 'I am a teapot' });
    assert.match(signInFailureText(error), /I am a teapot/);
  });
});
