import assert from 'node:assert/strict';
import { allKeys, environmentKeyring, keyVariables, secretKeyring } from '../../../src/billing/keyring.ts';
import { InvalidProviderKey, parseProviderKey } from '../../../src/billing/providerKey.ts';

function secrets(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    values,
    get: async (key: string) => values.get(key),
    store: async (key: string, value: string) => void values.set(key, value),
    delete: async (key: string) => void values.delete(key),
    keys: async () => [...values.keys()],
  };
}

describe('parseProviderKey:', () => {
  it('trims the key', () => {
    assert.equal(parseProviderKey('  gsk_example\n'), 'gsk_example');
  });

  it('refuses hf_ tokens, empty texts and characters that break a header; the error does not repeat the key', () => {
    const cases = { ' ': 'empty', hf_example: 'hugging-face-token', 'a b': 'malformed', kéy: 'malformed' };
    for (const [text, reason] of Object.entries(cases)) {
      assert.throws(
        () => parseProviderKey(text),
        (error: unknown) =>
          error instanceof InvalidProviderKey &&
          error.reason === reason &&
          (text.trim() === '' || !error.message.includes(text)),
        text,
      );
    }
  });
});

describe('secretKeyring:', () => {
  it('stores, lists, returns and deletes keys, and leaves other secrets alone', async () => {
    const store = secrets({ 'headroom.token.ada': 'hf_example' });
    const keyring = secretKeyring(store);
    await keyring.set('novita', 'sk_example');
    await keyring.set('groq', ' gsk_example ');
    assert.deepEqual(await keyring.list(), ['groq', 'novita']);
    assert.equal(await keyring.get('groq'), 'gsk_example');
    assert.deepEqual(await allKeys(keyring), { groq: 'gsk_example', novita: 'sk_example' });
    await keyring.delete('groq');
    assert.equal(await keyring.get('groq'), undefined);
    assert.deepEqual([...store.values.keys()], ['headroom.token.ada', 'headroom.providerKey.novita']);
  });

  it('refuses to store a token of Hugging Face', async () => {
    const store = secrets();
    await assert.rejects(secretKeyring(store).set('groq', 'hf_example'), InvalidProviderKey);
    assert.equal(store.values.size, 0);
  });
});

describe('environmentKeyring:', () => {
  it("reads HEADROOM_KEY_<PROVIDER>, then the variables of the provider's SDK", async () => {
    const keyring = environmentKeyring({
      GROQ_API_KEY: 'gsk_sdk',
      HEADROOM_KEY_GROQ: 'gsk_ours',
      COHERE_API_KEY: 'cohere-example',
      HEADROOM_KEY_FAL_AI: 'id:secret',
      HEADROOM_KEY_NEXT_PROVIDER: 'next-example',
      NOVITA_API_KEY: ' ',
      PATH: '/bin',
    });
    assert.deepEqual(await allKeys(keyring), {
      cohere: 'cohere-example',
      'fal-ai': 'id:secret',
      groq: 'gsk_ours',
      'next-provider': 'next-example',
    });
    assert.equal(await keyring.get('my provider'), undefined);
  });

  it("ignores the gateway's key in OPENAI_API_KEY", async () => {
    const keyring = environmentKeyring({ OPENAI_API_KEY: 'hf_headroom_example', HEADROOM_KEY_GROQ: 'hf_x' });
    assert.deepEqual(await keyring.list(), []);
    assert.equal(await keyring.get('openai'), undefined);
    for (const changed of ['"hf_headroom_example"', 'hf%5Fheadroom_example', 'HF-Headroom-example']) {
      assert.deepEqual(await environmentKeyring({ OPENAI_API_KEY: changed }).list(), [], changed);
    }
  });

  it('has no key for HF Inference, which takes tokens only', async () => {
    const keyring = environmentKeyring({ HEADROOM_KEY_HF_INFERENCE: 'x-example' });
    assert.deepEqual(await keyring.list(), []);
  });

  it('keyVariables lists the variables in order of precedence', () => {
    assert.deepEqual(keyVariables('cohere'), ['HEADROOM_KEY_COHERE', 'CO_API_KEY', 'COHERE_API_KEY']);
    assert.deepEqual(keyVariables('some.new-one'), ['HEADROOM_KEY_SOME_NEW_ONE']);
  });
});
