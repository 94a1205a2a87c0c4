import { NeedleFilter } from '../limits/refusals/needleFilter.ts';
import { bodyIn } from './printedBody.ts';

/** What one line tells of a refused request. */
export interface Told {
  readonly status?: number;
  readonly url?: string;
  /** What the server said, as a body; undefined when the line has none of its words. */
  readonly body?: string;
  /** The name of the client library is proof enough that a model was asked, whatever server answered. */
  readonly ofModels?: boolean;
  /** Response headers follow. */
  readonly headersFollow?: boolean;
  /** The library's own account of the `RateLimit` header. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Form {
  /** Each line of this form has one of them. At least eight characters each, and no word of every log (`error`). */
  readonly needles: readonly string[];
  readonly pattern: RegExp;
  read(match: RegExpExecArray): Told | undefined;
}

/** Prints a server's words without a status, in an error of a language or as the first thing in a line. */
const spoken =
  /^(?:(?:uncaught )?(?:[\w$.]{0,80}(?:Error|Exception|Exceeded|Warning)\b|error|failed|remote|fatal)[^:]{0,60}: |[✖✗❌] {0,2})(.{8,})/i;

const tooMany = ['Too Many Requests', 'Too many requests', 'Too many Requests'];

/**
 * How programs print a refused request, in order: the first that knows the line reads it. Texts of requests, httpx,
 * urllib, aiohttp, huggingface_hub, datasets, openai, anthropic, groq, litellm, their counterparts on Node, the AI SDK,
 * Rust's reqwest (hf_xet), curl, wget, git and git-lfs.
 */
const forms: readonly Form[] = [
  {
    needles: ['you have reached your '],
    pattern: /\b(429) Too Many Requests: you have reached your '([\w-]{1,40})' rate limit\.(.*)/,
    read: ([, status, bucket = '', rest = '']) => ({
      status: Number(status),
      headers: { ratelimit: `"${bucket}"`, ...retryIn(rest, bucket) },
    }),
  },
  {
    needles: [...tooMany, 'Client Error', 'Server Error', 'Client error'],
    pattern:
      /\b([45]\d\d) (?:(?:Client|Server) Error: .{0,200}?|Too Many Requests )for url: {0,2}(https?:\S{1,500})?/i,
    read: ([, status, url]) => ({ status: Number(status), url: cleanUrl(url) }),
  },
  {
    needles: ['Client error', 'Server error'],
    pattern: /\b(?:Client|Server) error '([45]\d\d) [^']{0,80}' for url '([^'\s]{1,500})/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ['HTTP Error 4', 'HTTP Error 5'],
    pattern: /\bHTTP Error ([45]\d\d) thrown while requesting [A-Z]{1,8} (https?:\S{1,500})/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ['HTTP Error 4', 'HTTP Error 5', 'OR 429: '],
    pattern: /\b(?:HTTP Error|ERROR) ([45]\d\d): /,
    read: ([, status]) => ({ status: Number(status) }),
  },
  {
    needles: ['r code: 4', 'r code: 5'],
    pattern: /\bError code: ([45]\d\d)(?: - (.*))?/,
    read: ([, status, rest]) => ({ status: Number(status), body: rest && bodyIn(rest), ofModels: true }),
  },
  {
    needles: ['litellm.'],
    pattern: /\blitellm\.(?:exceptions\.)?(\w+?): (?:litellm\.\w+: )?(?:\w+: )?(?:\w+Exception - )?(.*)/,
    read: ([, name = '', rest = '']) => ({ status: statusOfName(name), body: bodyIn(rest), ofModels: true }),
  },
  {
    needles: [400, 402, 403, 429, 503, 529].map(status => `or: ${status} `),
    pattern: /\b(?:RateLimit|API|PaymentRequired|InternalServer|Overloaded)Error: ([45]\d\d) (.*)/,
    read: ([, status, rest = '']) => ({
      status: Number(status),
      body: rest === 'status code (no body)' ? undefined : bodyIn(rest),
      ofModels: true,
    }),
  },
  {
    needles: ['AI_APICallError', 'AI_RetryError', 'RetryError'],
    pattern: /\b(?:AI_APICallError|RetryError)(?: \[\w{1,40}\])?: (?:Failed after .{0,40}Last error: )?(.*)/,
    read: ([, rest = '']) => ({ body: bodyIn(rest), ofModels: true }),
  },
  {
    needles: ['HTTP Request: '],
    pattern: /\bHTTP Request: [A-Z]{1,8} (https?:\S{1,500}) "HTTP\/[\d.]{1,3} ([45]\d\d)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['HTTP/1.1 4', 'HTTP/1.1 5', 'HTTP/2 4', 'HTTP/2 5', 'HTTP/1.0 4', 'HTTP/3 4'],
    pattern: /^(?:< )?HTTP\/(?:1\.[01]|2|3) ([45]\d\d)\b/,
    read: ([, status]) => ({ status: Number(status), headersFollow: true }),
  },
  {
    needles: ['returned error: 4', 'returned error: 5', 'RPC failed; HTTP '],
    pattern: /(?:(https?:[^\s']{1,500})'?: )?The requested URL returned error: ([45]\d\d)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['from HTTP 4', 'from HTTP 5'],
    pattern: /\b(https?:\S{1,500}) from HTTP ([45]\d\d)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['awaiting response'],
    pattern: /awaiting response\.\.\. ([45]\d\d) /,
    read: ([, status]) => ({ status: Number(status) }),
  },
  {
    needles: ['HTTP status client error', 'HTTP status server error'],
    pattern:
      /HTTP status (?:client|server) error \(([45]\d\d) [^)]{1,60}\)(?:.{0,20}?(https?:[^\s)]{1,500}))?/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ["message='", 'message="Too'],
    pattern: /\b([45]\d\d), message=['"][^'"]{0,80}['"], url=(?:URL\()?['"](https?:[^'"\s]{1,500})/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ["Couldn't reach"],
    pattern: /(https?:\S{1,500}) \(error ([45]\d\d)\)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['with status 4', 'with status 5'],
    pattern: /\bApi error with status ([45]\d\d)\b(?:.{0,200}?\burl: (https?:[^\s,]{1,500}))?/i,
    read: ([, status, url]) => ({ status: Number(status), url: cleanUrl(url) }),
  },
  {
    needles: ['Failed to perform inference'],
    pattern: /\bFailed to perform inference: (.*)/,
    read: ([, rest = '']) => ({
      body: /^an HTTP error/i.test(rest) ? undefined : bodyIn(rest),
      ofModels: true,
    }),
  },
];

/** Of the servers' own words, without a status beside them. */
const wordNeedles = [
  'ate limit',
  'ate_limit',
  'ate-limit',
  'quota of ',
  'GPU quota',
  'included credits',
  'paid credit',
  'spending limit',
  ' per minute',
  'insufficient_quota',
  'throttled',
  ...tooMany,
];

/** What a line must have one of to matter, unless it follows one that does. */
export const needles: readonly string[] = [
  ...new Set([...forms.flatMap(form => form.needles), ...wordNeedles].map(needle => needle.slice(0, 8))),
];

const words = { needles: wordNeedles };
const filter = new NeedleFilter([...forms, words]);
const filtered = forms.map(form => ({ form, bits: filter.bitsOf(form) }));

/** What a line tells of a refused request; undefined when nothing. `within`: an account of one has begun. */
export function readErrorLine(line: string, within: boolean): Told | undefined {
  const found = filter.bitsIn(line);
  for (const { form, bits } of filtered) {
    if ((found & bits) === 0 || !form.needles.some(needle => line.includes(needle))) continue;
    const match = form.pattern.exec(line);
    const told = match && form.read(match);
    if (told) return told;
  }
  if ((found & filter.bitsOf(words)) === 0 || !wordNeedles.some(needle => line.includes(needle)))
    return undefined;
  if (/^\s*[{[]/.test(line)) return { body: line.trim() };
  // one line of JSON that was laid out, or of an object that Node prints
  const field = /^\s+(?:"(?:error|message|detail)"|message|error|detail): (["'`])(.+)\1,?$/.exec(line)?.[2];
  if (field !== undefined) return { body: bodyIn(field) };
  const said = spoken.exec(line)?.[1] ?? (within || hubSays.test(line) ? line.trim() : undefined);
  return said === undefined ? undefined : { body: bodyIn(said) };
}

const hubSays =
  /^(?:We had to rate limit you|You have (?:exceeded|depleted|reached) (?:your|the) |You['’]ve hit the rate limit for)/;

/** The rest of huggingface_hub's account of the `RateLimit` header, which may be on a line of its own. */
export function retryIn(line: string, bucket = 'api'): Record<string, string> | undefined {
  const [, seconds, remaining, limit, windowSeconds] =
    /\bRetry after (\d{1,9}) seconds?(?: \((\d{1,9})\/(\d{1,9}) requests remaining in current (\d{1,9})s window\))?/.exec(
      line,
    ) ?? [];
  if (seconds === undefined) return undefined;
  if (remaining === undefined) return { ratelimit: `"${bucket}";t=${seconds}` };
  return {
    ratelimit: `"${bucket}";r=${remaining};t=${seconds}`,
    'ratelimit-policy': `"fixed window";"${bucket}";q=${limit};w=${windowSeconds}`,
  };
}

function statusOfName(name: string): number | undefined {
  if (name === 'RateLimitError') return 429;
  return name === 'ServiceUnavailableError' ? 503 : undefined;
}

/** Without what the sentence around it adds. */
export function cleanUrl(url: string | undefined): string | undefined {
  return url?.replace(/[.,;:)\]'"]+$/, '');
}
