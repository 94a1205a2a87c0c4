import { token } from '../../hub/fieldSyntax.ts';

/** What the gateway looks at in a request's headers, and those that go on. Read in one pass: it is on every request's way. */
export interface RequestHead {
  readonly host?: string;
  readonly origin?: string;
  readonly authorization?: string;
  readonly apiKey?: string;
  readonly contentLength?: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly transferEncoding?: string;
  readonly upgrade?: string;
  /** How long its SDK waits for the answer, as far as it says. */
  readonly timeoutSeconds?: number;
  readonly hasSession: boolean;
  /** It says for what kind of page or element it was sent, as browsers do. */
  readonly isOfBrowser: boolean;
  /** What tells programs apart, as far as they say: a session, else the library and its version. */
  readonly program: string;
  /** The name of a header that may be there only once and is not. */
  readonly repeated?: string;
  /** Names of the trailers that are announced and may go on. */
  readonly trailers?: readonly string[];
  /** Names and values in turn, as they came: without credentials, who is billed, the length and what holds for this connection only. */
  readonly forwarded: readonly string[];
}

/** All there from the beginning: an object that grows is slow, and each request has one. */
class Reading implements RequestHead {
  host: string | undefined;
  origin: string | undefined;
  authorization: string | undefined;
  apiKey: string | undefined;
  contentLength: string | undefined;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  transferEncoding: string | undefined;
  upgrade: string | undefined;
  /** For the whole request. */
  totalTimeout: string | undefined;
  /** For each part of the answer, hence also for its beginning. */
  readTimeout: string | undefined;
  timeoutSeconds: number | undefined;
  hasSession = false;
  isOfBrowser = false;
  program = '';
  repeated: string | undefined;
  trailers: string[] | undefined;
  forwarded: string[] = [];
}

type Single = Exclude<
  keyof Reading,
  'timeoutSeconds' | 'hasSession' | 'isOfBrowser' | 'program' | 'repeated' | 'trailers' | 'forwarded'
>;
interface Rule {
  /** Where its value is kept; a second one is an error. */
  readonly keep?: Single;
  readonly forward: boolean;
}

const keptBack = (keep?: Single): Rule => ({ keep, forward: false });
const seen = (keep: Single): Rule => ({ keep, forward: true });

/** Hop-by-hop are those of RFC 9110 §7.6.1, and what undici sets by itself. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ['host', keptBack('host')],
  ['origin', keptBack('origin')],
  ['authorization', keptBack('authorization')],
  ['x-api-key', keptBack('apiKey')],
  ['content-length', keptBack('contentLength')],
  ['transfer-encoding', keptBack('transferEncoding')],
  ['upgrade', keptBack('upgrade')],
  ['content-type', seen('contentType')],
  ['content-encoding', seen('contentEncoding')],
  // Python's SDK of OpenAI sends the second one only, and Anthropic's may write words into the first one
  ['x-stainless-timeout', seen('totalTimeout')],
  ['x-stainless-read-timeout', seen('readTimeout')],
  ['x-hf-bill-to', keptBack()],
  // of a browser, for whatever else was served on this host
  ['cookie', keptBack()],
  ['connection', keptBack()],
  ['keep-alive', keptBack()],
  ['proxy-connection', keptBack()],
  ['proxy-authorization', keptBack()],
  ['proxy-authenticate', keptBack()],
  ['te', keptBack()],
  ['trailer', keptBack()],
  ['expect', keptBack()],
  ['http2-settings', keptBack()],
]);

/** Like those of `rules` they say what to do with the body, and so have to come before it: RFC 9110 §6.5.1. */
const beforeBody = /^(?:cache-control|content-range|if-.*|max-forwards|pragma|range|x-hf-session-id)$/;

/** @param raw Names and values in turn, as node:http hands them over. */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const head = new Reading();
  let dropped: string[] | undefined;
  let announced: string | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    const rule = rules.get(lower);
    if (rule === undefined) {
      if (lower === 'x-hf-session-id') {
        head.hasSession = true;
        head.program = value;
      } else if (lower === 'user-agent' && !head.hasSession) head.program = value;
      else if (lower.startsWith('sec-fetch-') && !isOfNode(lower, value)) head.isOfBrowser = true;
      head.forwarded.push(name, value);
      continue;
    }
    if (rule.keep !== undefined) {
      if (head[rule.keep] !== undefined) head.repeated = lower;
      head[rule.keep] = value;
    } else if (lower === 'connection') dropped = namedBy(value, dropped);
    else if (lower === 'trailer') announced = announced === undefined ? value : `${announced},${value}`;
    if (rule.forward) head.forwarded.push(name, value);
  }
  head.timeoutSeconds = shorter(secondsIn(head.totalTimeout), secondsIn(head.readTimeout));
  if (dropped !== undefined) head.forwarded = without(head.forwarded, dropped);
  if (announced !== undefined) head.trailers = trailersOf(announced, dropped ?? []);
  return head;
}

/** Those that may go on behind the body; undefined when there are none. */
function trailersOf(announced: string, dropped: readonly string[]): string[] | undefined {
  const names = announced
    .split(',')
    .map(name => name.trim())
    .filter(name => {
      const lower = name.toLowerCase();
      return token.test(name) && !rules.has(lower) && !beforeBody.test(lower) && !dropped.includes(lower);
    });
  return names.length === 0 ? undefined : names;
}

/** The `fetch` of Node, which says this and nothing else of the kind. A browser names its site, too. */
function isOfNode(name: string, value: string): boolean {
  return name === 'sec-fetch-mode' && value === 'cors';
}

/** Undefined where it says that there is no limit, or nothing that can be read. */
function secondsIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,7}(\.\d+)?$/.test(text)) return undefined;
  return Number(text) || undefined;
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

/** What `Connection` names besides the two usual words holds for this connection only. */
export function namedBy(connection: string, before: string[] | undefined): string[] | undefined {
  const lower = connection.toLowerCase();
  if (lower === 'keep-alive' || lower === 'close') return before;
  return [...(before ?? []), ...lower.split(',').map(name => name.trim())];
}

export function without(headers: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!names.includes(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}
