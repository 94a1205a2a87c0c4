import assert from 'node:assert/strict';
import { limitName } from '../../../src/gateway/countedAgainst.ts';
import { heldRequests } from '../../../src/gateway/heldRequests.ts';
import type { HeldLimit } from '../../../src/limits/pacing.ts';

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

  it('stand in front of a model behind the router', () => {
    const [told] = heldRequests([held({ limit: router, action: 'acme/Model-7B', heldBy: 'refusal' })]);
    assert.deepEqual([told?.scope, told?.heldBy], ['acme/Model-7B', 'refusal']);
  });

  it('are told together where the limit is the same, until the first ones go', () => {
    const [told, ...more] = heldRequests([
      held({ limit: router, action: 'acme/One', programs: 1, waiting: 3, until: now + 9_000 }),
      held({ limit: router, action: 'acme/Other', programs: 2, waiting: 4, until: now + 4_000 }),
      held({ limit: router, action: 'acme/Third', programs: 1, waiting: 1, until: undefined }),
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [told?.scope, told?.waiting, told?.programs, told?.until],
      ['router', 8, 2, now + 4_000],
    );
  });

  it('stand in the order in which they can go', () => {
    const order = heldRequests([
      held({ until: now + 9_000 }),
      held({ limit: router, until: now + 1_000 }),
      held({ limit: limitName('0f3a', { by: 'groq', scope: 'm' }), until: undefined }),
    ]).map(({ scope }) => scope);
    assert.deepEqual(order, ['m', 'router', 'api']);
  });

  it('have no time where nobody told one', () => {
    const [told] = heldRequests([held({ until: undefined })]);
    assert.ok(told && !('until' in told));
  });
});
