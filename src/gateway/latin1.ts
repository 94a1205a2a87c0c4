/** What `toString('latin1')` calls in the end; its way there is longer than the work for a header of some bytes. */
interface Sliceable extends Buffer {
  latin1Slice(start?: number, end?: number): string;
}

/** Byte for byte, as node:http writes strings of this encoding. */
export function latin1(bytes: Buffer): string {
  return (bytes as Sliceable).latin1Slice();
}
