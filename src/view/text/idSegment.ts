/** A remote name as one segment of an id, without the `/`, `:` and `#` of our own ids. */
export function idSegment(name: string): string {
  return /^[\w.-]*$/.test(name) ? name : encodeURIComponent(name.toWellFormed());
}
