import assert from 'node:assert/strict';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';
import { at } from '../printed.ts';
import { type FuzzInput, inputOf } from './inputs.ts';

/** Users notice an event loop that stands still for longer. */
export const mostMs = 20;
/** A slow input is read again: the machine has other work, too, and memory to collect. */
const slowMs = 2;
const attempts = 10;

export interface FuzzResult {
  readonly kind: string;
  readonly refusals: number;
  /** In all. */
  readonly ms: number;
  /** The longest turn, the least of the attempts. */
  readonly stallMs: number;
}

/**
 * Reads the input of this number and checks the result.
 * @throws with the input when reading it fails, gives a wrong result, or takes too long
 */
export function fuzz(number: number): FuzzResult {
  const input = inputOf(number);
  try {
    let result = read(input);
    for (let attempt = 1; attempt < attempts && result.stallMs > slowMs; attempt++) {
      const again = read(input);
      if (again.stallMs < result.stallMs) result = again;
    }
    assert.ok(result.stallMs <= mostMs, `a turn took ${result.stallMs.toFixed(1)} ms`);
    return result;
  } catch (error) {
    const data = JSON.stringify(input.data).slice(0, 2_000);
    throw new Error(`Input ${number}, ${input.kind}: ${String(error)}\n${data}`, { cause: error });
  }
}

function read({ kind, begin }: FuzzInput): FuzzResult {
  const { turns, refusals } = begin();
  let [ms, stallMs] = [0, 0];
  for (const turn of turns) {
    const start = performance.now();
    turn();
    const took = performance.now() - start;
    ms += took;
    stallMs = Math.max(stallMs, took);
  }
  for (const refusal of refusals) check(refusal);
  return { kind, refusals: refusals.length, ms, stallMs };
}

function check({ message, by, scope, resetsAt, status, ...counts }: Refusal): void {
  assert.ok(message.length <= 500 && message.isWellFormed(), 'the message');
  assert.match(by, /^[\w.-]{1,60}$/);
  assert.ok(Number.isInteger(status) && status >= 200, 'the status');
  assert.ok(scope === undefined || scope.length <= 120, 'the scope');
  assert.ok(
    resetsAt === undefined || (Number.isSafeInteger(resetsAt) && resetsAt > at - 100 * 366 * 86_400_000),
    'the reset',
  );
  for (const count of [counts.limit, counts.remaining, counts.windowSeconds])
    assert.ok(count === undefined || (Number.isFinite(count) && count >= 0), 'a count');
}
