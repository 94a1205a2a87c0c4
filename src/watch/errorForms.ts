import { printedRateLimit } from '../limits/refusals/printedRateLimit.ts';
import { bodyIn } from './printedBody.ts';

/** The facts that one printed line has of a refused request. */
export interface PrintedError {
  readonly status?: number;
  readonly url?: string;
  /** The server's words, as a body; undefined when the line has none of them. */
  readonly body?: string;
  /** The client library calls models only, so the server need not be known. */
  readonly ofModels?: boolean;
  /** Response headers follow. */
  readonly headersFollow?: boolean;
  /** `RateLimit` headers that the library put into words. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one library or program prints a refused request. */
export interface ErrorForm {
  /** For `needlePattern`: each line of this form has one of them, and few other lines do. */
  readonly needles: readonly string[];
  readonly pattern: RegExp;
  read(match: RegExpExecArray): PrintedError | undefined;
}

/**
 * In order: the first form that matches a line reads it. Texts of requests, httpx, urllib, aiohttp,
 * huggingface_hub, datasets, openai, anthropic, groq, litellm, their counterparts on Node, the AI SDK, Rust's
 * reqwest (hf_xet), curl, wget, git and git-lfs.
 */
export const errorForms: readonly ErrorForm[] = [
  {
    needles: ['too many requests: you have reached your '],
    pattern: /\b(429) Too Many Requests: you have reached your '([\w-]{1,40})' rate limit\./,
    read: ({ 1: status, 2: bucket = '', input }) => ({
      status: Number(status),
      headers: { ratelimit: `"${bucket}"`, ...printedRateLimit(input) },
    }),
  },
  {
    needles: ['(?:client|server) error: ', 'too many requests for url'],
    pattern:
      /\b([45]\d\d) (?:(?:Client|Server) Error: .{0,200}?|Too Many Requests )for url: {0,2}(https?:\S{1,500})?/i,
    read: ([, status, url]) => ({ status: Number(status), url: cleanUrl(url) }),
  },
  {
    needles: ["(?:client|server) error '[45]"],
    pattern: /\b(?:Client|Server) error '([45]\d\d) [^']{0,80}' for url '([^'\s]{1,500})/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ['http error [45]'],
    pattern: /\bHTTP Error ([45]\d\d) thrown while requesting [A-Z]{1,8} (https?:\S{1,500})/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ['http error [45]', 'error [45]\\d\\d: '],
    pattern: /\b(?:HTTP Error|ERROR) ([45]\d\d): /,
    read: ([, status]) => ({ status: Number(status) }),
  },
  {
    needles: ['error code: [45]'],
    pattern: /\bError code: ([45]\d\d)(?: - (.*))?/,
    read: ([, status, rest]) => ({ status: Number(status), body: rest && bodyIn(rest), ofModels: true }),
  },
  {
    needles: ['litellm\\.'],
    pattern: /\blitellm\.(?:exceptions\.)?(\w+?): (?:litellm\.\w+: )?(?:\w+: )?(?:\w+Exception - )?(.*)/,
    read: ([, name = '', rest = '']) => ({ status: statusOfName(name), body: bodyIn(rest), ofModels: true }),
  },
  {
    needles: ['(?:ratelimit|api|paymentrequired|internalserver|overloaded)error: [45]'],
    pattern: /\b(?:RateLimit|API|PaymentRequired|InternalServer|Overloaded)Error: ([45]\d\d) (.*)/,
    read: ([, status, rest = '']) => ({
      status: Number(status),
      body: rest === 'status code (no body)' ? undefined : bodyIn(rest),
      ofModels: true,
    }),
  },
  {
    needles: ['ai_apicallerror', 'retryerror'],
    pattern: /\b(?:AI_APICallError|RetryError)(?: \[\w{1,40}\])?: (?:Failed after .{0,40}Last error: )?(.*)/,
    read: ([, rest = '']) => ({ body: bodyIn(rest), ofModels: true }),
  },
  {
    needles: ['http request: '],
    pattern: /\bHTTP Request: [A-Z]{1,8} (https?:\S{1,500}) "HTTP\/[\d.]{1,3} ([45]\d\d)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['http/(?:1\\.[01]|2|3) [45]'],
    pattern: /^(?:< )?HTTP\/(?:1\.[01]|2|3) ([45]\d\d)\b/,
    read: ([, status]) => ({ status: Number(status), headersFollow: true }),
  },
  {
    needles: ['requested url returned error: [45]'],
    pattern: /(?:(https?:[^\s']{1,500})'?: )?The requested URL returned error: ([45]\d\d)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['from http [45]'],
    pattern: /\b(https?:\S{1,500}) from HTTP ([45]\d\d)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['awaiting response'],
    pattern: /awaiting response\.\.\. ([45]\d\d) /,
    read: ([, status]) => ({ status: Number(status) }),
  },
  {
    needles: ['http status (?:client|server) error'],
    pattern:
      /HTTP status (?:client|server) error \(([45]\d\d) [^)]{1,60}\)(?:.{0,20}?(https?:[^\s)]{1,500}))?/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ['message=[\'"]'],
    pattern: /\b([45]\d\d), message=['"][^'"]{0,80}['"], url=(?:URL\()?['"](https?:[^'"\s]{1,500})/,
    read: ([, status, url]) => ({ status: Number(status), url }),
  },
  {
    needles: ["couldn't reach"],
    pattern: /(https?:\S{1,500}) \(error ([45]\d\d)\)/,
    read: ([, url, status]) => ({ status: Number(status), url }),
  },
  {
    needles: ['api error with status [45]'],
    pattern: /\bApi error with status ([45]\d\d)\b(?:.{0,200}?\burl: (https?:[^\s,]{1,500}))?/i,
    read: ([, status, url]) => ({ status: Number(status), url: cleanUrl(url) }),
  },
  {
    needles: ['failed to perform inference: '],
    pattern: /\bFailed to perform inference: (.*)/,
    read: ([, rest = '']) => ({
      body: /^an HTTP error/i.test(rest) ? undefined : bodyIn(rest),
      ofModels: true,
    }),
  },
];

function statusOfName(name: string): number | undefined {
  if (name === 'RateLimitError') return 429;
  return name === 'ServiceUnavailableError' ? 503 : undefined;
}

/** The URL without the punctuation of the sentence around it. */
export function cleanUrl(url: string | undefined): string | undefined {
  return url?.replace(/[.,;:)\]'"]+$/, '');
}
