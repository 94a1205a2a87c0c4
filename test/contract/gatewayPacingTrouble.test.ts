import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Agent } from 'undici';
import { GatewayRig, window } from './gatewayRig.ts';
import { rawClient, requestHead } from './rawClient.ts';
import { response } from './rawUpstream.ts';
import { chat } from './testGateway.ts';

describe('What is long, in front of a limit', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  const put = (length: number) => {
    const headers = ['Content-Type: application/octet-stream', `Content-Length: ${length}`];
    return requestHead(rig.gateway.port, 'PUT /hub/api/models', headers);
  };

  it('is a stream as well: it has its place in a limit of concurrency until it ends', async () => {
    const full = '{"error":{"message":"Too many concurrent requests"}}';
    let open = 0;
    const streams: Socket[] = [];
    rig.answer = ({ socket }) => {
      if (open === 2) return response(429, full, { 'x-inference-provider': 'together' });
      open += 1;
      streams.push(socket);
      return 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n7\r\ndata: 1\r\n';
    };
    const asked = [1, 2, 3].map(() => chat(rig.gateway, { model: 'acme/Model-7B', stream: true }));
    await rig.reached(3);
    await rig.waiting(1);
    await rig.pass(20_000);
    assert.equal(rig.arrived.length, 3, 'two streams are still open');
    open -= 1;
    streams[0]?.write('0\r\n\r\n');
    await rig.pass(200);
    await rig.reached(4);
    for (const stream of streams.slice(1)) stream.write('0\r\n\r\n');
    const answers = await Promise.all(asked);
    assert.deepEqual(await Promise.all(answers.map(answer => answer.text())), [
      'data: 1',
      'data: 1',
      'data: 1',
    ]);
  });

  for (const [name, answer, status] of [
    ['early hints and no content', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', 204],
    ['not modified', 'HTTP/1.1 304 Not Modified\r\n\r\n', 304],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      200,
    ],
    ['no HTTP at all', 'what?\r\n\r\n', 502],
  ] as const) {
    it(`keeps nobody waiting when the one that tries first is answered with ${name}`, async () => {
      rig.answer = () => response(200, '{}', window(0, 5));
      await rig.status('/hub/api/models');
      const [first, second] = [rig.status('/hub/api/models?1'), rig.status('/hub/api/models?2')];
      await rig.waiting(2);
      rig.answer = () => {
        rig.answer = () => response(200, '{}', window(900, 300));
        return answer;
      };
      await rig.pass(5_250);
      // what ended without an answer may be asked for again
      await rig.pass(1);
      assert.deepEqual([await first, await second].sort(), [200, status].sort());
    });
  }

  it('frees its place when a client goes away in the middle of its upload', async () => {
    rig.answer = () => response(200, '{}', window(0, 5));
    await rig.status('/hub/api/models');
    const client = await rawClient(rig.gateway.port);
    client.write(put(99_999_999));
    // a connection that is not read, as one whose buffers are full, does not tell that it has ended
    client.write(Buffer.alloc(1_000));
    await rig.waiting(1);
    client.socket.resetAndDestroy();
    await rig.waiting(0);
  });

  it('has its upload unread until it goes, and all of it arrives', async () => {
    rig.answer = () => response(200, '{}', window(0, 5));
    await rig.status('/hub/api/models');
    const body = Buffer.alloc(8 * 1024 * 1024, 'Headroom');
    rig.answer = () => response(200, '{}', window(900, 300));
    const client = await rawClient(rig.gateway.port);
    client.write(put(body.length));
    client.write(body);
    // an upload has a lane of its own, in front of the same window
    await rig.waiting(1);
    await rig.quiet();
    assert.ok(client.socket.writableLength > 0, 'the client is held back');
    rig.clock.advance(5_250);
    await client.until('200 Some Words');
    assert.ok(rig.arrived[1]?.body.equals(body));
  });
});

describe('When pacing itself fails', () => {
  it('nobody is held, and it is in the log', async () => {
    let fails = false;
    const rig = await GatewayRig.start({
      random() {
        if (fails) throw new Error('no more luck');
        return 0.5;
      },
    });
    try {
      rig.answer = () => response(200, '{}', window(0, 5));
      await rig.status('/hub/api/models');
      const held = [1, 2].map(() => rig.status('/hub/api/models'));
      await rig.waiting(2);
      fails = true;
      rig.answer = () => response(200, '{}', window(3, 300, 'pages'));
      assert.equal(await rig.status('/hub/acme'), 200);
      assert.deepEqual(await Promise.all(held), [200, 200]);
      assert.equal(await rig.status('/hub/api/models'), 200);
      assert.match(rig.gateway.lines.join('\n'), /pacing failed, nobody is held any more: no more luck/);
      await rig.waiting(0);
    } finally {
      await rig.stop();
    }
  });

  it('a way upstream that throws costs the one request only', async () => {
    const agent = new Agent();
    let throws = false;
    const rig = await GatewayRig.start({
      dispatcher: Object.assign(Object.create(agent), {
        dispatch(...its: Parameters<typeof agent.dispatch>) {
          if (throws) throw new Error('broken');
          return agent.dispatch(...its);
        },
        destroy: () => agent.destroy(),
      }),
    });
    try {
      rig.answer = () => response(200, '{}', window(0, 5));
      await rig.status('/hub/api/models');
      const held = [1, 2].map(() => rig.status('/hub/api/models'));
      await rig.waiting(2);
      throws = true;
      rig.clock.advance(5_250);
      assert.deepEqual(await Promise.all(held), [502, 502]);
      throws = false;
      assert.equal(await rig.status('/hub/api/models'), 200);
    } finally {
      await rig.stop();
    }
  });
});
