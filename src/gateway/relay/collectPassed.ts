/** A young collection takes a millisecond. */
const collectEveryBytes = 2 * 1024 * 1024;
/** Smaller pieces, as of events, fill V8's own heap soon. */
const minBytes = 1024;
let passedBytes = 0;

/**
 * Counts bytes that passed. V8 frees the buffers of sockets when its own heap is full, which a large body hardly
 * fills: an upload of 100 MB piles up 26 to 59 MiB, with a young collection every 2 MiB less than 1 MiB (Node 24).
 * `gc` is there in a process that was started with `--expose-gc`, as the editor's gateway and `headroom` are.
 */
export function collectPassed(bytes: number): void {
  if (bytes < minBytes) return;
  passedBytes += bytes;
  if (passedBytes < collectEveryBytes) return;
  passedBytes = 0;
  globalThis.gc?.({ type: 'minor' });
}
