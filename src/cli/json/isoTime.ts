/** Null for what is not known. */
export function iso(epochMs: number | null | undefined): string | null {
  // A server's wait may reach beyond the last date that there is, for which there is no ISO form.
  if (epochMs === null || epochMs === undefined || Number.isNaN(new Date(epochMs).getTime())) return null;
  return new Date(epochMs).toISOString();
}
