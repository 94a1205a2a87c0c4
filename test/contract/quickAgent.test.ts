import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { createDispatcher } from '../../src/hub/dispatcher.ts';

/** A server that answers the n-th request on it with the n-th of these, in pieces of so many bytes, or as told. */
class Scripted {
  readonly #answers: (string | ((socket: Socket) => void))[];
  readonly #server: Server;
  connections = 0;
  readonly sockets: Socket[] = [];
  received = '';

  constructor(answers: (string | ((socket: Socket) => void))[]) {
    this.#answers = [...answers];
    this.#server = createServer(socket => {
      this.connections += 1;
      this.sockets.push(socket);
      socket.on('error', () => {});
      socket.on('data', bytes => {
        this.received += bytes.toString('latin1');
        // each request here has its end in one piece with its beginning
        const answer = this.#answers.shift();
        if (typeof answer === 'string') socket.write(answer, 'latin1');
        else answer?.(socket);
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }
}

interface Heard {
  status?: number;
  headers?: string[];
  body: string;
  trailers?: string[];
  failed?: boolean;
}

function ask(
  dispatcher: Dispatcher,
  origin: string,
  { method = 'POST', body = 'hello' as string | null, onAbort = (_abort: () => void) => {} } = {},
): Promise<Heard> {
  return new Promise(resolve => {
    const heard: Heard = { body: '' };
    const chunks: Buffer[] = [];
    const received = () => Buffer.concat(chunks).toString('latin1');
    const text = (values: readonly (Buffer | string)[]) => values.map(value => value.toString('latin1'));
    dispatcher.dispatch(
      {
        origin,
        path: '/a?b',
        method: method as Dispatcher.HttpMethod,
        headers: ['x-a', 'b'],
        body: body === null ? null : Buffer.from(body),
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onConnect: (abort: () => void) => onAbort(() => abort()),
        onHeaders: (status: number, headers: Buffer[]) => {
          if (status >= 200) Object.assign(heard, { status, headers: text(headers) });
          return true;
        },
        onData: (chunk: Buffer) => {
          chunks.push(chunk);
          return true;
        },
        onComplete: (trailers: string[] | null) =>
          resolve({ ...heard, body: received(), trailers: text(trailers ?? []) }),
        onError: () => resolve({ ...heard, body: received(), failed: true }),
      } as unknown as Dispatcher.DispatchHandler,
    );
  });
}

const plain = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('the short way of requests with a whole body', () => {
  const answers: Record<string, string> = {
    'a length': plain,
    'no body': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    'a repeated header': 'HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\ncontent-length: 0\r\n\r\n',
    'bytes beyond ASCII': 'HTTP/1.1 200 OK\r\nx: \xe4\xff\r\ncontent-length: 2\r\n\r\n\xe4\0',
    'an empty header': 'HTTP/1.1 200 OK\r\nx:\r\ncontent-length: 0\r\n\r\n',
    chunks: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\n\r\n',
    trailers: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nt: 1\r\n\r\n',
    'an early hint': `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${plain}`,
    'no content': 'HTTP/1.1 204 No Content\r\n\r\n',
    'an error': 'HTTP/1.1 500 Oh\r\ncontent-length: 2\r\n\r\nno',
    'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok',
    'length and chunks':
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'a size that is none': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'no HTTP': 'hello\r\n\r\n',
    'a space in a name': 'HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nok',
    'a control character': 'HTTP/1.1 200 OK\r\nx: a\x01\r\ncontent-length: 2\r\n\r\nok',
  };
  for (const [what, answer] of Object.entries(answers)) {
    it(`hears the same as undici of ${what}`, async () => {
      const bytewise = (socket: Socket) => {
        for (const char of answer) socket.write(char, 'latin1');
      };
      const heard: Heard[] = [];
      for (const dispatcher of [new Agent(), createDispatcher({})]) {
        const server = new Scripted([answer, bytewise]);
        const origin = await server.listen();
        heard.push(await ask(dispatcher, origin), await ask(dispatcher, origin));
        server.close();
        await dispatcher.destroy();
      }
      assert.deepEqual(heard.slice(2), heard.slice(0, 2));
    });
  }

  it('writes what undici writes', async () => {
    const written: string[] = [];
    for (const dispatcher of [new Agent(), createDispatcher({})]) {
      const server = new Scripted([plain, plain, plain]);
      const origin = await server.listen();
      await ask(dispatcher, origin);
      await ask(dispatcher, origin, { method: 'GET', body: null });
      await ask(dispatcher, origin, { method: 'POST', body: null });
      written.push(server.received.replaceAll(origin.slice('http://'.length), 'HOST'));
      server.close();
      await dispatcher.destroy();
    }
    assert.equal(written[1], written[0]);
    assert.match(written[1] ?? '', /^POST \/a\?b HTTP\/1\.1\r\nhost: HOST\r\n/);
  });

  const together: [string, (string | ((socket: Socket) => void))[], number][] = [
    ['uses a connection again', [plain, plain], 1],
    [
      'does not when the server says so',
      [plain.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'), plain],
      2,
    ],
    ['does not when there is more than was asked for', [`${plain}HTTP/1.1 200 OK\r\n`, plain], 2],
    ['does not when the server has closed it', [socket => socket.end(plain), plain], 2],
    [
      'does not when its promise was short',
      [plain.replace('\r\n\r\n', '\r\nkeep-alive: timeout=1\r\n\r\n'), plain],
      2,
    ],
  ];
  for (const [what, script, connections] of together) {
    it(what, async () => {
      const server = new Scripted(script);
      const origin = await server.listen();
      const dispatcher = createDispatcher({});
      assert.equal((await ask(dispatcher, origin)).body, 'ok');
      await new Promise(setImmediate);
      if (server.sockets[0]?.writableEnded) await once(server.sockets[0], 'close');
      assert.equal((await ask(dispatcher, origin)).body, 'ok');
      assert.equal(server.connections, connections);
      server.close();
      await dispatcher.destroy();
    });
  }

  it('leaves what it handed on as it was, whatever it reads later', async () => {
    const bodies = [0, 1, 2].map(first => Array.from({ length: 300_000 }, (_, at) => first + 3 * at).join());
    const head = 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n';
    const server = new Scripted(bodies.map(body => socket => socket.end(head + body)));
    const origin = await server.listen();
    const dispatcher = createDispatcher({});
    const heard = await Promise.all(bodies.map(() => ask(dispatcher, origin)));
    server.close();
    await dispatcher.destroy();
    assert.ok(bodies.every(body => heard.some(one => one.body === body)));
  });

  it('tells of a response that breaks off, after what came of it', async () => {
    const server = new Scripted([socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok')]);
    const dispatcher = createDispatcher({});
    const { status, body, failed } = await ask(dispatcher, await server.listen());
    assert.deepEqual({ status, body, failed }, { status: 200, body: 'ok', failed: true });
    server.close();
    await dispatcher.destroy();
  });

  it('closes the connection of a request that is given up', async () => {
    let gone: Promise<unknown> | undefined;
    let giveUp = () => {};
    const server = new Scripted([
      socket => {
        gone = once(socket, 'close');
        giveUp();
      },
    ]);
    const dispatcher = createDispatcher({});
    const heard = await ask(dispatcher, await server.listen(), {
      onAbort: abort => {
        giveUp = abort;
      },
    });
    assert.equal(heard.failed, true);
    await gone;
    server.close();
    await dispatcher.destroy();
  });

  it('writes nothing of a request that is given up as the connection opens', async () => {
    const server = new Scripted([plain]);
    const dispatcher = createDispatcher({});
    const heard = await ask(dispatcher, await server.listen(), { onAbort: abort => abort() });
    assert.deepEqual({ failed: heard.failed, received: server.received }, { failed: true, received: '' });
    server.close();
    await dispatcher.destroy();
  });

  it('lets those under way end when it is closed, and takes no more', async () => {
    let answer = () => {};
    const asked = Promise.withResolvers<void>();
    const server = new Scripted([
      socket => {
        answer = () => socket.write(plain);
        asked.resolve();
      },
    ]);
    const dispatcher = createDispatcher({});
    const origin = await server.listen();
    const heard = ask(dispatcher, origin);
    await asked.promise;
    const closed = dispatcher.close();
    await assert.rejects(async () => dispatcher.dispatch({ origin, path: '/', method: 'GET' }, {}));
    answer();
    assert.equal((await heard).body, 'ok');
    await closed;
    server.close();
  });

  it('cuts those under way when it is destroyed', async () => {
    const asked = Promise.withResolvers<void>();
    const server = new Scripted([() => asked.resolve()]);
    const dispatcher = createDispatcher({});
    const heard = ask(dispatcher, await server.listen());
    await asked.promise;
    await dispatcher.destroy();
    assert.equal((await heard).failed, true);
    server.close();
  });
});
