import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { readLiveUsage } from '../../src/hub/liveUsage.ts';
import { huggingFaceServers, parseServers, type Servers } from '../../src/hub/servers.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { failure, html, json, listen, type TestServer, tapped } from './hubServer.ts';

const inference = { usedNanoUsd: 5, includedNanoUsd: 10 };
const rateLimits = { instant: { api: { used: 1, limit: 9 } }, blockedPastWeek: 0 };
const event = (data: unknown) => `event: usage\ndata: ${JSON.stringify(data)}\n\n`;

describe('live usage stream', () => {
  /** The response of each connection; the last one serves all further connections. */
  let connections: ((response: ServerResponse) => void)[];
  let server: TestServer;
  let servers: Servers;
  let http: ReturnType<typeof tapped>;
  const closed: Promise<void>[] = [];

  beforeEach(async () => {
    closed.length = 0;
    server = await listen((request, response) => {
      closed.push(new Promise(resolve => response.on('close', resolve)));
      const next = connections.length > 1 ? connections.shift() : connections[0];
      if (next === undefined) throw new Error(`unexpected ${request.url}`);
      next(response);
    });
    servers = { ...huggingFaceServers, hubUrl: server.url };
    http = tapped();
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  const stream =
    (...writes: string[]) =>
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.flushHeaders();
      for (const write of writes) response.write(write);
    };
  const read = (maxMs = 5_000, signal?: AbortSignal) =>
    readLiveUsage({ http, servers, token: 't', signal }, maxMs);

  it('ends with the first complete snapshot and closes the connection', async () => {
    connections = [stream(event({ inference, rateLimits, zeroGpu: { base: 3, current: 2 } }))];
    const live = await read();
    assert.equal(live.credits?.usedNanoUsd, 5);
    assert.deepEqual(live.zeroGpu, { totalSeconds: 3, remainingSeconds: 2 });
    assert.equal(live.windows?.[0]?.remaining, 8);
    assert.equal(live.windows?.[0]?.source, 'gauge');
    assert.equal(live.blockedPastWeek, 0);
    assert.deepEqual(live.problems, []);
    await closed[0];
    assert.equal(server.requests[0]?.headers.accept, 'text/event-stream');
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer t');
    assert.equal(server.requests[0]?.url, '/api/settings/billing/usage/live');
    assert.equal(http.seen[0]?.status, 200);
  });

  it('merges partial events and ignores keep-alives', async () => {
    connections = [
      stream(
        event({ jobs: { usedMicroUsd: 1 }, inference: { usedNanoUsd: 4 } }),
        ': hello\n\nevent: ping\ndata: {"at":1}\n\nevent: count\ndata: {"inference":{"usedNanoUsd":99}}\n\n',
        event({ inference }).slice(0, 30),
        event({ inference }).slice(30),
        event({ rateLimits }),
      ),
    ];
    const live = await read();
    assert.equal(live.credits?.usedNanoUsd, 5);
    assert.equal(live.credits?.otherSpend.jobs, 1000);
    assert.equal(live.windows?.length, 1);
  });

  it('reads an event without a name, and characters cut in two', async () => {
    const bytes = Buffer.from(
      `data: ${JSON.stringify({ inference, rateLimits: { instant: { ä: { used: 1, limit: 9 } } } })}\n\n`,
    );
    const cut = bytes.indexOf(0xc3) + 1;
    connections = [
      response => {
        stream()(response);
        response.write(bytes.subarray(0, cut));
        // Lets the first half arrive alone; if it is late, both arrive as one, and the test passes.
        setTimeout(() => response.write(bytes.subarray(cut)), 20);
      },
    ];
    assert.equal((await read()).windows?.[0]?.bucket, 'ä');
  });

  it('returns the parts that came by the time limit', async () => {
    connections = [stream(event({ inference }))];
    const live = await read(150);
    assert.equal(live.credits?.usedNanoUsd, 5);
    assert.equal(live.windows, undefined);
    assert.deepEqual(live.problems, []);
  });

  it('drops a connection that stalls, and opens a second one', async () => {
    connections = [stream(': nothing\n\n'), stream(event({ inference, rateLimits }))];
    const live = await read(600);
    assert.equal(live.credits?.usedNanoUsd, 5);
    assert.equal(server.requests.length, 2);
  });

  it('opens a second connection when the first ends without an event', async () => {
    connections = [
      response => {
        stream()(response);
        response.end();
      },
      stream(event({ inference, rateLimits })),
    ];
    assert.equal((await read()).credits?.usedNanoUsd, 5);
  });

  it('fails with timeout after two connections without an event', async () => {
    connections = [stream(': nothing\n\n')];
    await failure(read(300), 'timeout');
    assert.equal(server.requests.length, 2);
  });

  it('opens no second connection after a refusal', async () => {
    connections = [response => json(403, { error: 'No.' })({} as never, response as never)];
    await failure(read(), 'missing-permission');
    connections = [response => html(200)({} as never, response as never)];
    await failure(read(), 'not-json');
    assert.equal(server.requests.length, 2);
  });

  it('reports malformed events and parts, and keeps the rest', async () => {
    connections = [
      stream(
        'event: usage\ndata: {"inf\n\n',
        event([1]),
        event({ inference: { usedNanoUsd: '5' }, rateLimits }),
      ),
    ];
    const live = await read();
    assert.equal(live.credits, undefined);
    assert.equal(live.windows?.length, 1);
    assert.deepEqual(
      live.problems.map(({ kind, details }) => [kind, details.field]),
      [
        ['not-json', undefined],
        ['format-changed', 'usage event'],
        ['format-changed', 'inference.usedNanoUsd'],
      ],
    );
  });

  it('fails with not-json when all events were malformed', async () => {
    connections = [stream('event: usage\ndata: {"inf\n\n')];
    await failure(read(150), 'not-json');
  });

  it('returns the parts that came before the connection broke, with the problem', async () => {
    connections = [
      response => {
        stream()(response);
        response.write(event({ inference }), () => response.destroy());
      },
    ];
    const live = await read();
    assert.equal(live.credits?.usedNanoUsd, 5);
    assert.deepEqual(
      live.problems.map(({ kind }) => kind),
      ['truncated'],
    );
  });

  it('ends after 1 MiB with the problem too-large', async () => {
    connections = [stream(event({ inference }), `: ${'x'.repeat(1024 * 1024)}\n\n`)];
    const live = await read();
    assert.equal(live.credits?.usedNanoUsd, 5);
    assert.equal(live.problems[0]?.kind, 'too-large');
  });

  it('is aborted by the caller', async () => {
    const controller = new AbortController();
    connections = [
      response => {
        stream(event({ inference }))(response);
        setImmediate(() => controller.abort());
      },
    ];
    await failure(read(5_000, controller.signal), 'aborted');
    await closed[0];
  });

  describe('of the emulator', () => {
    let emulator: Emulator;
    before(async () => {
      emulator = await startEmulator({ patch: { live: { intervalMs: 60 } } });
    });
    after(() => emulator.close());

    it('has every part', async () => {
      const live = await readLiveUsage({ http, servers: parseServers(emulator), token: tokens.ada });
      assert.ok(live.credits && live.zeroGpu && live.windows && live.credits.otherSpend.jobs !== undefined);
      assert.equal(live.blockedPastWeek, 3);
      assert.deepEqual(live.problems, []);
    });
  });
});
