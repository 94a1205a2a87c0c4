/** Every unit begins with a letter of its own. */
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds of a length of time in words, the first one in the text: `about 43 minutes`, `1 day`, `24 h`, `~30s`,
 * and without a number one of it: `hour` (as in "128 per hour"), `less than a minute`.
 */
export function wordedSeconds(text: string): number | undefined {
  const match = /(?:(\d+(?:\.\d+)?)\s*|\b)(secs?|seconds?|s|mins?|minutes?|m|hrs?|hours?|h|days?|d)\b/i.exec(
    text,
  );
  if (!match) return undefined;
  const seconds = unitSeconds[match[2]?.charAt(0).toLowerCase() ?? ''];
  return seconds === undefined ? undefined : Number(match[1] ?? 1) * seconds;
}
