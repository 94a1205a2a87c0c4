import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ResponseError, ResponseParser } from '../../../src/hub/responseParser.ts';

interface Read {
  status?: number;
  statusText?: string;
  headers?: string[];
  keepAlive?: boolean;
  body: string;
  trailers?: string[];
}

/** What is read of responses that come one after the other, in pieces that end at these places. */
function readAll(text: string, cuts: readonly number[], toHead = false): Read[] {
  const bytes = Buffer.from(text, 'latin1');
  const all: Read[] = [];
  let current: Read = { body: '' };
  const parser = new ResponseParser({
    head: (status, statusText, headers, keepAlive) =>
      Object.assign(current, { status, statusText, headers, keepAlive }),
    data: chunk => {
      current.body += chunk.toString('latin1');
    },
    end: trailers => {
      all.push({ ...current, trailers });
      current = { body: '' };
    },
  });
  parser.expect(toHead);
  const places = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort(
    (one, other) => one - other,
  );
  places.reduce((from, to) => {
    if (to > from) parser.read(bytes.subarray(from, to));
    return to;
  });
  if (!parser.isDone) parser.ended();
  return all;
}

const first = (text: string, toHead = false) => readAll(text, [], toHead)[0];
const lines = (...all: string[]) => all.join('\r\n');

describe('a response on a connection', () => {
  it('has as many bytes as its length says', () => {
    const text = lines('HTTP/1.1 200 OK', 'Content-Length: 5', 'x-a:  b ', '', 'hello');
    assert.deepEqual(first(text), {
      status: 200,
      statusText: 'OK',
      headers: ['Content-Length', '5', 'x-a', 'b'],
      keepAlive: true,
      body: 'hello',
      trailers: [],
    });
  });

  it('may come in chunks, with extensions and trailers', () => {
    const text = lines(
      'HTTP/1.1 200',
      'transfer-encoding: chunked',
      '',
      '5;a=b',
      'hello',
      'A',
      '0123456789',
      '0',
      't: 1',
      '',
      '',
    );
    const { body, trailers, keepAlive } = first(text) ?? {};
    assert.deepEqual(
      { body, trailers, keepAlive },
      { body: 'hello0123456789', trailers: ['t', '1'], keepAlive: true },
    );
  });

  it('without length or chunks ends with the connection, which is not used again', () => {
    const { body, keepAlive } = first(lines('HTTP/1.1 200 OK', '', 'all of it')) ?? {};
    assert.deepEqual({ body, keepAlive }, { body: 'all of it', keepAlive: false });
  });

  it('to a HEAD, 204 and 304 have no body, whatever their length', () => {
    assert.equal(first(lines('HTTP/1.1 200 OK', 'content-length: 5', '', ''), true)?.body, '');
    assert.equal(first(lines('HTTP/1.1 204 No Content', '', ''))?.status, 204);
    assert.equal(first(lines('HTTP/1.1 304 Not Modified', 'content-length: 5', '', ''))?.status, 304);
  });

  it('comes after what is told meanwhile', () => {
    const text = lines(
      'HTTP/1.1 103 Early Hints',
      'link: </a>',
      '',
      'HTTP/1.1 200 OK',
      'content-length: 0',
      '',
      '',
    );
    assert.deepEqual(first(text)?.headers, ['content-length', '0']);
  });

  it('says whether the connection may be used again', () => {
    const keepAlive = (version: string, connection: string) =>
      first(lines(`HTTP/1.${version} 200 OK`, connection, 'content-length: 0', '', ''))?.keepAlive;
    assert.equal(keepAlive('1', 'x: y'), true);
    assert.equal(keepAlive('1', 'connection: x, Close'), false);
    assert.equal(keepAlive('0', 'x: y'), false);
  });

  const broken: Record<string, string> = {
    'another protocol': lines('HTTP/2 200 OK', '', ''),
    'no status': lines('HTTP/1.1 OK', '', ''),
    'a change of protocol': lines('HTTP/1.1 101 Switching Protocols', '', ''),
    'two lengths': lines('HTTP/1.1 200 OK', 'content-length: 1', 'content-length: 1', '', 'a'),
    'a negative length': lines('HTTP/1.1 200 OK', 'content-length: -1', '', ''),
    'length and chunks': lines('HTTP/1.1 200 OK', 'content-length: 5', 'transfer-encoding: chunked', '', ''),
    'a header without a name': lines('HTTP/1.1 200 OK', ': a', '', ''),
    'a space in a name': lines('HTTP/1.1 200 OK', 'content-length : 1', '', 'a'),
    'a folded line': lines('HTTP/1.1 200 OK', 'a: b', ' c', '', ''),
    'a bare line feed in a value': lines('HTTP/1.1 200 OK', 'a: b\nc: d', '', ''),
    'a NUL in a value': lines('HTTP/1.1 200 OK', 'a: \0', '', ''),
    'a size that is none': lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', 'x', ''),
    'a chunk that goes on': lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1', 'ab', ''),
    'more than was asked for': lines('HTTP/1.1 200 OK', 'content-length: 1', '', 'ab'),
    'a head without end': `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(5000)}`,
    'a size without end': `${lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '')}${'1'.repeat(5000)}`,
  };
  for (const [what, text] of Object.entries(broken)) {
    it(`is refused for ${what}`, () => assert.throws(() => first(text), ResponseError));
  }

  it('reads the same in whatever pieces it comes', () => {
    const word = fc.stringMatching(/^[a-zA-Z-]{1,12}$/);
    const value = fc.stringMatching(/^[!-~][ -~]{0,20}[!-~]$/);
    const headers = fc.array(fc.tuple(fc.constantFrom('x-', 'y-'), word, value), { maxLength: 5 });
    const body = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0', '\xff'), maxLength: 60 });
    const response = fc.record({
      headers,
      bodies: fc.array(body, { maxLength: 5 }),
      chunked: fc.boolean(),
      trailers: headers,
    });
    fc.assert(
      fc.property(response, fc.array(fc.nat(), { maxLength: 40 }), (given, cuts) => {
        const text = written(given);
        const [whole] = readAll(text, []);
        assert.deepEqual(readAll(text, cuts), [whole]);
        assert.deepEqual(
          readAll(
            text,
            [...text].map((_, index) => index),
          ),
          [whole],
        );
        assert.equal(whole?.body, given.bodies.join(''));
      }),
      { numRuns: 300 },
    );
  });
});

type Header = readonly [string, string, string];
interface Response {
  readonly headers: readonly Header[];
  readonly bodies: readonly string[];
  readonly chunked: boolean;
  readonly trailers: readonly Header[];
}

function written({ headers, bodies, chunked, trailers }: Response): string {
  const fields = (list: readonly Header[]) =>
    list.map(([start, name, value]) => `${start}${name}: ${value}\r\n`).join('');
  const whole = bodies.join('');
  if (!chunked) return `HTTP/1.1 200 OK\r\n${fields(headers)}content-length: ${whole.length}\r\n\r\n${whole}`;
  const chunks = bodies
    .filter(body => body.length > 0)
    .map(body => `${body.length.toString(16)}\r\n${body}\r\n`)
    .join('');
  return `HTTP/1.1 200 OK\r\n${fields(headers)}transfer-encoding: chunked\r\n\r\n${chunks}0\r\n${fields(trailers)}\r\n`;
}
