import assert from 'node:assert/strict';
import { parseModelName, unlistedName } from '../../../src/billing/modelName.ts';

describe('model name:', () => {
  it('the suffix is a provider or a policy of the router', () => {
    assert.deepEqual(parseModelName('acme/Model-7B'), { id: 'acme/Model-7B' });
    assert.deepEqual(parseModelName('acme/Model-7B:groq'), { id: 'acme/Model-7B', provider: 'groq' });
    for (const suffix of [':', ':fastest', ':cheapest', ':preferred']) {
      assert.deepEqual(parseModelName(`acme/Model-7B${suffix}`), { id: 'acme/Model-7B' });
    }
  });

  it("the colons of OpenAI's fine-tuned models are no suffix", () => {
    const id = 'ft:gpt-4o-mini-2024-07-18:acme::9abcdefg';
    assert.deepEqual(parseModelName(id), { id });
  });

  it("unlistedName is OpenAI's own name, and undefined for other providers", () => {
    assert.equal(unlistedName('openai', 'gpt-4o-mini'), 'gpt-4o-mini');
    assert.equal(unlistedName('openai', 'openai/gpt-4o-mini'), 'gpt-4o-mini');
    assert.equal(unlistedName('openai', 'acme/openai/x'), 'acme/openai/x');
    for (const provider of ['groq', 'next-provider', 'constructor']) {
      assert.equal(unlistedName(provider, 'openai/gpt-oss-120b'), undefined);
    }
  });
});
