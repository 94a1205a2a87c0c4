import assert from 'node:assert/strict';
import { CachedValue } from '../../../src/billing/cachedValue.ts';

/** A value whose loads end when a test says so, and a clock that the test sets. */
class World {
  now = 1_790_000_000_000;
  loads = 0;
  #answer: PromiseWithResolvers<string> = Promise.withResolvers();

  readonly value = new CachedValue<string>(
    async () => {
      this.loads += 1;
      this.#answer = Promise.withResolvers();
      const value = await this.#answer.promise;
      return { value, maxAgeMs: value === 'short' ? 1000 : 60_000 };
    },
    () => this.now,
  );

  async get(answer: string | Error): Promise<string> {
    const got = this.value.get();
    if (answer instanceof Error) this.#answer.reject(answer);
    else this.#answer.resolve(answer);
    return await got;
  }

  resolve(value: string): void {
    this.#answer.resolve(value);
  }
}

describe('cached value:', () => {
  it('loaded on demand, once for all who wait', async () => {
    const world = new World();
    assert.equal(world.value.last, undefined);
    const all = [world.value.get(), world.value.get(), world.value.get(new AbortController().signal)];
    world.resolve('one');
    assert.deepEqual(await Promise.all(all), ['one', 'one', 'one']);
    assert.equal(world.loads, 1);
    assert.equal(world.value.last, 'one');
  });

  it('loaded again when it is older than its maxAgeMs', async () => {
    const world = new World();
    await world.get('one');
    world.now += 59_999;
    assert.equal(await world.get('two'), 'one');
    world.now += 1;
    assert.equal(await world.get('short'), 'short');
    world.now += 1000;
    assert.equal(await world.get('three'), 'three');
    assert.equal(world.loads, 3);
  });

  it('the old value stays while loads fail; the next load comes 15 s after a failure', async () => {
    const world = new World();
    await world.get('one');
    world.now += 60_000;
    assert.equal(await world.get(new Error('down')), 'one');
    assert.equal(await world.get('two'), 'one');
    assert.equal(world.loads, 2);
    world.now += 15_000;
    assert.equal(await world.get('two'), 'two');
  });

  it('get rejects while the first load fails', async () => {
    const world = new World();
    await assert.rejects(world.get(new Error('down')), /down/);
    await assert.rejects(world.get('one'), /down/);
    assert.equal(world.loads, 1);
    world.now += 15_000;
    assert.equal(await world.get('one'), 'one');
  });

  it('an aborted caller stops waiting, and other callers still get the value', async () => {
    const world = new World();
    const leaving = new AbortController();
    const left = world.value.get(leaving.signal);
    const other = world.value.get();
    leaving.abort(new Error('gone'));
    await assert.rejects(left, /gone/);
    world.resolve('one');
    assert.equal(await other, 'one');
    await assert.rejects(world.value.get(leaving.signal), /gone/);
  });
});
