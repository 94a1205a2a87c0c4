import { holdsGatewayKey } from '../../limits/refusals/gatewayKey.ts';

/** The request headers that the gateway reads, and those that it forwards. */
export interface RequestHead {
  readonly host?: string;
  readonly origin?: string;
  readonly authorization?: string;
  readonly apiKey?: string;
  readonly contentLength?: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly transferEncoding?: string;
  /** `Upgrade` names WebSocket. Other offers are ignored (RFC 9110 §7.8), such as h2c in each request of Java's client. */
  readonly wantsWebSocket: boolean;
  /** The caller's own time limit for the response, where its SDK sends one. */
  readonly timeoutSeconds?: number;
  /** How long the caller waits is known: it says so, or is an SDK of Stainless, whose default is 10 minutes. */
  readonly tellsPatience: boolean;
  /** The caller sent an `X-HF-Session-id`. */
  readonly hasSession: boolean;
  /** `Sec-Fetch-*` names a page or an element, as in browsers. */
  readonly isFromBrowser: boolean;
  /** Tells programs apart: the session, else the user agent. */
  readonly program: string;
  /** A header that may come once and came twice. */
  readonly repeated?: string;
  /** Names and values in turn, as they came, without those that end here. */
  readonly forwarded: readonly string[];
}

interface Rule {
  /** The field that keeps the value; a second value is an error. */
  readonly keep?: Single;
  readonly forward: boolean;
}

type Single =
  | 'host'
  | 'origin'
  | 'authorization'
  | 'apiKey'
  | 'contentLength'
  | 'contentType'
  | 'contentEncoding'
  | 'transferEncoding'
  | 'totalTimeout'
  | 'readTimeout';

const keptBack = (keep?: Single): Rule => ({ keep, forward: false });
const forwarded = (keep: Single): Rule => ({ keep, forward: true });

/** Kept back: credentials, the payer, and hop-by-hop headers (RFC 9110 §7.6.1), which undici sets. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ['host', keptBack('host')],
  ['origin', keptBack('origin')],
  ['authorization', keptBack('authorization')],
  ['x-api-key', keptBack('apiKey')],
  ['content-length', keptBack('contentLength')],
  ['transfer-encoding', keptBack('transferEncoding')],
  ['upgrade', keptBack()],
  ['content-type', forwarded('contentType')],
  ['content-encoding', forwarded('contentEncoding')],
  // OpenAI's Python SDK sends only the second one, and Anthropic's may write words into the first one
  ['x-stainless-timeout', forwarded('totalTimeout')],
  ['x-stainless-read-timeout', forwarded('readTimeout')],
  ...keptBackNames().map(name => [name, keptBack()] as const),
]);

/** docs/gateway.md says why, one by one. */
function keptBackNames(): string[] {
  const ours = ['x-hf-bill-to', 'cookie'];
  // undici sends no trailers, and RFC 9110 §6.5.1 lets a gateway drop them
  const connection = ['connection', 'keep-alive', 'te', 'trailer', 'expect', 'http2-settings'];
  const sender = ['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'];
  const target = [
    'x-http-method',
    'x-http-method-override',
    'x-method-override',
    'x-original-url',
    'x-rewrite-url',
  ];
  return [...ours, ...connection, ...sender, ...target];
}

const keptBackPrefix = /^(?:proxy-|x-forwarded-|x-headroom-)/;

/** @param raw names and values in turn, as node:http has them */
export function readRequestHead(raw: readonly string[]): RequestHead {
  // all fields from the start: an object that grows is slow
  const kept: Record<Single, string | undefined> = {
    host: undefined,
    origin: undefined,
    authorization: undefined,
    apiKey: undefined,
    contentLength: undefined,
    contentType: undefined,
    contentEncoding: undefined,
    transferEncoding: undefined,
    totalTimeout: undefined,
    readTimeout: undefined,
  };
  let forwarded: string[] = [];
  let dropped: Set<string> | undefined;
  let repeated: string | undefined;
  let session: string | undefined;
  let agent = '';
  let isFromBrowser = false;
  let wantsWebSocket = false;
  let isOfStainless = false;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    const rule = rules.get(lower);
    if (rule?.keep !== undefined) {
      if (kept[rule.keep] !== undefined) repeated = lower;
      kept[rule.keep] = value;
    }
    if (lower === 'connection') dropped = namedBy(value, dropped);
    else if (lower === 'x-hf-session-id') session = value;
    else if (lower === 'user-agent') agent = value;
    else if (lower === 'x-stainless-lang') isOfStainless = true;
    else if (lower === 'upgrade') wantsWebSocket ||= /(?:^|[\s,])websocket(?:$|[\s,/])/i.test(value);
    else if (lower.startsWith('sec-fetch-') && !isFromNode(lower, value)) isFromBrowser = true;
    // some servers read `_` as `-`
    const read = lower.includes('_') ? lower.replaceAll('_', '-') : lower;
    if (read === lower ? rule?.forward === false : rules.get(read)?.forward === false) continue;
    if (rule === undefined && keptBackPrefix.test(read)) continue;
    if (holdsGatewayKey(value)) continue;
    forwarded.push(name, value);
  }
  if (dropped !== undefined) forwarded = without(forwarded, dropped);
  const timeoutSeconds = shorter(secondsIn(kept.totalTimeout), secondsIn(kept.readTimeout));
  return {
    ...kept,
    wantsWebSocket,
    timeoutSeconds,
    tellsPatience: isOfStainless || timeoutSeconds !== undefined,
    hasSession: session !== undefined,
    isFromBrowser,
    program: session ?? agent,
    repeated,
    forwarded,
  };
}

/** Node's `fetch` sends this header alone; browsers name the site, too. */
function isFromNode(name: string, value: string): boolean {
  return name === 'sec-fetch-mode' && value === 'cors';
}

/** Undefined for no limit, and for words. */
function secondsIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,7}(\.\d+)?$/.test(text)) return undefined;
  return Number(text) || undefined;
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

/** Headers that `Connection` names are for this connection only. Names in lower case. */
export function namedBy(connection: string, before: Set<string> | undefined): Set<string> | undefined {
  const lower = connection.toLowerCase();
  if (lower === 'keep-alive' || lower === 'close') return before;
  return new Set([...(before ?? []), ...lower.split(',').map(name => name.trim())]);
}

export function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!names.has(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}
