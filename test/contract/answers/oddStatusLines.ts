import { mostInterimAnswers } from '../../../src/limits/bounds.ts';
import { close, type OddCase, ok, stay, toHead, withoutEnd } from './oddCase.ts';

const early = 'HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n';

/** Status lines, and answers before the answer. */
export const oddStatusLines: readonly OddCase[] = [
  ...['0', '00', '000', '99', '099', '1', '20', '2000', '600', '999', '1000', '-1', '2e2', '0x1', ''].map(
    status => ({
      name: `the status ${status || 'nothing'}`,
      answer: stay(`HTTP/1.1 ${status} Odd\r\ncontent-length: 2\r\n\r\n{}`),
      expected: '502' as const,
    }),
  ),
  { name: 'no HTTP', answer: stay('SSH-2.0-OpenSSH_9\r\n\r\n'), expected: '502' },
  { name: 'HTTP/0.9', answer: close('hello'), expected: '502' },
  { name: 'HTTP/2 in plain text', answer: stay('HTTP/2 200\r\n\r\n'), expected: '502' },
  { name: 'HTTP/9.9', answer: stay('HTTP/9.9 200 OK\r\ncontent-length: 2\r\n\r\n{}'), expected: '502' },
  {
    name: 'a status line without words',
    answer: stay('HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}'),
    expected: { status: 200 },
  },
  {
    name: 'a status line with bytes above 0x7f',
    answer: stay('HTTP/1.1 200 caf\xc3\xa9 \xff\r\ncontent-length: 2\r\n\r\n{}'),
    expected: { status: 200 },
  },
  {
    name: 'a status line with NUL',
    answer: stay('HTTP/1.1 200 O\0K\r\ncontent-length: 2\r\n\r\n{}'),
    expected: 'any',
  },
  {
    name: 'a status line of 100 KB',
    answer: stay(`HTTP/1.1 200 ${'x'.repeat(100_000)}\r\ncontent-length: 2\r\n\r\n{}`),
    expected: { status: 200 },
  },
  { name: 'nothing', answer: close(''), expected: '502' },
  { name: 'nothing, and a reset', answer: { parts: [], end: 'reset' }, expected: '502' },
  { name: 'half a status line', answer: close('HTTP/1.1 2'), expected: '502' },
  { name: 'half a head', answer: close('HTTP/1.1 200 OK\r\ncontent-le'), expected: '502' },
  { name: 'bytes of TLS', answer: stay('\x15\x03\x01\x00\x02\x02\x28'), expected: '502' },
  ...[100, 102, 103, 104, 150, 199].map(status => ({
    name: `${status} and then an answer`,
    answer: stay(
      `HTTP/1.1 ${status} Wait\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}`,
    ),
    expected: status === 100 ? ('any' as const) : { status: 200 },
  })),
  ...[
    { times: mostInterimAnswers, expected: { status: 200 } },
    { times: mostInterimAnswers + 1, expected: '502' as const },
  ].map(({ times, expected }) => ({
    name: `${times} times 103`,
    answer: stay(`${early.repeat(times)}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}`),
    expected,
  })),
  ...[
    { name: '103', unit: early },
    { name: '102', unit: 'HTTP/1.1 102 Processing\r\n\r\n' },
    { name: 'empty lines', unit: '\r\n' },
    { name: 'words in the status line', start: 'HTTP/1.1 200 ', unit: 'x' },
    { name: 'spaces before a header', start: 'HTTP/1.1 200 OK\r\nx-a:', unit: ' ' },
    { name: 'folded lines', start: 'HTTP/1.1 200 OK\r\nx-a:', unit: '\r\n ' },
    { name: 'header lines', start: 'HTTP/1.1 200 OK\r\n', unit: 'x-a: b\r\n' },
    { name: '103 and empty lines', start: early, unit: '\r\n' },
  ].map(({ name, start = '', unit }) => ({
    name: `${name} without end`,
    answer: withoutEnd(start, unit),
    expected: '502' as const,
  })),
  { name: '199 and nothing more', answer: close('HTTP/1.1 199 Odd\r\n\r\n'), expected: '502' },
  {
    name: '199 with a length and a body',
    answer: stay('HTTP/1.1 199 Odd\r\ncontent-length: 2\r\n\r\n{}'),
    expected: '502',
  },
  {
    name: '101 with Upgrade',
    answer: stay('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nxx'),
    expected: '502',
  },
  { name: '101 without Upgrade', answer: stay('HTTP/1.1 101 Switching\r\n\r\nxx'), expected: '502' },
  { name: '200 with Upgrade', answer: ok('connection: upgrade\r\nupgrade: h2c'), expected: { status: 200 } },
  {
    name: '101 to a HEAD',
    answer: stay('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'),
    expected: '502',
    caller: toHead,
  },
];
