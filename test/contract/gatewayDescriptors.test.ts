import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Dispatcher } from 'undici';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { longestDescriptorWaitMs } from '../../src/limits/bounds.ts';
import { ManualClock } from './manualClock.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { cliFile, temporaryFolder } from './runCli.ts';
import { chat, errorOf, gatewayTo } from './testGateway.ts';

const limit = 64;

describe('gateway that may open 64 files:', function () {
  this.timeout(60_000);
  const { folder, clean } = temporaryFolder();
  let upstream: Server;
  const streams: ServerResponse[] = [];
  let child: ChildProcess;
  let gateway: { url: string; key: string };
  let output = '';

  before(async function () {
    if (process.platform === 'win32') this.skip();
    upstream = createServer((request, response) => {
      request.resume();
      if (request.url === '/v1/stream') {
        response.write('begun');
        streams.push(response);
        return;
      }
      setTimeout(() => response.end('{"data":[]}'), 100);
    });
    await once(upstream.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const command = `ulimit -n ${limit}; exec "$0" "$1" gateway --json --pacing observe`;
    child = spawn('sh', ['-c', command, process.execPath, cliFile], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        HEADROOM_STATE: folder,
        HF_TOKEN: 'hf_developersOwnTokenOfTheTests',
        HEADROOM_HUB_URL: url,
        HEADROOM_ROUTER_URL: url,
        HEADROOM_ENDPOINTS_URL: url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const [line] = await once(createInterface({ input: child.stdout! }), 'line');
    gateway = JSON.parse(String(line)) as { url: string; key: string };
  });
  after(() => {
    child?.kill('SIGKILL');
    upstream?.close();
    upstream?.closeAllConnections();
    clean();
  });

  const get = async () => {
    const response = await fetch(`${gateway.url}/v1/models`, {
      headers: { authorization: `Bearer ${gateway.key}`, connection: 'close' },
    });
    return { status: response.status, text: await response.text() };
  };
  const descriptors = () => readdirSync(`/proc/${child.pid}/fd`).length;

  it('requests on as many connections as it takes wait for descriptors: each gets its answer, none a 502', async () => {
    assert.equal((await get()).status, 200);
    const answers = await Promise.all(Array.from({ length: 22 }, get));
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200),
      [],
    );
  });

  it('150 more callers at once: each gets its answer or a 503 that says when to try again, and streams go on', async () => {
    const send = (path: string) => {
      const { hostname, port } = new URL(gateway.url);
      const socket = connect(Number(port), hostname).setEncoding('latin1');
      const received = { text: '', closed: new Promise(resolve => socket.once('close', resolve)) };
      socket.on('data', text => (received.text += text)).on('error', () => {});
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${gateway.key}\r\nconnection: close\r\n\r\n`,
      );
      return received;
    };
    const open = Array.from({ length: 3 }, () => send('/v1/stream'));
    while (!open.every(({ text }) => text.includes('begun'))) await new Promise(setImmediate);
    const answers = Array.from({ length: 150 }, () => send('/v1/models'));
    await Promise.all(answers.map(({ closed }) => closed));
    for (const { text } of answers) {
      assert.match(text, /^HTTP\/1\.1 (?:200 OK|503 Service Unavailable.*\r\nretry-after: 1\r\n)/s);
    }
    for (const stream of streams) stream.end('ended');
    await Promise.all(open.map(({ closed }) => closed));
    for (const { text } of open) assert.match(text, /ended/);
  });

  it('100 idle connections without the key: callers with the key are served', async () => {
    const idle = Array.from({ length: 100 }, () => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      socket.on('error', () => {});
      return socket.resume();
    });
    await Promise.all(
      idle.map(socket => new Promise(resolve => socket.once('close', resolve).once('connect', resolve))),
    );
    let answered = false;
    for (let tries = 0; tries < 50 && !answered; tries++) {
      answered = await get().then(
        ({ status }) => status === 200,
        () => false,
      );
      if (!answered) await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.ok(answered);
    for (const socket of idle) socket.destroy();
  });

  it('the log says the limit once', () => {
    assert.equal(output.split('ulimit -n').length, 2, output);
    assert.match(output, new RegExp(`limit for open files is ${limit} `));
  });

  it('descriptors return to what they were', async function () {
    if (process.platform !== 'linux') this.skip();
    const before = descriptors();
    await Promise.all(Array.from({ length: 15 }, get));
    // undici keeps idle connections for 4 s
    while (descriptors() > before) await new Promise(resolve => setTimeout(resolve, 100));
  });
});

describe('gateway that may open too few files:', () => {
  for (const few of [26, 41]) {
    it(`${few}: does not start, says why and what to do, exit code 1`, function () {
      if (process.platform !== 'linux') this.skip();
      const { folder, clean } = temporaryFolder();
      const command = `ulimit -n ${few}; exec "$0" "$1" gateway --json`;
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, cliFile], {
        env: { PATH: process.env.PATH ?? '', HOME: folder, HEADROOM_STATE: folder },
        encoding: 'utf8',
      });
      clean();
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' }, stderr);
      assert.match(
        stderr,
        new RegExp(
          `^headroom: the gateway could not start: .* ${few} files .* needs 42\\. .*ulimit -n 1024`,
          'm',
        ),
      );
    });
  }
});

describe('gateway without a free descriptor:', () => {
  const failing = (times: number) => {
    let left = times;
    return createDispatcher({}).compose(dispatch => (options, handler) => {
      if (left-- <= 0) return dispatch(options, handler);
      const error = Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' });
      queueMicrotask(() => handler.onResponseError?.(controller, error));
      return true;
    });
  };
  let upstream: RawUpstream;
  let clock: ManualClock;
  before(async () => {
    upstream = await rawUpstream(({ socket }) => socket.write(response(200)));
  });
  after(() => upstream.close());
  beforeEach(() => {
    clock = new ManualClock();
  });

  it('a request waits until there is one, and the log says so once', async () => {
    const gateway = await gatewayTo(upstream.url, { clock, dispatcher: failing(20) });
    assert.equal((await clock.result(chat(gateway))).status, 200);
    assert.equal(gateway.lines.filter(line => line.includes('no connection to upstream')).length, 1);
    await gateway.stop();
  });

  it('after a minute it gets a 503 that says why', async () => {
    const gateway = await gatewayTo(upstream.url, { clock, dispatcher: failing(1e9) });
    const began = clock.now();
    const answer = await clock.result(chat(gateway));
    assert.equal(answer.status, 503);
    assert.equal((await errorOf(answer)).code, 'gateway_descriptors');
    assert.ok(clock.now() - began >= longestDescriptorWaitMs);
    await gateway.stop();
  });
});

/** undici makes one for each request; no request was begun here. */
const controller = {} as Dispatcher.DispatchController;
