const named = /reached your '([\w-]{1,40})' rate limit\./;
const retry =
  /\bRetry after (\d{1,9}) seconds?(?: \((\d{1,9})\/(\d{1,9}) requests remaining in current (\d{1,9})s window\))?/;

/**
 * The `RateLimit` headers of a 429 out of the words of `huggingface_hub` from 1.2 on (`utils/_http.py`): `you
 * have reached your 'api' rate limit. Retry after 42 seconds (0/1000 requests remaining in current 300s
 * window).` It prints them for every 429, those of an action limit too: only a window with nothing left
 * explains a refusal.
 * @param bucket when an earlier line named it
 */
export function printedRateLimit(
  text: string,
  bucket = named.exec(text)?.[1],
): Readonly<Record<string, string>> | undefined {
  const [, seconds, remaining, limit, windowSeconds] = (bucket !== undefined && retry.exec(text)) || [];
  if (seconds === undefined) return undefined;
  if (remaining === undefined) return { ratelimit: `"${bucket}";t=${seconds}` };
  return {
    ratelimit: `"${bucket}";r=${remaining};t=${seconds}`,
    'ratelimit-policy': `"fixed window";"${bucket}";q=${limit};w=${windowSeconds}`,
  };
}
