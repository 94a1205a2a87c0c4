import { chunked, type OddCase, ok, refused, stay } from './oddCase.ts';

/** Headers and trailers. */
export const oddFields: readonly OddCase[] = [
  { name: 'a Trailer beside a length', answer: ok('trailer: x-a'), expected: { status: 200 } },
  {
    name: 'a Trailer that names nothing',
    answer: chunked('trailer: \r\n', '2\r\n{}\r\n0\r\n\r\n'),
    expected: { status: 200 },
  },
  {
    name: 'a Trailer that Connection names',
    answer: chunked('connection: trailer\r\ntrailer: x-a\r\n', '2\r\n{}\r\n0\r\nx-a: b\r\n\r\n'),
    expected: { status: 200 },
  },
  {
    name: 'chunks whose Connection names Content-Length',
    answer: ok('connection: content-length'),
    expected: { status: 200 },
  },
  {
    name: 'a Connection that names all',
    answer: ok(
      'connection: content-type, date, transfer-encoding, connection, x-a, , ,\r\nx-a: b\r\ncontent-type: text/plain',
    ),
    expected: { status: 200 },
  },
  {
    name: 'a Connection of 1,500 names',
    answer: ok(`connection: ${Array.from({ length: 1500 }, (_, at) => `x${at}`).join(',')}`),
    expected: { status: 200 },
  },
  {
    name: 'a Trailer beside a length for a refusal',
    answer: refused(429, 'trailer: x-a'),
    expected: { status: 429 },
  },
  ...[
    'content-length: 5',
    'transfer-encoding: chunked',
    'host: a',
    'set-cookie: s=PLANTED',
    'trailer: x-b',
    'authorization: PLANTED',
    'x-a: caf\xc3\xa9',
    'x-a: \xff',
    ': x',
    'x a: b',
    'x-a',
    `x-a: ${'y'.repeat(12_000)}`,
    `x-a: ${'y'.repeat(200_000)}`,
    'x-a: a\0b',
    'x-a: a\r\n b',
    `${'x: y\r\n'.repeat(3000)}x: z`,
  ].map(trailer => ({
    name: `the trailer ${JSON.stringify(trailer.slice(0, 30))}`,
    answer: chunked('', `2\r\n{}\r\n0\r\n${trailer}\r\n\r\n`),
    expected: 'any' as const,
  })),
  ...['x-a: caf\xc3\xa9', 'x-a: \xff\x80', 'x-a: ', `x-a: ${'y'.repeat(8_000)}`].map(header => ({
    name: `the header ${JSON.stringify(header.slice(0, 30))}`,
    answer: ok(header),
    expected: { status: 200 },
  })),
  ...[
    'x-a: a\0b',
    'x-a: a\x01b',
    'x-a: a\x7fb',
    'x-a: a\rb',
    'x-\xe9: b',
    'x a: b',
    'x-a : b',
    ': b',
    'x-a',
    'x-a: a\r\n b',
    '\0: b',
    `x-a: ${'y'.repeat(100_000)}`,
    `${'x-a: y\r\n'.repeat(5000)}x: z`,
    `${'a:\r\n'.repeat(3000)}x: z`,
    '__proto__: b',
    'constructor: b',
  ].map(header => ({
    name: `the header ${JSON.stringify(header.slice(0, 30))}${header.length > 30 ? '…' : ''}`,
    answer: ok(header),
    expected: 'any' as const,
  })),
  {
    name: 'lines that end with a line feed',
    answer: stay('HTTP/1.1 200 OK\ncontent-length: 2\n\n{}'),
    expected: 'any',
  },
];

const times = [
  '0',
  '-1',
  '1e400',
  'Infinity',
  'NaN',
  '9'.repeat(15),
  '9'.repeat(400),
  '9999999999999',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'Mon, 01 Jan 0000 00:00:00 GMT',
  'Sunday, 06-Nov-94 08:49:37 GMT',
  '9999-12-31T23:59:59Z',
  '0000-01-01',
  '+275760-09-13',
  '999999999h',
  `${'9h'.repeat(30)}`,
  'P1Y',
  '\xff',
];
/** Times, durations and counts beyond every range. */
export const extremeTimes: readonly OddCase[] = [200, 402, 429, 503].flatMap(status =>
  times.flatMap(time =>
    [
      `retry-after: ${time}`,
      `ratelimit: "api";r=0;t=${time}\r\nratelimit-policy: "fixed window";"api";q=${time};w=${time}`,
      `x-ratelimit-limit-requests: ${time}\r\nx-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: ${time}\r\nx-inference-provider: groq`,
      `date: ${time}\r\nexpires: ${time}\r\nage: ${time}\r\nkeep-alive: timeout=${time}, max=${time}`,
    ].map(headers => ({
      name: `${status} with ${JSON.stringify(headers.slice(0, 60))}`,
      answer: refused(status, headers),
      expected: { status },
    })),
  ),
);
