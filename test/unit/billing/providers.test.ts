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

describe('the table of providers', () => {
  it('has the 19 providers of @huggingface/inference 4.13', () => {
    assert.deepEqual(
      providers.map(({ id }) => id),
      ids,
    );
  });

  it('calls them where @huggingface/inference does', () => {
    for (const { id, baseUrl } of providers.filter(({ takesKeys }) => takesKeys)) {
      const source = readFileSync(`node_modules/@huggingface/inference/dist/esm/providers/${id}.js`, 'utf8');
      assert.ok(source.includes(`"${baseUrl}"`), id);
    }
  });

  it('names a server only by https, and behind it only paths', () => {
    for (const { id, baseUrl, chatPath = '/', checkPath = '/', keyPage = 'https://x' } of providers) {
      assert.match(baseUrl, /^https:\/\/[\w.-]+(\/[\w-]+)*$/, id);
      assert.match(chatPath, /^\/([\w.-]+\/)*[\w.-]*$/, id);
      assert.match(checkPath, /^\/([\w.-]+\/)*[\w.-]*$/, id);
      assert.match(keyPage, /^https:\/\//, id);
    }
  });

  it('has no chat at those that make images', () => {
    const withoutChat = providers.filter(({ chatPath }) => chatPath === undefined).map(({ id }) => id);
    assert.deepEqual(withoutChat, ['fal-ai', 'hf-inference', 'replicate', 'wavespeed']);
    for (const { tasks, chatPath, id } of providers) {
      if (chatPath !== undefined) assert.ok(tasks.includes('conversational'), id);
    }
  });

  it('agrees with who is recognized by the address of an answer', () => {
    for (const { id, baseUrl, takesKeys } of providers) {
      const answer = { status: 429, headers: {}, url: `${baseUrl}/x`, at: 0, source: 'gateway' } as const;
      if (takesKeys) assert.equal(classifyRefusal(answer)?.by, id);
    }
  });

  it('knows no others, and does not mind', () => {
    for (const id of ['sambanova', 'constructor', '__proto__', '']) {
      assert.equal(findProvider(id), undefined);
      assert.equal(providerName(id), id);
    }
  });
});
