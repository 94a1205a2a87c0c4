import assert from 'node:assert/strict';
import {
  mostIdleStrangers,
  mostRequestsPerConnection,
  mostStrangerBodyBytes,
  mostStrangersUpstream,
  mostWaitingStrangers,
  readerPatienceTicks,
  strangersAtOnce,
  strangersPerSecond,
  strangersReaderPatienceTicks,
} from '../../src/limits/bounds.ts';
import { ManualClock } from './manualClock.ts';
import { type RawClient, rawClient, rawPost, requestHead, stalled } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { chat, gatewayTo, type TestGateway } from './testGateway.ts';

describe('gateway, floods without the key:', function () {
  this.timeout(10_000);
  let answer: (request: RawRequest) => void;
  let upstream: RawUpstream;
  let clock: ManualClock;
  let gateway: TestGateway;
  let clients: RawClient[];

  beforeEach(async () => {
    answer = ({ socket }) => socket.write(response(200));
    upstream = await rawUpstream(request => answer(request));
    clock = new ManualClock();
    // the pacer would send few requests before the first answer
    gateway = await gatewayTo(upstream.url, { clock, config: { pacing: 'observe' } });
    clients = [];
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.destroy();
    await gateway.stop();
    await upstream.close();
  });

  const client = async () => {
    const opened = await rawClient(gateway.port);
    clients.push(opened);
    return opened;
  };
  const clientsOf = (count: number) => Promise.all(Array.from({ length: count }, client));
  const when = async (condition: () => boolean) => {
    while (!condition()) await new Promise(resolve => setTimeout(resolve, 5));
  };
  const anonymous = () => `GET /hub/api/models HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\n\r\n`;
  const withToken = (line = 'GET /v1/models', headers: string[] = []) =>
    requestHead({ port: gateway.port, key: 'hf_aTokenOfTheCallersOwn' }, line, headers);
  const withKey = () => requestHead(gateway, 'GET /v1/models');
  const isOpen = ({ socket }: RawClient) => !socket.destroyed && !socket.readableEnded;
  /** Upstream keeps its requests until they are answered by hand. */
  const hold = () => {
    const held: RawRequest[] = [];
    answer = request => void held.push(request);
    return held;
  };
  const count = (text: Buffer, words: string) => text.toString('latin1').split(words).length - 1;

  for (const [who, request] of [
    ['without a credential', anonymous],
    ['with a token of the caller', withToken],
    ['with the key', withKey],
  ] as const) {
    it(`4,000 pipelined requests ${who}: at most 8 are in flight, and all are answered in order`, async () => {
      let most = 0;
      let now = 0;
      let sent = 0;
      answer = ({ socket }) => {
        most = Math.max(most, ++now);
        setImmediate(() => {
          now -= 1;
          socket.write(response(200, JSON.stringify({ number: sent++ })));
        });
      };
      const one = await client();
      one.write(request().repeat(4_000));
      const received = await one.until(bytes => bytes.includes('"number":3999}'));
      assert.equal(count(received, 'HTTP/1.1 200'), 4_000);
      assert.ok(most <= mostRequestsPerConnection, `${most} at once`);
      assert.ok(upstream.connections.length <= mostRequestsPerConnection + 1);
    });
  }

  it('a pipeline whose client leaves gives all its places back', async () => {
    const held = hold();
    const one = await client();
    one.write(anonymous().repeat(100));
    await when(() => held.length === mostRequestsPerConnection);
    one.socket.destroy();
    // nothing is read behind a full pipeline, so the gateway notices at its next writes
    answer = ({ socket }) => socket.write(response(200));
    for (const { socket } of held) socket.write(response(200));
    await clock.settled();
    assert.ok(upstream.requests.length < 50, `${upstream.requests.length} were sent`);
    const others = await clientsOf(mostStrangersUpstream);
    for (const other of others) other.write(anonymous());
    for (const other of others) await other.until('\r\n\r\n{}');
  });

  it('a request with a body that waits behind a full pipeline is read once it is its turn', async () => {
    const held = hold();
    const one = await client();
    const body = JSON.stringify({ model: 'a/b', text: 'x'.repeat(300_000) });
    one.write(withKey().repeat(mostRequestsPerConnection) + rawPost(gateway, { body }));
    await when(() => held.length === mostRequestsPerConnection);
    answer = ({ socket }) => socket.write(response(200, '"last"'));
    for (const { socket } of held) socket.write(response(200));
    await one.until('"last"');
  });

  it('of idle connections without the key 64 stay, and those with the key all', async () => {
    const keyed = await clientsOf(20);
    for (const one of keyed) one.write(withKey());
    for (const one of keyed) await one.until('\r\n\r\n{}');
    const strangers = await clientsOf(3 * mostIdleStrangers);
    const [wrong, own, without, silent] = [
      strangers.slice(0, 20),
      strangers.slice(20, 40),
      strangers.slice(40, 60),
      strangers.slice(60),
    ];
    const wrongKey = requestHead({ port: gateway.port, key: 'hf_headroom_wrong' }, 'GET /v1/models');
    for (const one of wrong) one.write(wrongKey);
    for (const one of own) one.write(withToken());
    for (const one of without) one.write(anonymous());
    for (const one of [...wrong, ...own, ...without]) await one.until('\r\n\r\n{');
    for (let round = 0; round < 3; round++) {
      clock.advance(250);
      await clock.settled();
    }
    await when(() => strangers.filter(isOpen).length <= mostIdleStrangers);
    assert.equal(strangers.filter(isOpen).length, mostIdleStrangers);
    assert.ok(keyed.every(isOpen));
    assert.ok(silent.some(isOpen), 'the newest ones stay');
    for (const one of keyed) {
      one.forget();
      one.write(withKey());
      await one.until('\r\n\r\n{}');
    }
  });

  it('a new connection has time for its first request beside hundreds of others', async () => {
    await clientsOf(100);
    const newcomer = await client();
    await clientsOf(500);
    await clock.settled();
    newcomer.write(withKey());
    await newcomer.until('\r\n\r\n{}');
  });

  it('128 requests without the key are upstream at once, 1,024 wait, and a caller with the key goes past them', async () => {
    const held = hold();
    const all = await clientsOf(mostStrangersUpstream + mostWaitingStrangers + 10);
    for (const [index, one] of all.entries()) one.write(index % 2 ? anonymous() : withToken());
    await when(() => all.filter(one => one.received().includes('too_many_without_key')).length === 10);
    await when(() => held.length === mostStrangersUpstream);
    answer = ({ socket }) => socket.write(response(200));
    assert.equal((await chat(gateway)).status, 200);
    assert.equal(upstream.requests.length, mostStrangersUpstream + 1);
    held[0]?.socket.write(response(200));
    await when(() => upstream.requests.length > mostStrangersUpstream + 1);
  });

  it('a request without the key that waits for 30 s gets a 429', async () => {
    const held = hold();
    const all = await clientsOf(mostStrangersUpstream + 1);
    for (const one of all) one.write(anonymous());
    await when(() => held.length === mostStrangersUpstream);
    await clock.settled();
    for (let tick = 0; tick < 3; tick++) clock.advance(10_000);
    await when(() => all.some(one => one.received().includes('429 Too Many')));
    assert.equal(upstream.requests.length, mostStrangersUpstream);
  });

  it('while a caller with the key is there, 64 requests without it begin at once and then 400 a second', async () => {
    const held = hold();
    void chat(gateway).catch(() => {});
    await when(() => held.length === 1);
    const all = await clientsOf(strangersAtOnce + 30);
    for (const one of all) one.write(anonymous());
    await when(() => held.length === 1 + strangersAtOnce);
    await clock.settled();
    assert.equal(held.length, 1 + strangersAtOnce);
    for (let slice = 1; slice <= 3; slice++) {
      clock.advance(10);
      await clock.settled();
      const begun = strangersAtOnce + (slice * strangersPerSecond) / 100;
      await when(() => held.length >= 1 + begun);
      assert.equal(held.length, 1 + begun);
    }
  });

  it('without a caller with the key, requests without it begin at once', async () => {
    const held = hold();
    const all = await clientsOf(strangersAtOnce + 30);
    for (const one of all) one.write(anonymous());
    await when(() => held.length === all.length);
  });

  it('bodies of callers with a token of their own have a small share of the memory', async () => {
    hold();
    const size = 900_000;
    const posts = Math.ceil(mostStrangerBodyBytes / size) + 5;
    const all = await clientsOf(posts);
    const head = (credential: string) =>
      requestHead({ port: gateway.port, key: credential }, 'POST /v1/chat/completions', [
        'Content-Type: application/json',
        `Content-Length: ${size + 1}`,
      ]);
    const part = `{"model":"a/b","text":"${'x'.repeat(size - 23)}`;
    for (const one of all) one.write(head('hf_aTokenOfTheCallersOwn') + part);
    await when(() => all.some(one => one.received().includes('gateway_busy')));
    answer = ({ socket }) => socket.write(response(200));
    assert.equal((await chat(gateway, { model: 'a/b', text: 'x'.repeat(900_000) })).status, 200);
    assert.equal(upstream.requests.length, 1);
  });

  describe('slow clients:', () => {
    const tick = async () => {
      clock.advance(10_000);
      await clock.settled();
    };

    for (const [who, credential, ticks] of [
      ['with the key', () => gateway.key, 3],
      ['with a token of the caller', () => 'hf_aTokenOfTheCallersOwn', 2],
    ] as const) {
      for (const type of ['application/json', 'audio/wav']) {
        it(`a body (${type}) ${who} that brings a byte in 10 s is cut off after ${ticks}0 s`, async () => {
          const one = await client();
          const key = credential();
          one.write(
            rawPost({ port: gateway.port, key }, { path: '/router/x/y', type, body: '{', length: 99 }),
          );
          await clock.settled();
          let ended = false;
          void one.ended().then(() => {
            ended = true;
          });
          for (let at = 1; at <= ticks; at++) {
            assert.ok(!ended && !one.received().includes('408'), `after ${at - 1} ticks`);
            one.write(' ');
            await clock.settled();
            await tick();
          }
          await when(() => ended || one.received().includes('408'));
        });
      }
    }

    it('a body that waits because the gateway does not read it is not slow', async () => {
      const held = hold();
      upstream.onData = () => upstream.connections[0]?.pause();
      const one = await client();
      const body = 'x'.repeat(12_000_000);
      one.write(rawPost(gateway, { path: '/router/x/y', type: 'audio/wav', body }));
      await stalled(one.socket);
      for (let at = 0; at < 20; at++) await tick();
      assert.ok(isOpen(one));
      upstream.onData = undefined;
      upstream.connections[0]?.resume();
      await when(() => held.length === 1);
      held[0]?.socket.write(response(200));
      await one.until('\r\n\r\n{}');
    });

    for (const [who, request, ticks] of [
      ['without the key is cut off after a minute', anonymous, strangersReaderPatienceTicks],
      ['with the key is cut off after an hour', withKey, readerPatienceTicks],
    ] as const) {
      it(`a client that reads nothing of its response ${who}`, async () => {
        let source: RawRequest['socket'] | undefined;
        answer = ({ socket }) => {
          source = socket;
          socket.write(response(200, '', { 'content-length': '900000000' }));
          const more = () => {
            while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
          };
          socket.on('drain', more);
          more();
        };
        const one = await client();
        one.socket.pause();
        one.write(request());
        await when(() => source !== undefined);
        await stalled(source!);
        await tick();
        for (let at = 1; at < ticks; at++) clock.advance(10_000);
        assert.ok(!source?.destroyed);
        const gone = new Promise(resolve => source?.once('close', resolve));
        await tick();
        await gone;
      });
    }
  });
});
