import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HubError } from '../../../src/hub/hubError.ts';
import { parseInferenceProviderMapping } from '../../../src/hub/inferenceProviderMapping.ts';
import { throwsHubError } from './hubErrors.ts';

const groq = { status: 'live', providerId: 'llama-3.1-8b-instant', task: 'conversational' };

describe('inferenceProviderMapping of a model', () => {
  it('is read as an object by provider', () => {
    const body = { id: 'a/b', inferenceProviderMapping: { groq: { ...groq, isModelAuthor: false } } };
    assert.deepEqual(parseInferenceProviderMapping(body), [{ provider: 'groq', ...groq }]);
  });

  it('is read as a list', () => {
    const entries = [
      { provider: 'groq', ...groq },
      { provider: 'fal-ai', status: 'staging', providerId: 'x', task: 'text-to-image', adapter: 'lora' },
    ];
    assert.deepEqual(parseInferenceProviderMapping({ inferenceProviderMapping: entries }), [
      { provider: 'groq', ...groq },
      { provider: 'fal-ai', status: 'staging', providerId: 'x', task: 'text-to-image' },
    ]);
  });

  it('is empty for a model without providers', () => {
    for (const mapping of [undefined, null, {}, []]) {
      assert.deepEqual(parseInferenceProviderMapping({ inferenceProviderMapping: mapping }), []);
    }
  });

  it('leaves out an unreadable entry, and keeps the others', () => {
    const mapping = { groq, novita: { status: 'live', providerId: 7, task: 'conversational' }, x: null };
    assert.deepEqual(parseInferenceProviderMapping({ inferenceProviderMapping: mapping }), [
      { provider: 'groq', ...groq },
    ]);
    assert.deepEqual(parseInferenceProviderMapping({ inferenceProviderMapping: [groq] }), []);
  });

  it('is rejected as a string or a number', () => {
    for (const value of ['groq', 7, true]) {
      const body = { inferenceProviderMapping: value };
      throwsHubError(() => parseInferenceProviderMapping(body), 'format-changed', 'inferenceProviderMapping');
    }
    throwsHubError(() => parseInferenceProviderMapping([]), 'format-changed', 'the whole body');
  });

  it('of any JSON is read or fails with format-changed', () => {
    fc.assert(
      fc.property(fc.anything(), fc.boolean(), (value, whole) => {
        try {
          parseInferenceProviderMapping(whole ? value : { inferenceProviderMapping: value });
        } catch (error) {
          assert.ok(error instanceof HubError);
        }
      }),
    );
  });
});
