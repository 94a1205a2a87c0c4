import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findProvider, providerName, providers } from '../../../src/billing/providers.ts';
import { classifyRefusal } from '../../../src/limits/refusals/refusal.ts';

const ids = [
  'baseten',
  'cerebras',
  'cohere',
  'deepinfra',
  'fal-ai',
  'featherless-ai',
  'fireworks-ai',
  'groq',
  'hf-inference',
  'novita',
  'nscale',
  'openai',
  'ovhcloud',
  'publicai',
  'replicate',
  'scaleway',
  'together',
  'wavespeed',
  'zai-org',
];

describe('providers:', () => {
  it('the 19 providers of @huggingface/inference 4.13', () => {
    assert.deepEqual(
      providers.map(({ id }) => id),
      ids,
    );
  });

  it('base URLs are those of @huggingface/inference', () => {
    for (const { id, baseUrl } of providers.filter(({ takesKeys }) => takesKeys)) {
      const source = readFileSync(`node_modules/@huggingface/inference/dist/esm/providers/${id}.js`, 'utf8');
      assert.ok(source.includes(`"${baseUrl}"`), id);
    }
  });

  it('base URLs and key pages are https, the others are paths behind the base URL', () => {
    for (const { id, baseUrl, chatPath = '/', checkPath = '/', keyPage = 'https://x' } of providers) {
      assert.match(baseUrl, /^https:\/\/[\w.-]+(\/[\w-]+)*$/, id);
      assert.match(chatPath, /^\/([\w.-]+\/)*[\w.-]*$/, id);
      assert.match(checkPath, /^\/([\w.-]+\/)*[\w.-]*$/, id);
      assert.match(keyPage, /^https:\/\//, id);
    }
  });

  it('no chat route at fal, HF Inference, Replicate and WaveSpeed', () => {
    const withoutChat = providers.filter(({ chatPath }) => chatPath === undefined).map(({ id }) => id);
    assert.deepEqual(withoutChat, ['fal-ai', 'hf-inference', 'replicate', 'wavespeed']);
  });

  it('a refusal from a base URL is by that provider', () => {
    for (const { id, baseUrl, takesKeys } of providers) {
      const answer = { status: 429, headers: {}, url: `${baseUrl}/x`, at: 0, source: 'gateway' } as const;
      if (takesKeys) assert.equal(classifyRefusal(answer)?.by, id);
    }
  });

  it('an unknown id has no entry and is its own name', () => {
    for (const id of ['sambanova', 'constructor', '__proto__', '']) {
      assert.equal(findProvider(id), undefined);
      assert.equal(providerName(id), id);
    }
  });
});
