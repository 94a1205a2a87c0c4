import {
  classifyRefusal,
  type Refusal,
  type RefusalSource,
  type ResponseFacts,
} from '../limits/refusals/refusal.ts';
import { cleanUrl, readErrorLine, retryIn, type Told } from './errorForms.ts';
import type { WatchSurroundings } from './seenRefusal.ts';

/** A traceback is longer, but its frames end when it has said what it has to say. */
const mostLines = 400;
/** That say nothing, one after the other. */
const mostAside = 4;

const follows = /^(?:The above exception was the direct cause|During handling of the above exception)/;
const machinery =
  /^(?:\s|Traceback \(most recent call last\)|[╭╰┌└─━+|]|[\]})]+[,;]?$|For more information check: |Node\.js v\d)/;
const headerLine = /^(?:< )?([a-z][a-z0-9-]{1,60}): (.{1,500})$/i;
const ofLimits = /^(?:x-)?(?:ratelimit|rate-limit|tokenlimit)|^retry-after$|^x-error-|^x-inference-provider$/;

/**
 * What a program tells of one refused request, over as many lines as it takes: a chain of exceptions, a traceback, the
 * headers that curl prints, an object that Node prints. Begun by a line that `readErrorLine` knows.
 */
export class RefusalAccount {
  readonly #at: number;
  readonly #first: string;
  #told: Told;
  #headers: Record<string, string>;
  #chained = false;
  #readsHeaders: boolean;
  #lines = 0;
  #aside = 0;

  constructor(line: string, told: Told, at: number) {
    this.#at = at;
    this.#first = line;
    this.#told = told;
    this.#headers = { ...told.headers };
    this.#readsHeaders = told.headersFollow === true;
  }

  /** Takes the next line. False: it does not belong here, and the account is closed. */
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
    const told = line.startsWith('For more information check: ') ? undefined : readErrorLine(line, true);
    if (told) {
      if (!this.#belongs(told, line)) return false;
      this.#merge(told);
      return true;
    }
    return this.#takeDetail(line) || machinery.test(line) || ++this.#aside <= mostAside;
  }

  refusal(source: RefusalSource, surroundings: WatchSurroundings, commandUrl?: string): Refusal | undefined {
    const { status, body, ofModels } = this.#told;
    const url = this.#told.url ?? commandUrl;
    const server = url === undefined ? undefined : surroundings.nameServer(url);
    if (url !== undefined && !server) return undefined; // of somebody else
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

  /** Whether a second telling is of the same request. */
  #belongs(told: Told, line: string): boolean {
    if (this.#chained || /^\s/.test(line)) return true;
    const { status, body } = this.#told;
    const agrees = told.status === undefined || status === undefined || told.status === status;
    if (told.body !== undefined) return body === undefined && agrees;
    return status === undefined && agrees;
  }

  #merge(told: Told): void {
    const { status, url, body, ofModels } = this.#told;
    this.#told = {
      status: status ?? told.status,
      url: url ?? told.url,
      body: body ?? told.body,
      ofModels: ofModels || told.ofModels,
    };
    this.#headers = { ...told.headers, ...this.#headers, ...(told.headers?.ratelimit && told.headers) };
    this.#readsHeaders = told.headersFollow === true;
    this.#chained = false;
    this.#aside = 0;
  }

  #takeHeader(line: string): boolean {
    const [, name = '', value = ''] = headerLine.exec(line) ?? [];
    if (name === '') return false;
    if (ofLimits.test(name.toLowerCase())) this.#headers[name.toLowerCase()] = value.trim();
    return true;
  }

  /** `Url: …`, a URL on a line of its own, `Retry after 42 seconds (…)`, `status: 429,`, and the type and code of an error. */
  #takeDetail(line: string): boolean {
    const [, url] = /^(?:\s+url: '|Url: )?(https?:[^\s']{1,500})'?,?$/.exec(line) ?? [];
    const [, status] = /^\s+['"]?(?:status|statusCode|status_code)['"]?: ([45]\d\d),?$/.exec(line) ?? [];
    const bucket = /^"([\w-]+)"/.exec(this.#headers.ratelimit ?? '')?.[1];
    const window = bucket === undefined ? undefined : retryIn(line, bucket);
    if (url !== undefined) this.#told = { ...this.#told, url: this.#told.url ?? cleanUrl(url) };
    if (status !== undefined) this.#told = { ...this.#told, status: this.#told.status ?? Number(status) };
    if (window) this.#headers = { ...this.#headers, ...window };
    return url !== undefined || status !== undefined || window !== undefined;
  }
}

/** Words without a status have to be known: what a program writes may be about limits, too. */
function ofWords(facts: ResponseFacts): Refusal | undefined {
  const refusal = classifyRefusal(facts);
  if (!refusal || refusal.cause === 'unknown') return undefined;
  if (refusal.status !== 200) return refusal;
  const owed = ['credits', 'unsettled', 'spending-limit'].includes(refusal.cause);
  return { ...refusal, status: owed ? 402 : 429 };
}
