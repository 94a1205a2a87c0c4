const dayMs = 86_400_000;

/** Refusals and their roll-up are kept for 90 days. */
export const refusalsKeptMs = 90 * dayMs;
/** Balance samples are kept for 62 days: the running month and the one before it. */
export const balancesKeptMs = 62 * dayMs;
/** What HF said of an account that has not been read since is kept as long: nobody is signed in with that token. */
export const partsKeptMs = 62 * dayMs;
/** Request tallies are kept for 30 days, and at most so many. */
export const talliesKeptMs = 30 * dayMs;
export const talliesKept = 50_000;
/** The roll-up of request tallies, and who paid when, are kept for a year. */
export const tallyHoursKeptMs = 366 * dayMs;
export const switchesKeptMs = 366 * dayMs;
/** What gateways learned of limits, for an hour: a word of a day's window is told anew by then. */
export const limitsKeptMs = 3_600_000;
/** As many tallies does one process keep while there is no disk. */
export const talliesInMemory = 5_000;
/** Rows that one sweep deletes at most from each table: a few ms. */
export const sweepRows = 500;
/** One window or CLI sweeps, once in this time. */
export const sweepEveryMs = 3_600_000;
/** While outdated rows are left, the sweeper goes on at this pace. */
export const sweepAgainMs = 10_000;
