import assert from 'node:assert/strict';
import { Refreshed } from '../../../src/billing/refreshed.ts';

/** A server that answers when it is told to, and a clock that is set by hand. */
class World {
  now = 1_790_000_000_000;
  asked = 0;
  #answer: PromiseWithResolvers<string> = Promise.withResolvers();

  readonly value = new Refreshed<string>({
    load: () => {
      this.asked += 1;
      this.#answer = Promise.withResolvers();
      return this.#answer.promise;
    },
    now: () => this.now,
    maxAgeMs: value => (value === 'short' ? 1000 : 60_000),
  });

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

describe('a refreshed value', () => {
  it('is loaded when it is needed, once for all who wait', async () => {
    const world = new World();
    assert.equal(world.value.last, undefined);
    const all = [world.value.get(), world.value.get(), world.value.get(new AbortController().signal)];
    world.resolve('one');
    assert.deepEqual(await Promise.all(all), ['one', 'one', 'one']);
    assert.equal(world.asked, 1);
    assert.equal(world.value.last, 'one');
  });

  it('is loaded anew when it is too old', async () => {
    const world = new World();
    await world.get('one');
    world.now += 59_999;
    assert.equal(await world.get('two'), 'one');
    world.now += 1;
    assert.equal(await world.get('short'), 'short');
    world.now += 1000;
    assert.equal(await world.get('three'), 'three');
    assert.equal(world.asked, 3);
  });

  it('stays the old one while it can not be loaded, without asking again at once', async () => {
    const world = new World();
    await world.get('one');
    world.now += 60_000;
    assert.equal(await world.get(new Error('down')), 'one');
    assert.equal(await world.get('two'), 'one');
    assert.equal(world.asked, 2);
    world.now += 15_000;
    assert.equal(await world.get('two'), 'two');
  });

  it('rejects when there never was one', async () => {
    const world = new World();
    await assert.rejects(world.get(new Error('down')), /down/);
    await assert.rejects(world.get('one'), /down/);
    assert.equal(world.asked, 1);
    world.now += 15_000;
    assert.equal(await world.get('one'), 'one');
  });

  it('is not waited for by who goes away, and still arrives for the others', async () => {
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
