import { printedRateLimit } from '../limits/refusals/printedRateLimit.ts';
import { classifyRefusal, type Refusal, type ResponseFacts } from '../limits/refusals/refusal.ts';
import { cleanUrl, type PrintedError } from './errorForms.ts';
import type { ErrorLines } from './errorLine.ts';
import { otherServiceIn } from './otherServices.ts';
import type { PrintedBy } from './printedBy.ts';
import { printedWaitUntil } from './printedWait.ts';
import type { WatchSurroundings } from './seenRefusal.ts';

/** Lines in a row without facts. */
const mostAside = 4;
/** Of the text that tells which service it is. */
const mostText = 8192;

const follows =
  /^(?:The above exception was the direct cause|During handling of the above exception|Caused by:|\s*\[cause\]: )/;
const machinery =
  /^(?:\s|Traceback \(most recent call last\)|[╭╰┌└├─━+|]|-{2,}>|-{20,}|File |Cell In\[|[\w.]{1,80}\s{3,}Traceback|[\]})[{]+[,;]?$|<|For more information check: |Node\.js v\d)/;
const retries = /\bretrying\b/i;
const headerLine = /^(?:< )?([a-z][a-z0-9-]{1,60}): (.{1,500})$/i;
const ofLimits = /^(?:x-)?(?:ratelimit|rate-limit|tokenlimit)|^retry-after$|^x-error-|^x-inference-provider$/;

/**
 * The lines that a program prints about one refused request: a chain of exceptions, a traceback, the headers
 * from curl, an object from Node. The first one is a line that `ErrorLines` can read.
 */
export class PrintedRefusal {
  readonly #at: number;
  readonly #first: string;
  readonly #errors: PrintedError[];
  readonly #lines: ErrorLines;
  #url: string | undefined;
  #status: number | undefined;
  #text: string;
  #headers: Record<string, string>;
  #chained = false;
  #retried = false;
  /** Epoch ms: when the library asks again. */
  #waitsUntil: number | undefined;
  #inHtml = false;
  #readsHeaders: boolean;
  #aside = 0;

  constructor(line: string, error: PrintedError, lines: ErrorLines, at: number) {
    this.#at = at;
    this.#lines = lines;
    this.#first = line;
    this.#errors = [error];
    this.#text = line;
    this.#waitsUntil = printedWaitUntil(line, at);
    this.#headers = { ...error.headers };
    this.#readsHeaders = error.headersFollow === true;
    this.#inHtml = /<(?:!doctype|html)/i.test(line);
  }

  /** All lines that decide about it, and the one that ended it; undefined: too long to keep. */
  get text(): string | undefined {
    return this.#text.length < mostText ? this.#text : undefined;
  }

  /** Takes the next line; false: the line is about something else. */
  take(line: string): boolean {
    if (this.#text.length < mostText) this.#text += `\n${line}`;
    if (line.trim() === '') {
      this.#readsHeaders = false;
      return true;
    }
    if (this.#readsHeaders && this.#takeHeader(line)) return true;
    if (follows.test(line)) {
      this.#chained = true;
      return true;
    }
    if (/<\/html>/i.test(line)) this.#inHtml = false;
    else if (/^\s*<(?:!doctype|html)/i.test(line)) this.#inHtml = true;
    const until = printedWaitUntil(line, this.#at);
    const error = line.startsWith('For more information check: ') ? undefined : this.#lines.read(line, true);
    if (error) {
      const isWait = until !== undefined && (error.form === undefined || error.ofHub === true);
      if (!isWait && !this.#belongs(error, line)) return false;
      this.#waitsUntil ??= until;
      this.#merge(error);
      return true;
    }
    this.#waitsUntil ??= until;
    if (retries.test(line)) this.#retried = true;
    return this.#takeDetail(line) || this.#inHtml || machinery.test(line) || ++this.#aside <= mostAside;
  }

  refusal(by: PrintedBy, surroundings: WatchSurroundings): Refusal | undefined {
    const urls = this.#urls(by.url);
    const [server] = urls.flatMap(url => surroundings.nameServer(url) ?? []);
    const other = server ? undefined : otherServiceIn([...urls, this.#text].join(' '));
    if (urls.length > 0 && !server && other === undefined) return undefined; // another server
    const common = this.#commonStatus();
    if (by.isTest && (!server || common === undefined)) return undefined; // may be a test's own text
    const ofHub = this.#errors.some(error => error.ofHub);
    const said = this.#errors.filter(({ body }) => body !== undefined);
    let best: Refusal | undefined;
    for (const { body, status = common, isLoose } of said.length > 0 ? said : this.#errors.slice(0, 1)) {
      const facts: ResponseFacts = {
        status: status ?? 200,
        headers: this.#headers,
        bodyText: body ?? this.#first.trim(),
        url: server?.url ?? '',
        at: this.#at,
        source: by.source,
        answeredBy: server?.answeredBy ?? other ?? (ofHub ? 'huggingface' : undefined),
      };
      const refusal = status === undefined ? ofWords(facts) : ofStatus(facts);
      if (!refusal || (isLoose && (refusal.by === 'unknown' || refusal.cause === 'unknown') && !server))
        continue;
      if (!best || worth(refusal) > worth(best)) best = refusal;
    }
    if (!best) return undefined;
    if (other !== undefined) return { ...best, by: other };
    const ofModels = this.#errors.some(error => error.ofModels);
    // Hugging Face and its providers say in their own words that money is missing
    if (!server && ofModels && best.by === 'unknown' && best.cause === 'credits') return undefined;
    const isProven = server !== undefined || ofModels || ofHub || this.#headers.ratelimit !== undefined;
    const isRecognised = best.by !== 'unknown' || (common !== undefined && best.cause !== 'unknown');
    if (!isProven && !isRecognised) return undefined;
    return best.resetsAt === undefined ? { ...best, resetsAt: this.#waitsUntil } : best;
  }

  #urls(ofCommand: string | undefined): string[] {
    const urls = [this.#url, ...this.#errors.map(error => error.url)].filter(url => url !== undefined);
    return urls.length > 0 || ofCommand === undefined ? urls : [ofCommand];
  }

  #commonStatus(): number | undefined {
    return this.#errors.find(({ status }) => status !== undefined)?.status ?? this.#status;
  }

  /** Whether a second error is about the same request. */
  #belongs(error: PrintedError, line: string): boolean {
    if (this.#chained || /^\s/.test(line) || this.#inHtml) return true;
    if (this.#retried || error.beginsRequest) return false;
    const common = this.#commonStatus();
    if (error.status !== undefined && common !== undefined && error.status !== common) return false;
    const [url] = this.#urls(undefined);
    if (url !== undefined && error.url !== undefined && pathOf(url) !== pathOf(error.url)) return false;
    // the same words of the same library again: another request
    if (error.form !== undefined && this.#errors.some(({ form }) => form === error.form)) return false;
    const bodies = this.#errors.flatMap(({ body }) => body ?? []);
    return (
      error.body === undefined ||
      bodies.length === 0 ||
      (error.form !== undefined && bodies.includes(error.body))
    );
  }

  #merge(error: PrintedError): void {
    this.#errors.push(error);
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
    const [, url] =
      /^(?:\s+(?:url|baseURL): '|Url: |Cannot access content at: |['"])?(https?:[^\s']{1,500})'?[,.]?(?:$| \(Request ID)/.exec(
        line,
      ) ?? [];
    const [, status] = /^\s+['"]?(?:status|statusCode|status_code)['"]?: ([45]\d\d),?$/.exec(line) ?? [];
    const bucket = /^"([\w-]+)"/.exec(this.#headers.ratelimit ?? '')?.[1];
    const window = bucket === undefined ? undefined : printedRateLimit(line, bucket);
    if (url !== undefined) this.#url ??= cleanUrl(url);
    if (status !== undefined) this.#status ??= Number(status);
    if (window) this.#headers = { ...this.#headers, ...window };
    return url !== undefined || status !== undefined || window !== undefined;
  }
}

/** Libraries have one class of errors for several statuses: known words say more than theirs. */
function ofStatus(facts: ResponseFacts): Refusal | undefined {
  const refusal = classifyRefusal(facts);
  if (refusal?.cause !== 'unknown') return refusal;
  const worded = ofWords({ ...facts, status: 200 });
  return worded ? { ...worded, status: facts.status } : refusal;
}

/** Without a status only known words count: a program's own output may be about limits, too. */
function ofWords(facts: ResponseFacts): Refusal | undefined {
  const refusal = classifyRefusal(facts);
  if (!refusal || refusal.cause === 'unknown') return undefined;
  if (refusal.status !== 200) return refusal;
  return { ...refusal, status: usualStatus(refusal) };
}

function usualStatus({ cause, scope = '' }: Refusal): number {
  if (['credits', 'unsettled', 'spending-limit', 'plan'].includes(cause)) return 402;
  return cause === 'quota' && /storage|hardware/.test(scope) ? 403 : 429;
}

/** How much a refusal explains. */
export function worth({ cause, by, scope, limit, resetsAt }: Refusal): number {
  const facts = [scope, limit, resetsAt].filter(each => each !== undefined).length;
  return (cause === 'unknown' ? 0 : 8) + (by === 'unknown' ? 0 : 4) + facts;
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/, '');
}
