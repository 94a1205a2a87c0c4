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
  /** The client library calls Hugging Face only. */
  readonly ofHub?: boolean;
  /** Behind words of another program: they count only if they are a known server's. */
  readonly isLoose?: boolean;
  /** Index in `errorForms`; undefined: words alone. */
  readonly form?: number;
  /** A logger's line about one response, ahead of what a program says of it. */
  readonly beginsRequest?: boolean;
  /** Response headers follow. */
  readonly headersFollow?: boolean;
  /** `RateLimit` headers that the library put into words. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one library or program prints a refused request. */
export interface ErrorForm {
  /** For `needlePattern`: each line of this form has one of them, and few other lines do. */
  readonly needles: readonly string[];
  /**
   * With groups `status`, `url` and `body`, as far as the form has them. A URL ahead of fixed words is found by looking
   * back from them: a search from each of many glued URLs would take 20 ms.
   */
  readonly pattern: RegExp;
  readonly ofModels?: boolean;
  readonly ofHub?: boolean;
  readonly beginsRequest?: boolean;
  readonly headersFollow?: boolean;
  /** Facts that its groups do not have. */
  also?(match: RegExpExecArray): Pick<PrintedError, 'status' | 'headers'>;
}

/** No body, or the begin of an HTML page whose words are on other lines. */
const saysNothing = /^[\s"'.:,)\]}-]*$|^<(?:!doctype[^>]*|html[^>]*)>?\s*$|^Retrying/i;

/** The facts in a line of this form; undefined: the line has another one. */
export function readForm(form: ErrorForm, line: string): PrintedError | undefined {
  const match = form.pattern.exec(line);
  if (!match) return undefined;
  const { status, url, body } = match.groups ?? {};
  return {
    status: status === undefined ? undefined : Number(status),
    url: cleanUrl(url),
    body: saysNothing.test(body ?? '') ? undefined : bodyIn(body ?? ''),
    ofModels: form.ofModels,
    ofHub: form.ofHub,
    beginsRequest: form.beginsRequest,
    headersFollow: form.headersFollow,
    ...form.also?.(match),
  };
}

const litellmStatuses: ReadonlyMap<string, number> = new Map([
  ['RateLimitError', 429],
  ['ServiceUnavailableError', 503],
]);

/**
 * In order: the first form that matches a line reads it. Texts of requests, httpx, urllib, aiohttp,
 * huggingface_hub, datasets, openai, anthropic, groq, litellm, their counterparts on Node, the AI SDK, Rust's
 * reqwest (hf_xet), curl, wget, git and git-lfs.
 */
export const errorForms: readonly ErrorForm[] = [
  {
    needles: ['too many requests: you have reached your '],
    pattern: /\b(?<status>429) Too Many Requests: you have reached your '([\w-]{1,40})' rate limit\./,
    also: ({ 2: bucket, input }) => ({ headers: { ratelimit: `"${bucket}"`, ...printedRateLimit(input) } }),
  },
  {
    needles: ['(?:client|server) error: ', 'too many requests for url'],
    pattern:
      /\b(?<status>[45]\d\d) (?:(?:Client|Server) Error: .{0,200}?|Too Many Requests )for url: {0,2}(?<url>https?:\S{1,500})?/i,
  },
  {
    // huggingface_hub's wait, which follows its line about the response
    needles: ['rate limited\\. waiting \\d'],
    pattern: /\b(?<body>Rate limited\. Waiting [\d.]{1,12}s before retry) \[Retry \d/,
    ofHub: true,
  },
  {
    needles: ["(?:client|server) error '[45]"],
    pattern: /\b(?:Client|Server) error '(?<status>[45]\d\d) [^']{0,80}' for url '(?<url>[^'\s]{1,500})/,
  },
  {
    needles: ['http error [45]'],
    pattern: /\bHTTP Error (?<status>[45]\d\d) thrown while requesting [A-Z]{1,8} (?<url>https?:\S{1,500})/,
  },
  {
    needles: ['http error [45]', 'error [45]\\d\\d: '],
    pattern: /\b(?:HTTP Error|ERROR) (?<status>[45]\d\d): /,
  },
  {
    needles: ['error code: [45]'],
    pattern: /\bError code: (?<status>[45]\d\d)(?: - (?<body>.*))?/,
    ofModels: true,
  },
  {
    needles: ['litellm\\.'],
    pattern:
      /\blitellm\.(?:exceptions\.)?(\w+?): (?:litellm\.\w+: )?(?:\w+: )?(?:\w+Exception - )?(?<body>.*)/,
    ofModels: true,
    also: ([, name = '']) => ({ status: litellmStatuses.get(name) }),
  },
  {
    needles: ['(?:ratelimit|api|paymentrequired|internalserver|overloaded)error: [45]'],
    pattern:
      /\b(?:RateLimit|API|PaymentRequired|InternalServer|Overloaded)Error: (?<status>[45]\d\d) (?:status code \(no body\)$|(?<body>.*))/,
    ofModels: true,
  },
  {
    needles: ['ai_apicallerror', 'retryerror'],
    pattern:
      /\b(?:AI_APICallError|RetryError)(?: \[\w{1,40}\])?: (?:Failed after .{0,40}Last error: )?(?<body>.*)/,
    ofModels: true,
  },
  {
    needles: ['http request: '],
    pattern: /\bHTTP Request: [A-Z]{1,8} (?<url>https?:\S{1,500}) "HTTP\/[\d.]{1,3} (?<status>[45]\d\d)/,
    beginsRequest: true,
  },
  {
    needles: ['http/(?:1\\.[01]|2|3) [45]'],
    pattern: /^(?:< )?HTTP\/(?:1\.[01]|2|3) (?<status>[45]\d\d)\b/,
    headersFollow: true,
  },
  {
    needles: ['requested url returned error: [45]'],
    pattern:
      /The requested URL returned error: (?<=(?:(?<url>https?:[^\s']{1,500})'?: )?The requested URL returned error: )(?<status>[45]\d\d)/,
  },
  {
    needles: ['from http [45]'],
    pattern: / from HTTP (?<=\b(?<url>https?:\S{1,500}) from HTTP )(?<status>[45]\d\d)/,
  },
  { needles: ['awaiting response'], pattern: /awaiting response\.\.\. (?<status>[45]\d\d) / },
  {
    needles: ['http status (?:client|server) error'],
    pattern:
      /HTTP status (?:client|server) error \((?<status>[45]\d\d) [^)]{1,60}\)(?:.{0,20}?(?<url>https?:[^\s)]{1,500}))?/,
  },
  {
    needles: ['message=[\'"]'],
    pattern:
      /\b(?<status>[45]\d\d), message=['"][^'"]{0,80}['"], url=(?:URL\()?['"](?<url>https?:[^'"\s]{1,500})/,
  },
  {
    needles: ["couldn't reach"],
    pattern: / \(error (?<=(?<url>https?:\S{1,500}) \(error )(?<status>[45]\d\d)\)/,
  },
  {
    needles: ['api error with status [45]'],
    pattern:
      /\bApi error with status (?<status>[45]\d\d)\b(?:.{0,200}?\burl: (?<url>https?:[^\s,]{1,500}))?/i,
  },
  {
    needles: ['http response: '],
    pattern: /\bHTTP Response: [A-Z]{1,8} (?<url>https?:\S{1,500}) "(?<status>[45]\d\d) /,
  },
  {
    // huggingface_hub's own words for a 403
    needles: ['forbidden: '],
    pattern: /\b(?<status>403) Forbidden: (?<body>.*)/,
  },
  {
    // ureq: `https://…: status code 429`
    needles: ['status code [45]\\d\\d'],
    pattern:
      /status code (?<=\b(?<url>https?:\/\/\S{1,500}):? (?:returned |failed with )?status code )(?<status>[45]\d\d)/i,
  },
  {
    // hf_xet's retries
    needles: ['status code: [45]'],
    pattern: /\bStatus Code: (?<status>[45]\d\d)\b.{0,300}\b(?:xet|cas_client|hf_xet)\b/i,
    ofHub: true,
  },
  {
    // llama.cpp: `GET failed (429): <!DOCTYPE html>`
    needles: ['failed \\([45]\\d\\d\\)'],
    pattern: /\bfailed \((?<status>[45]\d\d)\)(?:: (?<body>.*))?/,
  },
  {
    // a method, a URL and a status, in this order or the other. The lookahead keeps the end of the URL: looking for
    // another one took milliseconds for a text of many URLs
    needles: [
      '(?:huggingface|hf)\\.(?:co|space|cloud)[^\\s"\'<>():,]{0,200}(?![^\\s"\'<>():,])[^\\w\\n]{1,6}(?:\\w{1,12}[^\\w\\n]{1,4}){0,4}4(?:02|03|13|29)\\b',
    ],
    pattern:
      /\b(?<url>https?:\/\/[^\s"'<>()]{1,500}?)[:,]?["')\]]{0,2}[\s:=,([>-]{1,6}(?!returns |gives |answers )(?:[a-z]{1,12}(?:\/[\d.]{1,3})?[\s:=,"'()[\]>-]{1,4}){0,4}?"?(?<status>4(?:02|03|13|29))\b(?: (?:Too Many Requests|Payment Required|Forbidden))?[^\w{<[]{0,4}(?<body>.*)/i,
  },
  {
    // axios, whose URL is on a later line
    needles: ['request failed with status code [45]'],
    pattern:
      /\bRequest failed with status code (?<status>[45]\d\d)\b(?:[^\n]{0,60}?(?<url>https?:\/\/[^\s"'<>()]{1,500}))?/,
  },
  {
    // aria2: the URL, then the status
    needles: ['errorcode=\\d{1,2} uri='],
    pattern: /\berrorCode=\d{1,2} URI=(?<url>https?:\S{1,500})/,
  },
  {
    needles: ['status is not successful\\. status=[45]'],
    pattern: /\bstatus is not successful\. status=(?<status>[45]\d\d)\b/,
  },
  {
    // a word for the status, then the URL: Java, Faraday, Swift, transformers.js
    needles: [
      '(?:code|error|status)[^\\w\\n]{1,4}4(?:02|03|13|29)\\b[^\\n]{0,80}(?:huggingface|hf)\\.(?:co|space|cloud)\\b',
    ],
    pattern:
      /\b(?:code|error|status)\W{1,4}(?<status>4(?:02|03|13|29))\b[^\n]{0,80}?(?<url>https?:\/\/[\w.-]{0,40}(?:huggingface|hf)\.(?:co|space|cloud)[^\s"'<>()]{0,500})/i,
  },
  {
    needles: ['(?:too many requests|payment required)[^\\n]{0,40}https?://'],
    pattern:
      /\b(?<status>4(?:02|03|29))\b[^\n]{0,40}?(?<url>https?:\/\/[\w.-]{0,40}(?:huggingface|hf)\.(?:co|space|cloud)[^\s"'<>()]{0,500})/,
  },
  {
    needles: ['failed to perform inference: '],
    pattern: /\bFailed to perform inference: (?:[Aa]n HTTP error|(?<body>.*))/,
    ofModels: true,
  },
];

/** The URL without the punctuation of the sentence around it. */
export function cleanUrl(url: string | undefined): string | undefined {
  return url?.replace(/[.,;:)\]'"]+$/, '');
}
