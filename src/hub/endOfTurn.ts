/** Something that is left to do when the loop has handed out all that came in. */
export interface Pending {
  endOfTurn(): void;
}

let pending: Pending[] = [];

/**
 * Calls it once more in this turn of the loop, behind everything that was read. A write wakes whoever waits for it on
 * another core, and that costs more than the write: of many that follow each other only the first one pays for it.
 */
export function atEndOfTurn(one: Pending): void {
  if (pending.push(one) === 1) setImmediate(runPending);
}

function runPending(): void {
  const now = pending;
  pending = [];
  let done = 0;
  try {
    for (const one of now) {
      done += 1;
      one.endOfTurn();
    }
  } finally {
    // one that throws must not take the others' turn away
    if (done < now.length) for (const one of now.slice(done)) atEndOfTurn(one);
  }
}
