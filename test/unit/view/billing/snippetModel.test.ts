import assert from 'node:assert/strict';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import type { RouterModel } from '../../../../src/hub/router.ts';
import { type ModelLookup, snippetModel } from '../../../../src/view/billing/snippetModel.ts';

const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const keyOf = (provider: string): BillingProfile => ({ kind: 'provider-key', provider });

function model(id: string, provider: string, status = 'live'): RouterModel {
  return { id, offers: [{ provider, status, isFree: false }] };
}

describe('snippetModel', () => {
  const lookup: ModelLookup = {
    routerModels: async () => [
      model('acme/Other', 'groq'),
      model(llama, 'groq'),
      model(llama, 'cohere', 'error'),
      model('acme/Command', 'cohere'),
    ],
    ownModelName: async (provider, id) => `${provider}-${id.split('/')[1]}`,
  };
  const { signal } = new AbortController();
  const unreachable = () => Promise.reject(new Error('no network'));

  it('is the default model when Hugging Face bills, without a request', async () => {
    const silent: ModelLookup = { routerModels: unreachable, ownModelName: unreachable };
    assert.deepEqual(await snippetModel({ kind: 'personal' }, silent, signal), { id: llama });
  });

  it("is one that the key's provider serves, with the provider's own name", async () => {
    assert.deepEqual(await snippetModel(keyOf('groq'), lookup, signal), {
      id: llama,
      ownName: 'groq-Llama-3.1-8B-Instruct',
    });
    assert.deepEqual(await snippetModel(keyOf('cohere'), lookup, signal), {
      id: 'acme/Command',
      ownName: 'cohere-Command',
    });
  });

  it("is OpenAI's own, of which Hugging Face lists none", async () => {
    const own = { id: 'gpt-4o-mini', ownName: 'gpt-4o-mini' };
    assert.deepEqual(await snippetModel(keyOf('openai'), lookup, signal), own);
  });

  it('is unknown for an unlisted provider, or while the lists can’t be read', async () => {
    assert.deepEqual(await snippetModel(keyOf('baseten'), lookup, signal), {});
    assert.deepEqual(await snippetModel(keyOf('groq'), { ...lookup, routerModels: unreachable }, signal), {});
    const unnamed = { ...lookup, ownModelName: unreachable };
    assert.deepEqual(await snippetModel(keyOf('groq'), unnamed, signal), { id: llama });
  });

  it('is never a name that a shell would run', async () => {
    const names = ["x'; touch /tmp/x; '", '$(touch x)', '`x`', 'a b', '-x', '', 'x\ny', 'é'];
    for (const name of names) {
      const evil = { ...lookup, ownModelName: async () => name };
      assert.deepEqual(await snippetModel(keyOf('groq'), evil, signal), { id: llama }, name);
      const listed = { ...lookup, routerModels: async () => [model(name, 'groq')] };
      assert.deepEqual(await snippetModel(keyOf('groq'), listed, signal), {}, name);
    }
  });

  it('stops looking when the signal is aborted', async () => {
    const gone = new AbortController();
    const waiting = { ...lookup, routerModels: unreachable };
    const found = snippetModel(keyOf('groq'), waiting, gone.signal);
    gone.abort();
    await assert.rejects(found, /no network/);
  });
});
