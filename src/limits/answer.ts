import { type HeaderBag, headerValue } from './headers.ts';
import { parseRateLimitHeaders, type RateWindow } from './rateLimit.ts';
import { parseRetryAfter } from './retryAfter.ts';

/** Enough for every refusal seen; an HTML page or a wrong body may be megabytes. */
const mostBody = 8192;

/** What the rules look at: a response with its body's words taken out. */
export interface Answer {
  readonly status: number;
  /** The server's words, not yet redacted; empty when it had none. */
  readonly text: string;
  readonly code?: string;
  readonly type?: string;
  /** Epoch ms. */
  readonly at: number;
  /** Path of the request, empty when unknown. */
  readonly path: string;
  /** `huggingface`, a provider's id, or undefined when nothing tells. */
  readonly answeredBy?: string;
  readonly windows: readonly RateWindow[];
  /** Epoch ms, from `Retry-After`. */
  readonly retryAt?: number;
  header(name: string): string | undefined;
}

export function readAnswer(response: {
  readonly status: number;
  readonly headers: HeaderBag;
  readonly bodyText?: string;
  readonly url: string;
  readonly at: number;
  readonly answeredBy?: string;
}): Answer {
  const header = (name: string) => headerValue(response.headers, name);
  const words = wordsOf((response.bodyText ?? '').slice(0, mostBody));
  return {
    status: response.status,
    text: words.text || header('x-error-message') || '',
    code: words.code ?? header('x-error-code'),
    type: words.type,
    at: response.at,
    path: URL.canParse(response.url) ? new URL(response.url).pathname : '',
    answeredBy: response.answeredBy,
    windows: parseRateLimitHeaders(response.headers, response.at),
    retryAt: parseRetryAfter(header('retry-after'), response.at),
    header,
  };
}

interface Words {
  readonly text: string;
  readonly code?: string;
  readonly type?: string;
}

function wordsOf(body: string): Words {
  const trimmed = body.trim();
  if (trimmed.startsWith('<')) return { text: textOfHtml(trimmed) };
  if (!trimmed.startsWith('{')) return { text: oneLine(trimmed) };
  const json = parseJson(trimmed);
  return json === undefined ? { text: oneLine(trimmed) } : wordsOfJson(json, trimmed);
}

/** HF sends `error` as a string, OpenAI-like servers as an object, Cerebras flat, Replicate as `detail`. */
function wordsOfJson(json: Fields, raw: string): Words {
  const nested = isFields(json.error) ? json.error : undefined;
  const inner = nested ?? json;
  const candidates = [nested?.message, json.error, json.detail, json.message, json.msg];
  const text = candidates.find(candidate => typeof candidate === 'string' && candidate !== '');
  return {
    text: oneLine(typeof text === 'string' ? text : raw),
    code: nameOf(inner.code),
    type: nameOf(inner.type),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Z.ai's codes are numbers in strings, others' numbers. */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function textOfHtml(html: string): string {
  const text = html
    .replace(/<(head|script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole);
  return oneLine(text);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
