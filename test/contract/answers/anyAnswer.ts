import fc from 'fast-check';
import type { Caller, OddAnswer } from './answerRig.ts';

/** One answer and the request that meets it. */
export interface Meeting {
  readonly answer: OddAnswer;
  readonly caller: Caller;
}

/** Mostly what servers send, else what none should. */
function rarely<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 4): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight }, { arbitrary: odd, weight: 1 });
}

const bytes = fc.uint8Array({ maxLength: 24 }).map(array => Buffer.from(array).toString('latin1'));
const extreme = fc.constantFrom(
  '0',
  '-1',
  '1',
  '2147483648',
  '9'.repeat(15),
  '9'.repeat(400),
  '1e400',
  'NaN',
  'Infinity',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  '0000-01-01',
  '+275760-09-13',
  '99999999h',
  '-0',
  '0x10',
  '',
);
const status = rarely(
  fc.constantFrom(...'200 200 201 204 304 307 400 401 402 403 404 412 413 429 429 500 503 529'.split(' ')),
  fc.oneof(
    fc.integer({ min: 0, max: 1200 }).map(String),
    fc.constantFrom('100', '101', '102', '103', '199', '099', '600', '999', '', 'OK', '2e2'),
    bytes,
  ),
);
const version = rarely(
  fc.constant('HTTP/1.1'),
  fc.oneof(fc.constantFrom('HTTP/1.0', 'HTTP/2', 'http/1.1', 'HTTP/1.11', 'ICY'), bytes),
  20,
);
const reason = rarely(
  fc.constantFrom('OK', 'Too Many Requests', ''),
  fc.oneof(bytes, fc.constant('x'.repeat(30_000))),
  9,
);

const printable = bytes.map(text => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '~'));

const value = fc.oneof(
  { arbitrary: extreme, weight: 9 },
  { arbitrary: printable, weight: 9 },
  { arbitrary: fc.oneof(bytes, fc.constantFrom('a\0b', 'a\r\n b')), weight: 1 },
  fc.constantFrom(
    'a',
    'x-a, x-b',
    'chunked',
    'close',
    'keep-alive, x-a',
    'gzip',
    'br',
    'identity',
    'text/event-stream',
    'application/json',
    'caf\xc3\xa9',
    '\xff',
    'groq',
    'hf-inference',
    'https://elsewhere.example/',
    '</a>; rel="next"',
  ),
  fc.integer({ min: 0, max: 9_000 }).map(length => 'y'.repeat(length)),
);
const names = [
  'connection trailer te upgrade keep-alive content-encoding content-type retry-after date expires',
  'link location set-cookie alt-svc vary x-request-id x-error-message x-error-code',
  'x-inference-provider x-headroom-cause x-headroom-billed-to x-should-retry',
  'x-ratelimit-limit-requests x-ratelimit-remaining-requests x-ratelimit-reset-requests',
  'x-ratelimit-reset-tokens x-a __proto__ constructor get',
].flatMap(line => line.split(' '));
const field = fc.oneof(
  {
    arbitrary: fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name}: ${text}`),
    weight: 8,
  },
  {
    arbitrary: fc
      .tuple(extreme, extreme, extreme)
      .map(
        ([r, t, q]) =>
          `ratelimit: "api";r=${r};t=${t}\r\nratelimit-policy: "fixed window";"api";q=${q};w=${t}`,
      ),
    weight: 2,
  },
  {
    arbitrary: fc.oneof(
      bytes,
      fc.constantFrom(`${'x-m: y\r\n'.repeat(900)}x-m: z`, ' folded', ': nameless', 'x a: b'),
    ),
    weight: 1,
  },
);
const fields = fc.array(field, { maxLength: 5 });

const words = fc.constantFrom(
  '{}',
  '{"error":"You have depleted your monthly included credits."}',
  '{"error":{"message":"Rate limit reached. Please try again in 999999999999s.","code":"rate_limit_exceeded"}}',
  'data: {"usage":{"prompt_tokens":1e400,"completion_tokens":-1}}\n\ndata: {"error":{"message":"rate limit","code":429}}\n\n',
  '{"usage":{"prompt_tokens":9007199254740993,"completion_tokens":1,"estimated_cost":1e300}}',
  '{"error":"exceeded your free ZeroGPU quota (120s requested vs. 0s left). Try again in 999:59:59"}',
);
const body = fc.oneof(words, bytes, fc.constantFrom('', 'z'.repeat(70_000), '{"a":'.repeat(3_000)));

type Framed = (body: string, trailers: readonly string[]) => readonly [head: string, body: string];
const size = (text: string) => text.length.toString(16);
const framing: fc.Arbitrary<Framed> = rarely<Framed>(
  fc.constantFrom<Framed>(
    text => [`content-length: ${text.length}\r\n`, text],
    (text, trailers) => [
      'transfer-encoding: chunked\r\n',
      `${text === '' ? '' : `${size(text)}\r\n${text}\r\n`}0\r\n${trailers.map(line => `${line}\r\n`).join('')}\r\n`,
    ],
  ),
  fc.constantFrom<Framed>(
    text => ['', text],
    text => [`content-length: ${text.length + 9}\r\n`, text],
    text => [`content-length: ${Math.max(0, text.length - 3)}\r\n`, text],
    text => [`content-length: ${text.length}\r\ncontent-length: 1\r\n`, text],
    text => [
      `content-length: ${text.length}\r\ntransfer-encoding: chunked\r\n`,
      `${size(text)}\r\n${text}\r\n0\r\n\r\n`,
    ],
    text => ['transfer-encoding: chunked\r\n', `${size(text)};a="b"\r\n${text}\r\n0;c\r\n\r\n`],
    text => ['transfer-encoding: chunked\r\n', `${size(text)}9\r\n${text}\r\n0\r\n\r\n`],
    text => ['transfer-encoding: chunked\r\n', `zz\r\n${text}\r\n0\r\n\r\n`],
    text => ['transfer-encoding: gzip\r\n', text],
    text => ['transfer-encoding: gzip, chunked\r\n', `${size(text)}\r\n${text}\r\n0\r\n\r\n`],
  ),
);
const interim = rarely(
  fc.constant(''),
  fc.constantFrom(
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
    'HTTP/1.1 199 Odd\r\nretry-after: 9\r\n\r\n',
    'HTTP/1.1 101 Switching\r\nupgrade: a\r\nconnection: upgrade\r\n\r\n',
    '\r\n',
    'garbage\r\n',
  ),
  9,
);

/** Bytes put in place of others; `at` is in thousandths of the text. */
interface Change {
  readonly at: number;
  readonly length: number;
  readonly insert: string;
}
const mutation = fc.record({
  at: fc.nat(999),
  length: fc.nat(40),
  insert: bytes,
});
function mutated(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, { at, length, insert }) => {
    const start = Math.floor((before.length * at) / 1000);
    return before.slice(0, start) + insert + before.slice(start + length);
  }, text);
}

const anyBytes = fc
  .record({
    interim,
    version,
    status,
    reason,
    fields,
    framing,
    body,
    trailers: fc.array(field, { maxLength: 3 }),
  })
  .map(({ interim, version, status, reason, fields, framing, body, trailers }) => {
    const [framed, rest] = framing(body, trailers);
    const lines = fields.map(line => `${line}\r\n`).join('');
    return `${interim}${version} ${status} ${reason}\r\n${framed}${lines}\r\n${rest}`;
  });

/** Any answer to any request. */
export const anyMeeting: fc.Arbitrary<Meeting> = fc.record({
  answer: fc
    .record({
      text: anyBytes,
      changes: rarely<Change[]>(fc.constant([]), fc.array(mutation, { minLength: 1, maxLength: 3 }), 3),
      cuts: fc.uniqueArray(fc.nat(999), { maxLength: 4 }),
      end: fc.constantFrom<OddAnswer['end']>('close', 'close', 'close', 'reset', 'stay'),
      early: rarely(fc.constant(false), fc.constant(true), 9),
    })
    .map(({ text, changes, cuts, end, early }) => {
      const whole = mutated(text, changes);
      const places = cuts.sort((a, b) => a - b).map(at => Math.floor((whole.length * at) / 1000));
      const parts = [...places, whole.length].map((place, index) =>
        whole.slice(places[index - 1] ?? 0, place),
      );
      return { parts, end, early };
    }),
  caller: fc.record({
    method: fc.constantFrom('POST', 'POST', 'GET', 'HEAD'),
    path: fc.constantFrom(
      '/v1/chat/completions',
      '/v1/messages',
      '/v1/models',
      '/router/groq/x',
      '/hub/api/models',
    ),
    minor: rarely<0 | 1>(fc.constant(1), fc.constant(0), 9),
  }),
});
