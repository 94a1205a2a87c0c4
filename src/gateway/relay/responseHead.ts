import { namedBy, without } from '../admission/requestHead.ts';
import { latin1 } from '../latin1.ts';

/** Raw headers as undici's parser hands them over; an interceptor may have put the values of one name together. */
export type RawHeaders = readonly (Buffer | string | readonly (Buffer | string)[])[];

/** An upstream's response without its body, ready to go on. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn, as they came, without what holds for that connection only. */
  readonly headers: string[];
  /** Undefined: not told. */
  readonly contentLength?: number;
  readonly contentEncoding?: string;
  /** `Content-Type: text/event-stream` */
  readonly isEventStream: boolean;
  /** `x-inference-provider` */
  readonly provider?: string;
  /** Hugging Face's `RateLimit` and `RateLimit-Policy` */
  readonly rateLimit?: string;
  readonly rateLimitPolicy?: string;
  /** There are `x-ratelimit-…`, which are a provider's. */
  readonly hasProviderRates: boolean;
}

/** The rewriting of addresses in `Link` and `Location`. */
export type RewriteLinks = (name: 'link' | 'location', value: string) => string;

/** Hop-by-hop, and cookies: a client would send them to whatever else is served on 127.0.0.1. */
const keptBack: ReadonlySet<string> = new Set([
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'set-cookie',
  'te',
  'transfer-encoding',
  'upgrade',
]);

const eventStream = /^text\/event-stream\b/i;

/** @param chunked Whether trailers may follow: only then may they be announced. */
export function readResponseHead(
  status: number,
  statusText: string,
  raw: RawHeaders,
  chunked: boolean,
  rewrite?: RewriteLinks,
): ResponseHead {
  const headers: string[] = [];
  let contentLength: number | undefined;
  let contentEncoding: string | undefined;
  let isEventStream = false;
  let provider: string | undefined;
  let rateLimit: string | undefined;
  let rateLimitPolicy: string | undefined;
  let hasProviderRates = false;
  let dropped: string[] | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = text(raw[index] as Buffer);
    const lower = name.toLowerCase();
    if (keptBack.has(lower)) continue;
    for (const one of valuesOf(raw[index + 1])) {
      let value = text(one);
      switch (lower) {
        case 'connection':
          dropped = namedBy(value, dropped);
          continue;
        case 'content-length':
          contentLength = Number(value);
          break;
        case 'content-encoding':
          contentEncoding = value;
          break;
        case 'content-type':
          isEventStream = eventStream.test(value);
          break;
        case 'x-inference-provider':
          provider = value;
          break;
        case 'ratelimit':
          rateLimit = value;
          break;
        case 'ratelimit-policy':
          rateLimitPolicy = value;
          break;
        case 'link':
        case 'location':
          if (rewrite) value = rewrite(lower, value);
          break;
        case 'trailer':
          if (!chunked || contentLength !== undefined) continue;
          break;
        default:
          hasProviderRates ||= lower.startsWith('x-ratelimit-');
      }
      headers.push(name, value);
    }
  }
  return {
    status,
    statusText,
    headers: dropped === undefined ? headers : without(headers, dropped),
    contentLength,
    contentEncoding,
    isEventStream,
    provider,
    rateLimit,
    rateLimitPolicy,
    hasProviderRates,
  };
}

/** Trailers in the form that node:http takes. */
export function readTrailers(raw: RawHeaders): [string, string][] {
  const trailers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = text(raw[index] as Buffer);
    if (keptBack.has(name.toLowerCase())) continue;
    for (const value of valuesOf(raw[index + 1])) trailers.push([name, text(value)]);
  }
  return trailers;
}

/** The headers by name, for those who look one up. */
export function headerBag(headers: readonly string[]): Record<string, string | string[]> {
  const bag: Record<string, string | string[]> = Object.create(null);
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    const value = headers[index + 1] ?? '';
    const before = bag[name];
    bag[name] = before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value];
  }
  return bag;
}

const none: readonly (Buffer | string)[] = [];
const single: (Buffer | string)[] = [''];

/** Nearly always one: without an array for each. */
function valuesOf(value: RawHeaders[number] | undefined): readonly (Buffer | string)[] {
  if (value === undefined) return none;
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return value;
  single[0] = value;
  return single;
}

/** Byte for byte, as node:http writes headers. */
function text(value: Buffer | string): string {
  return typeof value === 'string' ? value : latin1(value);
}
