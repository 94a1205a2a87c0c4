import { chunked, close, type OddCase, ok, refused, stay, toHead, toOldClient } from './oddCase.ts';

/** Lengths, chunks and ends. */
export const oddBodies: readonly OddCase[] = [
  ...[204, 304].flatMap(status => [
    {
      name: `${status} with a length`,
      answer: stay(`HTTP/1.1 ${status} No\r\ncontent-length: 5\r\n\r\n`),
      expected: { status },
    },
    {
      name: `${status} with a body`,
      answer: stay(`HTTP/1.1 ${status} No\r\ncontent-length: 5\r\n\r\nhello`),
      expected: { status },
    },
    {
      name: `${status} with chunks`,
      answer: stay(`HTTP/1.1 ${status} No\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`),
      expected: { status },
    },
    {
      name: `${status} with a Trailer`,
      answer: stay(`HTTP/1.1 ${status} No\r\ntrailer: x-a\r\n\r\n`),
      expected: { status },
    },
  ]),
  {
    name: '205 with a body',
    answer: stay('HTTP/1.1 205 Reset\r\ncontent-length: 2\r\n\r\n{}'),
    expected: { status: 205 },
  },
  {
    name: 'a body for a HEAD',
    answer: stay('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
    expected: { status: 200 },
    caller: toHead,
  },
  {
    name: 'chunks for a HEAD',
    answer: stay(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-a\r\n\r\n2\r\n{}\r\n0\r\nx-a: b\r\n\r\n',
    ),
    expected: { status: 200 },
    caller: toHead,
  },
  {
    name: 'two equal lengths',
    answer: stay('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}'),
    expected: 'any',
  },
  {
    name: 'two lengths',
    answer: stay('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 1\r\n\r\n{}'),
    expected: '502',
  },
  {
    name: 'a list of lengths',
    answer: stay('HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\n{}'),
    expected: '502',
  },
  ...['-1', '+2', '0x2', '2.0', '1e1', 'two', '', '18446744073709551616', '9'.repeat(400)].map(length => ({
    name: `the length ${length.slice(0, 30) || 'of nothing'}`,
    answer: close(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n{}`),
    expected: length === '' ? ('any' as const) : ('502' as const),
  })),
  {
    name: 'a length of 9 PB and 2 bytes',
    answer: close('HTTP/1.1 200 OK\r\ncontent-length: 9007199254740991\r\n\r\n{}'),
    expected: 'any',
  },
  {
    name: 'a length and chunks',
    answer: stay(
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ),
    expected: '502',
  },
  {
    name: 'chunks and a length',
    answer: stay(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ),
    expected: '502',
  },
  {
    name: 'a body encoded by gzip for the connection',
    answer: close('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n\x1f\x8b'),
    expected: '502',
  },
  {
    name: 'chunks encoded by gzip',
    answer: stay('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'),
    expected: '502',
  },
  {
    name: 'chunks that are not last',
    answer: close('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n'),
    expected: '502',
  },
  {
    name: 'chunks twice',
    answer: close(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ),
    expected: '502',
  },
  ...['g', '-1', '', 'fffffffffffffffff', '0x2', ' 2', '2 x'].map(size => ({
    name: `a chunk of the size "${size}"`,
    answer: close(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size}\r\n{}\r\n0\r\n\r\n`),
    expected: 'any' as const,
  })),
  {
    name: 'a chunk with extensions',
    answer: chunked('', '2;a=b;c="d"\r\n{}\r\n0;e\r\n\r\n'),
    expected: { status: 200 },
  },
  {
    name: 'a chunk with an extension of 100 KB',
    answer: chunked('', `2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`),
    expected: 'any',
  },
  {
    name: 'a chunk that is longer than its size',
    answer: chunked('', '1\r\n{}\r\n0\r\n\r\n'),
    expected: 'any',
  },
  { name: 'chunks that end with a line feed', answer: chunked('', '2\n{}\n0\n\n'), expected: 'any' },
  {
    name: 'a truncated body',
    answer: close('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}'),
    expected: 'any',
  },
  {
    name: 'a truncated chunk',
    answer: close('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{}'),
    expected: 'any',
  },
  {
    name: 'a truncated refusal',
    answer: close('HTTP/1.1 429 No\r\ncontent-length: 50\r\n\r\n{}'),
    expected: '502',
  },
  {
    name: 'a refusal that does not go on',
    answer: stay('HTTP/1.1 402 No\r\ncontent-length: 50\r\n\r\n{}'),
    expected: '502',
  },
  {
    name: 'a compressed refusal that is none',
    answer: refused(429, 'content-encoding: gzip'),
    expected: { status: 429 },
  },
  {
    name: 'a refusal with an unknown encoding',
    answer: refused(429, 'content-encoding: constructor'),
    expected: { status: 429 },
  },
  {
    name: 'two answers',
    answer: stay(
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]',
    ),
    expected: 'any',
  },
  {
    name: 'words after the answer',
    answer: stay('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}more'),
    expected: 'any',
  },
  {
    name: 'an answer before the request is complete',
    answer: { ...ok(''), early: true },
    expected: { status: 200 },
  },
  {
    name: 'a refusal before the request is complete, then a reset',
    answer: { ...refused(429, ''), early: true, end: 'reset' },
    expected: 'any',
  },
  {
    name: 'an answer one byte at a time',
    answer: { parts: [...'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'], end: 'stay' },
    expected: { status: 200 },
  },
  {
    name: 'a body without an end for HTTP/1.0',
    answer: close('HTTP/1.0 200 OK\r\n\r\n{}'),
    expected: { status: 200 },
    caller: toOldClient,
  },
  {
    name: 'chunks with trailers for HTTP/1.0',
    answer: chunked('trailer: x-a\r\n', '2\r\n{}\r\n0\r\nx-a: b\r\n\r\n'),
    expected: { status: 200 },
    caller: toOldClient,
  },
];
