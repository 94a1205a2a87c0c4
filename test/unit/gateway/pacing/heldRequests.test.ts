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

describe('Those who wait, as people are told of them', () => {
  it('are nobody when nobody waits', () => {
    assert.deepEqual(heldRequests([]), []);
  });

  it('stand in front of a bucket of the Hub', () => {
    const told = { ...held(), by: 'huggingface', scope: 'api' };
    assert.deepEqual(heldRequests([held()]), [told]);
    assert.deepEqual(heldRequests([held({ action: 'POST models commit' })]), [told]);
  });

  for (const model of ['acme/Model-7B', 'gpt2']) {
    it(`stand in front of a model behind the router, which is not the name of a bucket: ${model}`, () => {
      const [told] = heldRequests([held({ limit: router, action: model, heldBy: 'refusal' })]);
      assert.deepEqual([told?.scope, told?.model, told?.heldBy], ['router', model, 'refusal']);
    });

    it(`stand in front of a model of a provider’s key: ${model}`, () => {
      const [told] = heldRequests([held({ limit: limitName('0f3a', { by: 'groq', scope: model }) })]);
      assert.deepEqual([told?.by, told?.scope, told?.model], ['groq', undefined, model]);
    });
  }

  it('are told together where the limit is the same, until the first ones go', () => {
    const [told, ...more] = heldRequests([
      held({ limit: router, action: 'acme/One', programs: 1, waiting: 3, until: now + 9_000 }),
      held({ limit: router, action: 'acme/Other', programs: 2, waiting: 4, until: now + 4_000 }),
      held({ limit: router, action: 'acme/Third', programs: 1, waiting: 1, until: undefined }),
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [told?.scope, told?.model, told?.waiting, told?.programs, told?.until],
      ['router', undefined, 8, 2, now + 4_000],
    );
  });

  it('keep the model when they wait for the same one, whoever pays', () => {
    const gpt2 = held({ limit: router, action: 'gpt2' });
    const [told] = heldRequests([gpt2, gpt2]);
    assert.deepEqual([told?.model, told?.waiting], ['gpt2', 4]);
  });

  it('stand in the order in which they can go', () => {
    const order = heldRequests([
      held({ until: now + 9_000 }),
      held({ limit: router, until: now + 1_000 }),
      held({ limit: limitName('0f3a', { by: 'groq', scope: 'm' }), until: undefined }),
    ]).map(({ scope, model }) => scope ?? model);
    assert.deepEqual(order, ['m', 'router', 'api']);
  });

  it('have no time where nobody told one', () => {
    const [told] = heldRequests([held({ until: undefined })]);
    assert.ok(told && !('until' in told));
  });
});
