import * as v8 from 'node:v8';
import * as vm from 'node:vm';

/** Costs a millisecond each time. */
const everyBytes = 2 * 1024 * 1024;
/** Of smaller pieces, as of events, V8's own heap is full before they are many. */
const leastBytes = 1024;
let passed = 0;
let collect: (() => void) | undefined;

/**
 * To be told of all bytes that pass. V8 gives the memory of what came from a socket back when its own heap is full,
 * which a large body hardly fills. Measured with Node 24, three uploads of 100 MB each: without a collection of the
 * young ones every 2 MiB dead buffers pile up to 26-59 MiB and an upload takes 560-1410 ms, with it they stay below
 * 1 MiB and it takes 220-670 ms. The test of 100 MB in `gatewayLoads.test.ts` fails without.
 */
export function countPassed(bytes: number): void {
  if (bytes < leastBytes) return;
  passed += bytes;
  if (passed < everyBytes) return;
  passed = 0;
  collect ??= youngCollection();
  collect();
}

function youngCollection(): () => void {
  try {
    v8.setFlagsFromString('--expose-gc');
    const gc = vm.runInNewContext('gc') as (options: { type: 'minor' }) => void;
    return () => gc({ type: 'minor' });
  } catch {
    // then V8 does it when it thinks so
    return () => {};
  }
}
