import { printedRateLimit } from '../limits/refusals/printedRateLimit.ts';
import {
  classifyRefusal,
  type Refusal,
  type RefusalSource,
  type ResponseFacts,
} from '../limits/refusals/refusal.ts';
import { cleanUrl, type PrintedError } from './errorForms.ts';
import { readErrorLine } from './errorLine.ts';
import type { WatchSurroundings } from './seenRefusal.ts';

const mostLines = 400;
/** Lines in a row without facts. */
const mostAside = 4;

const follows = /^(?:The above exception was the direct cause|During handling of the above exception)/;
const machinery =
  /^(?:\s|Traceback \(most recent call last\)|[╭╰┌└─━+|]|[\]})]+[,;]?$|For more information check: |Node\.js v\d)/;
const headerLine = /^(?:< )?([a-z][a-z0-9-]{1,60}): (.{1,500})$/i;
const ofLimits = /^(?:x-)?(?:ratelimit|rate-limit|tokenlimit)|^retry-after$|^x-error-|^x-inference-provider$/;

/**
 * The lines that a program prints about one refused request: a chain of exceptions, a traceback, the headers
 * from curl, an object from Node. The first one is a line that `readErrorLine` can read.
 */
export class PrintedRefusal {
  readonly #at: number;
  readonly #first: string;
  #error: PrintedError;
  #headers: Record<string, string>;
  #chained = false;
  #readsHeaders: boolean;
  #lines = 0;
  #aside = 0;

  constructor(line: string, error: PrintedError, at: number) {
    this.#at = at;
    this.#first = line;
    this.#error = error;
    this.#headers = { ...error.headers };
    this.#readsHeaders = error.headersFollow === true;
  }

  /** Takes the next line; false: the line is about something else. */
  take(line: string): boolean {
    if (++this.#lines > mostLines) return false;
    if (line.trim() === '') {
      this.#readsHeaders = false;
      return true;
    }
    if (this.#readsHeaders && this.#takeHeader(line)) return true;
    if (follows.test(line)) {
      this.#chained = true;
      return true;
    }
    const error = line.startsWith('For more information check: ') ? undefined : readErrorLine(line, true);
    if (error) {
      if (!this.#belongs(error, line)) return false;
      this.#merge(error);
      return true;
    }
    return this.#takeDetail(line) || machinery.test(line) || ++this.#aside <= mostAside;
  }

  refusal(source: RefusalSource, surroundings: WatchSurroundings, commandUrl?: string): Refusal | undefined {
    const { status, body, ofModels } = this.#error;
    const url = this.#error.url ?? commandUrl;
    const server = url === undefined ? undefined : surroundings.nameServer(url);
    if (url !== undefined && !server) return undefined; // another server
    const facts: ResponseFacts = {
      status: status ?? 200,
      headers: this.#headers,
      bodyText: body ?? this.#first.trim(),
      url: server?.url ?? '',
      at: this.#at,
      source,
      answeredBy: server?.answeredBy,
    };
    const refusal = status === undefined ? ofWords(facts) : classifyRefusal(facts);
    const proven = server !== undefined || ofModels === true || this.#headers.ratelimit !== undefined;
    const recognised = refusal?.by !== 'unknown' || (status !== undefined && refusal.cause !== 'unknown');
    return proven || recognised ? refusal : undefined;
  }

  /** Whether a second error is about the same request. */
  #belongs(error: PrintedError, line: string): boolean {
    if (this.#chained || /^\s/.test(line)) return true;
    const { status, body } = this.#error;
    const agrees = error.status === undefined || status === undefined || error.status === status;
    if (error.body !== undefined) return body === undefined && agrees;
    return status === undefined && agrees;
  }

  #merge(error: PrintedError): void {
    const { status, url, body, ofModels } = this.#error;
    this.#error = {
      status: status ?? error.status,
      url: url ?? error.url,
      body: body ?? error.body,
      ofModels: ofModels || error.ofModels,
    };
    this.#headers = { ...error.headers, ...this.#headers, ...(error.headers?.ratelimit && error.headers) };
    this.#readsHeaders = error.headersFollow === true;
    this.#chained = false;
    this.#aside = 0;
  }

  #takeHeader(line: string): boolean {
    const [, name = '', value = ''] = headerLine.exec(line) ?? [];
    if (name === '') return false;
    if (ofLimits.test(name.toLowerCase())) this.#headers[name.toLowerCase()] = value.trim();
    return true;
  }

  /** `Url: …`, a URL on a line of its own, `Retry after 42 seconds (…)`, `status: 429,`. */
  #takeDetail(line: string): boolean {
    const [, url] = /^(?:\s+url: '|Url: )?(https?:[^\s']{1,500})'?,?$/.exec(line) ?? [];
    const [, status] = /^\s+['"]?(?:status|statusCode|status_code)['"]?: ([45]\d\d),?$/.exec(line) ?? [];
    const bucket = /^"([\w-]+)"/.exec(this.#headers.ratelimit ?? '')?.[1];
    const window = bucket === undefined ? undefined : printedRateLimit(line, bucket);
    if (url !== undefined) this.#error = { ...this.#error, url: this.#error.url ?? cleanUrl(url) };
    if (status !== undefined) this.#error = { ...this.#error, status: this.#error.status ?? Number(status) };
    if (window) this.#headers = { ...this.#headers, ...window };
    return url !== undefined || status !== undefined || window !== undefined;
  }
}

/** Without a status only known words count: a program's own output may be about limits, too. */
function ofWords(facts: ResponseFacts): Refusal | undefined {
  const refusal = classifyRefusal(facts);
  if (!refusal || refusal.cause === 'unknown') return undefined;
  if (refusal.status !== 200) return refusal;
  const owed = ['credits', 'unsettled', 'spending-limit'].includes(refusal.cause);
  return { ...refusal, status: owed ? 402 : 429 };
}
