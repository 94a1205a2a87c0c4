import assert from 'node:assert/strict';
import { guardedTimers } from '../../../src/gateway/guardedTimers.ts';

describe('guarded timers:', () => {
  it('a callback that throws ends nothing but itself, and is logged', () => {
    const callbacks: (() => void)[] = [];
    const lines: string[] = [];
    const timers = guardedTimers(
      { setTimeout: callback => callbacks.push(callback), clearTimeout: () => {} },
      line => lines.push(line),
    );
    timers.setTimeout(() => assert.fail('planted'), 1);
    callbacks[0]?.();
    assert.deepEqual(lines, ['gateway: a timer failed: planted']);
  });
});
