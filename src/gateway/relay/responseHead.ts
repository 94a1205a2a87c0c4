import type { Dispatcher } from 'undici';
import { providerId } from '../../limits/refusals/serverToken.ts';
import { namedBy, without } from '../admission/requestHead.ts';
import { isKeptBack, mayTrail } from './responseFields.ts';

/** Response headers as undici's controller has them. */
export type RawHeaders = Dispatcher.DispatchController['rawHeaders'];

/** An upstream's response without its body, ready to go on. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn, as they came, without those of the upstream connection. */
  readonly headers: string[];
  readonly contentLength?: number;
  readonly contentEncoding?: string;
  /** `Content-Type: text/event-stream` */
  readonly isEventStream: boolean;
  /** `Content-Type: application/json`, or another type of JSON */
  readonly isJson: boolean;
  /** `x-inference-provider`; `unknown`: no provider's id */
  readonly provider?: string;
  /** Hugging Face's `RateLimit` and `RateLimit-Policy` */
  readonly rateLimit?: string;
  readonly rateLimitPolicy?: string;
  /** Has `x-ratelimit-…`, which only providers send. */
  readonly hasProviderRates: boolean;
}

/** A body up to this size goes out in one write with its head. */
const maxSingleWriteBytes = 8 * 1024;

/** Its body has a length, and goes out in one write with the head. */
export function isShort({ contentLength }: ResponseHead): boolean {
  return contentLength !== undefined && contentLength <= maxSingleWriteBytes;
}

/** Rewrites addresses in `Link` and `Location`. */
export type RewriteLinks = (name: 'link' | 'location', value: string) => string;

const eventStream = /^text\/event-stream\b/i;
const json = /^application\/(?:[\w.-]+\+)?json\b/i;

/**
 * Undefined: HTTP does not allow the status, or the transfer coding is none that this side takes.
 * @param toHead the request was a HEAD. @param minor the client speaks HTTP/1.minor
 */
export function readResponseHead(
  status: number,
  statusText: string,
  raw: RawHeaders,
  { toHead, minor, rewrite }: { toHead: boolean; minor: number; rewrite?: RewriteLinks },
): ResponseHead | undefined {
  if (status < 200 || status > 599) return undefined;
  const headers: string[] = [];
  let contentLength: number | undefined;
  let contentEncoding: string | undefined;
  let isEventStream = false;
  let isJson = false;
  let provider: string | undefined;
  let rateLimit: string | undefined;
  let rateLimitPolicy: string | undefined;
  let hasProviderRates = false;
  let coding: string | undefined;
  let hasTrailer = false;
  let named: Set<string> | undefined;
  const fields = fieldsOf(raw);
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    let value = fields[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (isKeptBack(lower)) {
      if (lower === 'connection') named = namedBy(value, named);
      else if (lower === 'transfer-encoding') coding = coding === undefined ? value : `${coding}, ${value}`;
      continue;
    }
    switch (lower) {
      case 'content-length':
        // RFC 9110 §8.6
        if (status === 204) continue;
        contentLength = Number(value);
        break;
      case 'content-encoding':
        contentEncoding = value;
        break;
      case 'content-type':
        isEventStream = eventStream.test(value);
        isJson = json.test(value);
        break;
      case 'x-inference-provider':
        provider = providerId(value) ?? 'unknown';
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
        hasTrailer = true;
        break;
      default:
        hasProviderRates ||= lower.startsWith('x-ratelimit-');
    }
    headers.push(name, value);
  }
  if (coding !== undefined && !/^chunked$/i.test(coding)) return undefined;
  // node:http throws for a `Trailer` on a response that is not chunked
  const isChunked = contentLength === undefined && !toHead && minor >= 1 && status !== 204 && status !== 304;
  if (hasTrailer && !isChunked) named = (named ?? new Set()).add('trailer');
  return {
    status,
    statusText,
    headers: named === undefined ? headers : without(headers, named),
    contentLength,
    contentEncoding,
    isEventStream,
    isJson,
    provider,
    rateLimit,
    rateLimitPolicy,
    hasProviderRates,
  };
}

/** Trailers in the form that node:http takes. */
export function readTrailers(raw: RawHeaders): [string, string][] {
  const fields = fieldsOf(raw);
  const trailers: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    if (mayTrail(name.toLowerCase())) trailers.push([name, fields[index + 1] ?? '']);
  }
  return trailers;
}

/** Headers by lower-case name. */
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

/** Names and values in turn, a character for each byte as node:http writes headers. */
function fieldsOf(raw: RawHeaders): readonly string[] {
  if (raw === null || raw === undefined) return [];
  if (Array.isArray(raw)) return raw.map(text);
  return Object.entries(raw).flatMap(([name, value]) => [value ?? []].flat().flatMap(one => [name, one]));
}

function text(one: string | Buffer): string {
  return typeof one === 'string' ? one : one.toString('latin1');
}
