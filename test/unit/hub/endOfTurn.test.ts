import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { atEndOfTurn } from '../../../src/hub/endOfTurn.ts';

describe('The end of a turn of the loop', () => {
  let listeners: NodeJS.UncaughtExceptionListener[];
  let uncaught: unknown[];
  beforeEach(() => {
    uncaught = [];
    listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', error => uncaught.push(error));
  });
  afterEach(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });

  it('comes for each once, in order', async () => {
    const order: string[] = [];
    for (const name of ['one', 'two']) atEndOfTurn({ endOfTurn: () => order.push(name) });
    await turn();
    await turn();
    assert.deepEqual(order, ['one', 'two']);
  });

  it('comes for the others, too, when one of them throws', async () => {
    const order: string[] = [];
    atEndOfTurn({ endOfTurn: () => order.push('before') });
    atEndOfTurn({
      endOfTurn() {
        throw new Error('mine alone');
      },
    });
    atEndOfTurn({ endOfTurn: () => order.push('behind') });
    for (let turns = 0; turns < 3; turns += 1) await turn();
    assert.deepEqual(order, ['before', 'behind']);
    assert.deepEqual(uncaught.map(String), ['Error: mine alone']);
  });
});
