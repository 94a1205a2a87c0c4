const dayMs = 86_400_000;

/** Refusals. */
export const refusalsKeptMs = 90 * dayMs;
/** Balance samples: the running month and the one before it. */
export const balancesKeptMs = 62 * dayMs;
/** Parts of an account that nothing has read since: no session uses its token any more. */
export const partsKeptMs = 62 * dayMs;
/** Request tallies, and how many of them at most. */
export const talliesKeptMs = 30 * dayMs;
export const talliesKept = 50_000;
/** Sums of tallies by hour, and billing switches. */
export const tallyHoursKeptMs = 366 * dayMs;
export const switchesKeptMs = 366 * dayMs;
/** Limits that gateways learned: the next response reports the windows that are longer than that. */
export const limitsKeptMs = 3_600_000;
/** Rows that one sweep deletes from each table at most: some milliseconds. */
export const sweepRows = 500;
/** One window or CLI sweeps, once in this time. */
export const sweepEveryMs = 3_600_000;
/** The pace while outdated rows are left. */
export const sweepAgainMs = 10_000;
