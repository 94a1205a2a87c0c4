import assert from 'node:assert/strict';
import { parseModelName, unlistedName } from '../../../src/billing/modelName.ts';

describe('the name of a model', () => {
  it('is an id, perhaps with a provider or the wish how one is chosen', () => {
    assert.deepEqual(parseModelName('acme/Model-7B'), { id: 'acme/Model-7B' });
    assert.deepEqual(parseModelName('acme/Model-7B:groq'), { id: 'acme/Model-7B', provider: 'groq' });
    for (const suffix of [':', ':fastest', ':cheapest', ':preferred']) {
      assert.deepEqual(parseModelName(`acme/Model-7B${suffix}`), { id: 'acme/Model-7B' });
    }
  });

  it("may have colons of its own: OpenAI's fine-tuned ones", () => {
    const id = 'ft:gpt-4o-mini-2024-07-18:acme::9abcdefg';
    assert.deepEqual(parseModelName(id), { id });
  });

  it("is OpenAI's own there, and has to be asked for everywhere else", () => {
    assert.equal(unlistedName('openai', 'gpt-4o-mini'), 'gpt-4o-mini');
    assert.equal(unlistedName('openai', 'openai/gpt-4o-mini'), 'gpt-4o-mini');
    assert.equal(unlistedName('openai', 'acme/openai/x'), 'acme/openai/x');
    for (const provider of ['groq', 'next-provider', 'constructor']) {
      assert.equal(unlistedName(provider, 'openai/gpt-oss-120b'), undefined);
    }
  });
});
