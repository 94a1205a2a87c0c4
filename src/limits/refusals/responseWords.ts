import { firstPart } from './redact.ts';

/** More than any refusal seen; an HTML page may have megabytes. */
const mostBody = 8192;
export const mostText = 2048;

/** The server's words, from a body of any shape. */
export interface Words {
  /** On one line, not yet redacted; empty when there are none. */
  readonly text: string;
  readonly code?: string;
  readonly type?: string;
  /** The HTTP status in the body, from 400 on. */
  readonly status?: number;
  /** Seconds or a duration, unparsed. */
  readonly retryAfter?: string;
  /** Whether the body is an error, whatever its status. */
  readonly failed: boolean;
}

export function wordsOf(body: string): Words {
  const trimmed = body.slice(0, mostBody).trim();
  if (trimmed.startsWith('<')) return { text: textOfHtml(trimmed), failed: false };
  const json = trimmed.startsWith('{') || trimmed.startsWith('[') ? parseJson(trimmed) : undefined;
  return json ? wordsOfJson(json, trimmed) : wordsOfText(trimmed);
}

/**
 * HF's `error` is a string, that of OpenAI-like servers an object. Cerebras's fields are flat, Replicate and
 * fal use `detail`, Spaces `output.error`; some send a list of one of these.
 */
function wordsOfJson(outer: Fields, raw: string): Words {
  const json = knownIn(outer);
  const object = fieldsIn(json.error) ?? fieldsIn(json.output) ?? fieldsIn(json.detail);
  const nested = object && knownIn(object);
  const inner = nested ?? json;
  const said = [inner.message, inner.error, inner.detail, inner.msg, json.error, json.detail, json.message];
  return {
    text: oneLine(bestOf(said) ?? raw),
    code: statusOf(inner.code) === undefined ? nameOf(inner.code) : nameOf(json.reason),
    type: nameOf(inner.type) ?? nameOf(inner.error_type) ?? nameOf(json.error_type),
    status:
      statusOf(inner.status) ??
      statusOf(inner.code) ??
      statusOf(inner.http_status_code) ??
      statusOf(json.status) ??
      statusOf(json.code),
    retryAfter: nameOf(inner.retry_after) ?? nameOf(json.retry_after),
    failed:
      (json.error ?? undefined) !== undefined ||
      json.object === 'error' ||
      json.type === 'error' ||
      typeof nested?.error === 'string' ||
      (typeof json.message === 'string' && nameOf(json.code ?? json.type) !== undefined),
  };
}

/** The name of the status counts only alone: `{"error": "Too Many Requests", "message": "…"}`. */
function bestOf(said: readonly unknown[]): string | undefined {
  let name: string | undefined;
  for (const text of said) {
    if (typeof text !== 'string' || text === '') continue;
    if (text.length > 20 || !/^(?:too many requests|error|forbidden)$/i.test(text)) return text;
    name ??= text;
  }
  return name;
}

/** Python prints a body as `{'error': {'type': 'tokens'}}`. */
function wordsOfText(raw: string): Words {
  return {
    text: oneLine(raw),
    code: /'code': ?['"]?([\w.-]{1,60})/.exec(raw)?.[1],
    type: /'type': ?['"]?([\w.-]{1,60})/.exec(raw)?.[1],
    failed: false,
  };
}

type Fields = Readonly<Record<string, unknown>>;

const nothingKnown = {
  message: undefined,
  error: undefined,
  detail: undefined,
  msg: undefined,
  output: undefined,
  object: undefined,
  code: undefined,
  reason: undefined,
  type: undefined,
  error_type: undefined,
  status: undefined,
  http_status_code: undefined,
  retry_after: undefined,
} as const;
type KnownField = keyof typeof nothingKnown;
const knownFields = new Set<string>(Object.keys(nothingKnown));

/**
 * The fields that matter, in one hidden class: V8 reads fields of ever new shapes as slowly as it parses
 * them.
 */
function knownIn(object: Fields): Readonly<Record<KnownField, unknown>> {
  const known: Record<KnownField, unknown> = { ...nothingKnown };
  for (const name in object) if (knownFields.has(name)) known[name as KnownField] = object[name];
  return known;
}

/** An object, or the first of a list of objects. */
function fieldsIn(value: unknown): Fields | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null && !Array.isArray(first) ? (first as Fields) : undefined;
}

function parseJson(text: string): Fields | undefined {
  try {
    return fieldsIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Z.ai's codes are numbers in strings, those of others numbers. */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function statusOf(value: unknown): number | undefined {
  const name = nameOf(value);
  return name !== undefined && /^[45]\d\d$/.test(name) ? Number(name) : undefined;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unseen = /^<(head|script|style)\b/i;

/** The visible text of a page, in one pass. */
function textOfHtml(html: string): string {
  let text = '';
  let from = 0;
  let closed = true;
  while (from < html.length) {
    const open = html.indexOf('<', from);
    if (open < 0) break;
    text += `${html.slice(from, open)} `;
    const name = unseen.exec(html.slice(open, open + 8))?.[1];
    const end = name !== undefined && closed ? html.indexOf(`</${name}`, open) : -1;
    // a missing end is searched for once, not once for each start
    if (name !== undefined && end < 0) closed = false;
    const close = html.indexOf('>', end < 0 ? open : end);
    if (close < 0) return decoded(text);
    from = close + 1;
  }
  return decoded(text + html.slice(from));
}

function decoded(text: string): string {
  return oneLine(
    text
      .replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)
      .replace(/ {2,}/g, ' '),
  );
}

function oneLine(text: string): string {
  // most white space is a single space, which stays
  const line = /[^\S ]/.test(text) ? text.replace(/[^\S ]\s*| \s+/g, ' ') : text;
  return firstPart(line.trim(), mostText);
}
