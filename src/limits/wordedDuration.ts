const unitSeconds: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|mins?|minutes?)$/i, 60],
  [/^(?:h|hrs?|hours?)$/i, 3600],
  [/^(?:d|days?)$/i, 86_400],
];

/**
 * Seconds of a length of time in words, the first one in the text: `about 43 minutes`, `1 day`, `24 h`, `~30s`,
 * and without a number one of it: `hour` (as in "128 per hour"), `less than a minute`.
 */
export function wordedSeconds(text: string): number | undefined {
  const match = /(?:(\d+(?:\.\d+)?)\s*|\b)(secs?|seconds?|s|mins?|minutes?|m|hrs?|hours?|h|days?|d)\b/i.exec(
    text,
  );
  if (!match) return undefined;
  const seconds = unitSeconds.find(([unit]) => unit.test(match[2] ?? ''))?.[1];
  return seconds === undefined ? undefined : Number(match[1] ?? 1) * seconds;
}
