import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import type { TrailedOptions } from '../../src/hub/trailers.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';

describe("trailers in undici's place", () => {
  let answer: (socket: Socket) => void;
  let upstream: RawUpstream;
  let dispatcher: Dispatcher;

  beforeEach(async () => {
    answer = socket => socket.write(response(200, 'ok'));
    upstream = await rawUpstream(({ socket }) => answer(socket));
    dispatcher = createDispatcher({});
  });
  afterEach(async () => {
    await dispatcher.destroy();
    await upstream.close();
  });

  /** What came of the request: the answer's body or an error. */
  const ask = (
    body: Buffer | Readable,
    fields: readonly string[] = ['X-Sum', 'abc'],
    changes: Partial<TrailedOptions> = {},
  ) =>
    new Promise<string | Error>(resolve => {
      let text = '';
      const options: TrailedOptions = {
        origin: upstream.url,
        path: '/a',
        method: 'PUT',
        headers: ['x-a', 'b'],
        body,
        trailers: { announced: 'X-Sum', fields: () => fields },
        headersTimeout: 0,
        bodyTimeout: 0,
        ...changes,
      };
      dispatcher.dispatch(options, {
        onConnect: () => {},
        onHeaders: () => true,
        onData: (data: Buffer) => {
          text += data;
          return true;
        },
        onComplete: () => resolve(text),
        onError: resolve,
      } as unknown as Dispatcher.DispatchHandler);
    });
  const written = () => {
    const { head, body } = upstream.requests.at(-1) ?? {};
    return `${head}\r\n\r\n${body}`;
  };
  const head = () =>
    `PUT /a HTTP/1.1\r\nhost: 127.0.0.1:${upstream.port}\r\nconnection: keep-alive\r\nx-a: b\r\ntrailer: X-Sum\r\ntransfer-encoding: chunked\r\n\r\n`;

  it('are written behind a whole body, in one chunk', async () => {
    assert.equal(await ask(Buffer.from('hello there, you')), 'ok');
    assert.equal(written(), `${head()}10\r\nhello there, you\r\n0\r\nX-Sum: abc\r\n\r\n`);
  });

  it('are asked for when a stream has ended', async () => {
    const fields: string[] = [];
    const body = new Readable({ read() {} });
    const heard = ask(body, fields);
    body.push('hello');
    await new Promise(setImmediate);
    fields.push('X-Sum', '5');
    body.push(null);
    assert.equal(await heard, 'ok');
    assert.equal(written(), `${head()}5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n`);
  });

  it('that would begin another request are left out', async () => {
    const evil = ['X-Sum', 'a\r\n\r\nGET /b HTTP/1.1', 'X-Sum: b\r\nX', '1', '', '2', 'X-Sum', '3'];
    assert.equal(await ask(Buffer.from('hello'), evil), 'ok');
    assert.equal(written(), `${head()}5\r\nhello\r\n0\r\nX-Sum: 3\r\n\r\n`);
    assert.equal(upstream.requests.length, 1);
  });

  it('are left out where undici has to look at the request', async () => {
    assert.equal(await ask(Buffer.from('hello'), ['X-Sum', 'abc'], { bodyTimeout: 1000 }), 'ok');
    assert.doesNotMatch(written(), /x-sum/i);
    await dispatcher.destroy();
    dispatcher = new Agent();
    assert.equal(await ask(Readable.from([Buffer.from('hello')])), 'ok');
    assert.match(written(), /\r\n5\r\nhello\r\n0\r\n\r\n$/);
  });

  for (const reason of [new Error('torn'), undefined]) {
    it(`a body that breaks off${reason ? ' with an error' : ''} ends the connection, without an end of the body`, async () => {
      const body = new Readable({ read() {} });
      const heard = ask(body);
      const arrived = new Promise<void>(resolve => {
        upstream.onData = data => data.includes('hello') && resolve();
      });
      body.push('hello');
      await arrived;
      const closed = once(upstream.connections[0] as Socket, 'close');
      body.destroy(reason);
      const error = (await heard) as Error & { code?: string };
      if (reason) assert.equal(error, reason);
      else assert.equal(error.code, 'UND_ERR_ABORTED');
      await closed;
      assert.equal(upstream.requests.length, 0);
    });
  }

  it('an answer before the end of the body ends the body and the connection', async () => {
    const body = new Readable({ read() {} });
    const heard = ask(body);
    upstream.onData = () => upstream.connections[0]?.write(response(413, 'too large'));
    body.push('hello');
    assert.equal(await heard, 'too large');
    assert.equal(body.destroyed, true);
    const [socket] = upstream.connections;
    if (!socket?.destroyed) await once(socket as Socket, 'close');
    upstream.onData = undefined;
    assert.equal(await ask(Buffer.from('hello')), 'ok');
    assert.equal(upstream.connections.length, 2);
  });

  it('a connection that breaks off ends the body', async () => {
    const body = new Readable({ read() {} });
    const heard = ask(body);
    upstream.onData = () => upstream.connections[0]?.resetAndDestroy();
    body.push('hello');
    assert.ok((await heard) instanceof Error);
    assert.equal(body.destroyed, true);
  });

  it('leave nothing behind on a connection that is used again', async () => {
    for (let at = 0; at < 20; at++) {
      assert.equal(await ask(Readable.from([Buffer.from('a'), Buffer.from('b')])), 'ok');
      assert.match(written(), /1\r\na\r\n1\r\nb\r\n0\r\nX-Sum: abc\r\n\r\n$/);
      await new Promise(setImmediate);
    }
    assert.equal(upstream.connections.length, 1);
  });
});
