/** Null when unknown, and for a time that ISO-8601 can't express: a server's wait may exceed the last date. */
export function iso(epochMs: number | null | undefined): string | null {
  const date = new Date(epochMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
