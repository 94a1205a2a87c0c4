import assert from 'node:assert/strict';
import { heldRequests } from '../../../../src/gateway/pacing/heldRequests.ts';
import { limitName } from '../../../../src/gateway/pacing/limitKey.ts';
import type { HeldLimit } from '../../../../src/limits/pacing/pacer.ts';

const now = Date.UTC(2026, 10, 10, 12);
const api = limitName('0f3a', { by: 'huggingface', scope: 'api' });
const router = limitName('0f3a', { by: 'huggingface', scope: 'router' });

function held(different: Partial<HeldLimit> = {}): HeldLimit {
  return { limit: api, waiting: 2, programs: 1, heldBy: 'window', until: now + 5_000, ...different };
}

describe('held requests, reported list:', () => {
  it('empty without held requests', () => {
    assert.deepEqual(heldRequests([]), []);
  });

  it('the Hub’s bucket is the scope', () => {
    const reported = { ...held(), by: 'huggingface', scope: 'api' };
    assert.deepEqual(heldRequests([held()]), [reported]);
    assert.deepEqual(heldRequests([held({ action: 'POST models commit' })]), [reported]);
  });

  for (const model of ['acme/Model-7B', 'gpt2']) {
    it(`the router is the scope, with the model apart: ${model}`, () => {
      const [reported] = heldRequests([held({ limit: router, action: model, heldBy: 'refusal' })]);
      assert.deepEqual([reported?.scope, reported?.model, reported?.heldBy], ['router', model, 'refusal']);
    });

    it(`a provider key has a model and no scope: ${model}`, () => {
      const [reported] = heldRequests([held({ limit: limitName('0f3a', { by: 'groq', scope: model }) })]);
      assert.deepEqual([reported?.by, reported?.scope, reported?.model], ['groq', undefined, model]);
    });
  }

  it('requests of one limit are one entry with the earliest time', () => {
    const [reported, ...more] = heldRequests([
      held({ limit: router, action: 'acme/One', programs: 1, waiting: 3, until: now + 9_000 }),
      held({ limit: router, action: 'acme/Other', programs: 2, waiting: 4, until: now + 4_000 }),
      held({ limit: router, action: 'acme/Third', programs: 1, waiting: 1, until: undefined }),
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [reported?.scope, reported?.model, reported?.waiting, reported?.programs, reported?.until],
      ['router', undefined, 8, 2, now + 4_000],
    );
  });

  it('an entry has a model when all its requests have the same one', () => {
    const gpt2 = held({ limit: router, action: 'gpt2' });
    const [reported] = heldRequests([gpt2, gpt2]);
    assert.deepEqual([reported?.model, reported?.waiting], ['gpt2', 4]);
  });

  it('entries are sorted by their time', () => {
    const order = heldRequests([
      held({ until: now + 9_000 }),
      held({ limit: router, until: now + 1_000 }),
      held({ limit: limitName('0f3a', { by: 'groq', scope: 'm' }), until: undefined }),
    ]).map(({ scope, model }) => scope ?? model);
    assert.deepEqual(order, ['m', 'router', 'api']);
  });

  it('an entry without a known reset has no time', () => {
    const [reported] = heldRequests([held({ until: undefined })]);
    assert.ok(reported && !('until' in reported));
  });
});
