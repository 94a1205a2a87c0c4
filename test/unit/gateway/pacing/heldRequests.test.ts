import assert from 'node:assert/strict';
import { heldRequests, isHeldIn } from '../../../../src/gateway/pacing/heldRequests.ts';
import { limitName } from '../../../../src/gateway/pacing/limitKey.ts';
import type { HeldLimit } from '../../../../src/limits/pacing/pacer.ts';

const now = Date.UTC(2026, 10, 10, 12);
const api = limitName('0f3a', { by: 'huggingface', scope: 'api' });
const behindRouter = (model: string) => limitName('0f3a', { by: 'huggingface', scope: 'router', model });

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
  });

  for (const model of ['acme/Model-7B', 'gpt2']) {
    it(`the router is the scope, with the model apart: ${model}`, () => {
      const [reported] = heldRequests([held({ limit: behindRouter(model), heldBy: 'refusal' })]);
      assert.deepEqual([reported?.scope, reported?.model, reported?.heldBy], ['router', model, 'refusal']);
    });

    it(`a partner that limits behind the router is named, not Hugging Face: ${model}`, () => {
      const [reported] = heldRequests([held({ limit: behindRouter(model), by: 'groq', heldBy: 'refusal' })]);
      assert.deepEqual([reported?.by, reported?.scope, reported?.model], ['groq', undefined, model]);
    });

    it(`a provider key has a model and no scope: ${model}`, () => {
      const [reported] = heldRequests([held({ limit: limitName('0f3a', { by: 'groq', scope: model }) })]);
      assert.deepEqual([reported?.by, reported?.scope, reported?.model], ['groq', undefined, model]);
    });
  }

  it('requests of one limit are one entry with the earliest time', () => {
    const [reported, ...more] = heldRequests([
      held({ limit: behindRouter('acme/One'), programs: 1, waiting: 3, until: now + 9_000 }),
      held({ limit: behindRouter('acme/Other'), programs: 2, waiting: 4, until: now + 4_000 }),
      held({ limit: behindRouter('acme/Third'), programs: 1, waiting: 1, until: undefined }),
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [reported?.scope, reported?.model, reported?.waiting, reported?.programs, reported?.until],
      ['router', undefined, 8, 2, now + 4_000],
    );
  });

  it('an entry has a model when all its requests have the same one', () => {
    const gpt2 = held({ limit: behindRouter('gpt2') });
    const [reported] = heldRequests([gpt2, gpt2]);
    assert.deepEqual([reported?.model, reported?.waiting], ['gpt2', 4]);
  });

  it('entries are sorted by their time', () => {
    const order = heldRequests([
      held({ until: now + 9_000 }),
      held({ limit: behindRouter('gpt2'), until: now + 1_000 }),
      held({ limit: limitName('0f3a', { by: 'groq', scope: 'm' }), until: undefined }),
    ]).map(({ scope, model }) => scope ?? model);
    assert.deepEqual(order, ['m', 'router', 'api']);
  });

  it('partners behind the router have an entry each, which names its requests', () => {
    const of = (by: string, model: string) => held({ limit: behindRouter(model), by, waiting: 1 });
    const all = [of('groq', 'one'), of('together', 'one'), of('groq', 'two')];
    const [groq, together, ...more] = heldRequests(all);
    assert.deepEqual(more, []);
    assert.deepEqual([groq?.by, groq?.model, groq?.waiting], ['groq', undefined, 2]);
    assert.deepEqual([together?.by, together?.model], ['together', 'one']);
    assert.deepEqual(
      all.map(one => isHeldIn(groq?.limit ?? '', one)),
      [true, false, true],
    );
  });

  it('at most 100 entries', () => {
    const many = Array.from({ length: 500 }, (_, at) => held({ limit: behindRouter('m'), by: `p${at}` }));
    assert.equal(heldRequests(many).length, 100);
  });

  it('an entry without a known reset has no time', () => {
    const [reported] = heldRequests([held({ until: undefined })]);
    assert.ok(reported && !('until' in reported));
  });
});
