/** The bounds on what callers, servers and other programs can vary, and what happens beyond each. */

/** A window, and the way to a reset. No known limit lasts longer than a month: a later reset is not known. */
export const longestWindowMs = 32 * 86_400_000;
/** Between this machine's clock and a server's. A machine without a battery begins in 1970; more is not believed. */
export const mostClockSkewMs = 100 * 366 * 86_400_000;
/** Words in a response's status line. Longer ones are left out. */
export const longestReason = 200;

/** Of a token file of HF's tools; a token has some 40 bytes, and `stored_tokens` has a line for each. */
export const mostTokenFileBytes = 64 * 1024;

/** Longer than any token of Hugging Face. A longer credential is refused at the gateway. */
export const maxCredentialChars = 4096;

/** Workspaces whose gateway's key is kept. One that was opened before 50 others gets a new key. */
export const maxGatewayKeys = 50;
