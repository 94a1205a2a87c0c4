import assert from 'node:assert/strict';
import { requestCount } from '../../src/hub/endpointMetrics.ts';
import { parseServers } from '../../src/hub/servers.ts';
import { mostCountedEndpoints, mostMetricsBytes } from '../../src/limits/bounds.ts';
import { replicaIds } from '../emulator/endpoints/metrics.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import {
  type AccountSetup,
  hour,
  minute,
  second,
  sessionOf,
  type Window,
  withAccount,
} from './accountSetup.ts';
import { call } from './emulatorCalls.ts';
import { failure, listen, tapped } from './hubServer.ts';

const chat = { namespace: 'acme', name: 'chat-eu' };
const bert = { namespace: 'ada', name: 'bert-prod' };
const metricsOf = ({ namespace, name }: typeof chat) => `/v2/endpoint/${namespace}/${name}/open-metrics`;
const ask = (emulator: Emulator) => call(emulator, `${emulator.endpointsUrl}/serve/acme/chat-eu/predict`);

describe('the requests of an endpoint, as Hugging Face counts them', () => {
  let emulator: Emulator;
  let http: ReturnType<typeof tapped>;
  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
  });
  after(() => emulator.close());
  beforeEach(() => {
    emulator.world.load('pro');
    http = tapped();
  });
  afterEach(async () => {
    emulator.world.faults = [];
    await http.close();
  });

  const count = (endpoint = chat, token: string = tokens.ada, servers = parseServers(emulator)) =>
    requestCount({ http, servers, token }, endpoint);
  const state = () => emulator.world.state.endpoints['acme/chat-eu'] ?? assert.fail();

  it('rise with each request, and name the replicas', async () => {
    assert.deepEqual(await count(), { requests: 0, replicas: '' });
    await ask(emulator);
    await ask(emulator);
    assert.deepEqual(await count(), { requests: 2, replicas: replicaIds('acme/chat-eu', state()).join(' ') });
  });

  it('are refused to other plans and tokens, and for an endpoint that is gone', async () => {
    await failure(count(bert), 'missing-permission');
    await failure(count(chat, tokens.adaNothing), 'missing-permission');
    await failure(count({ ...chat, name: 'gone' }), 'not-found');
    await failure(count(chat, 'hf_unknown'), 'missing-permission');
    assert.ok(http.seen.every(({ isProbe }) => isProbe));
  });

  it('are limited, refused and cut off like any other call', async () => {
    const fault = { path: metricsOf(chat), count: 1 };
    for (const [kind, expected] of [
      [{ kind: 'status', status: 429 }, 'rate-limited'],
      [{ kind: 'status', status: 503 }, 'server-error'],
      [{ kind: 'half-body' }, 'truncated'],
    ] as const) {
      emulator.world.faults = [{ ...fault, ...kind }];
      await failure(count(), expected);
    }
  });

  it('are unknown in an answer beyond a MiB, and in one of another kind', async () => {
    const answers = ['# nothing\n', 'x'.repeat(mostMetricsBytes + 1)];
    const server = await listen((_request, response) => response.end(answers.shift()));
    const servers = { ...parseServers(emulator), endpointsUrl: server.url };
    assert.equal(await count(chat, tokens.ada, servers), undefined);
    await failure(count(chat, tokens.ada, servers), 'too-large');
    await server.close();
  });
});

describe('an account’s endpoints: their use', () => {
  const idleMs = ({ snapshot }: Window) => {
    const { history } = snapshot.endpointUse?.find(({ name }) => name === 'chat-eu') ?? {};
    return history && history.readAt - history.since;
  };
  const asked = (setup: AccountSetup, endpoint = chat) => setup.received(metricsOf(endpoint)).length;
  const focused = async (setup: AccountSetup) => {
    const window = await setup.started();
    window.service.setAttention('focused');
    await setup.clock.advance(minute);
    return window;
  };

  it('is read every 10 minutes in a focused window, hourly in others, and for no refresh', () =>
    withAccount({}, async setup => {
      const window = await focused(setup);
      assert.equal(asked(setup), 1);
      await setup.refresh(window);
      await setup.clock.advance(9 * minute - second);
      assert.equal(asked(setup), 1);
      await setup.clock.advance(51 * minute);
      assert.ok(asked(setup) >= 5 && asked(setup) <= 6, `${asked(setup)} in an hour`);
      window.service.setAttention('idle');
      setup.forgetRequests();
      await setup.clock.advance(12 * hour);
      assert.ok(asked(setup) >= 10 && asked(setup) <= 12, `${asked(setup)} in 12 hours`);
    })).timeout(20_000);

  it('grows until a request comes, over restarts, windows and sleep', () =>
    withAccount({}, async setup => {
      await ask(setup.emulator);
      const first = await focused(setup);
      await setup.clock.advance(hour);
      assert.ok((idleMs(first) ?? 0) >= 45 * minute);
      await first.close();
      setup.clock.jump(8 * hour);
      const second = await focused(setup);
      const other = await setup.started();
      assert.ok((idleMs(second) ?? 0) >= 8 * hour, 'nothing came while the machine slept');
      assert.equal(idleMs(other), idleMs(second));
      await ask(setup.emulator);
      await setup.clock.advance(12 * minute);
      assert.equal(idleMs(second), 0);
    })).timeout(20_000);

  it('begins anew when the endpoint was stopped', () =>
    withAccount({}, async setup => {
      const window = await focused(setup);
      await setup.clock.advance(hour);
      setup.emulator.world.patch({ endpoints: { 'acme/chat-eu': { state: 'paused' } } });
      await setup.clock.advance(20 * minute);
      assert.equal(idleMs(window), undefined);
      const before = asked(setup);
      setup.emulator.world.patch({ endpoints: { 'acme/chat-eu': { state: 'running' } } });
      await setup.clock.advance(20 * minute);
      assert.ok(asked(setup) > before);
      assert.ok((idleMs(window) ?? hour) <= 20 * minute);
    })).timeout(20_000);

  it('is by Hugging Face’s clock: one here that is set anew changes nothing', () =>
    withAccount({}, async setup => {
      const window = await focused(setup);
      await setup.clock.advance(hour);
      const before = idleMs(window) ?? 0;
      setup.clock.jump(5 * hour);
      setup.emulator.world.clock.skewMs = -5 * hour;
      await setup.clock.advance(25 * minute);
      const after = idleMs(window) ?? 0;
      assert.ok(after >= before && after <= before + hour, `${before / minute} and ${after / minute} min`);
    })).timeout(20_000);

  it('without a plan that has it: asked once a day, and no word to anyone', () =>
    withAccount({}, async setup => {
      const window = await focused(setup);
      await setup.clock.advance(23 * hour);
      assert.equal(asked(setup, bert), 1);
      assert.ok(asked(setup) > 100, 'the other namespace has it');
      await setup.clock.advance(2 * hour);
      assert.equal(asked(setup, bert), 2);
      assert.deepEqual(window.snapshot.refusals, []);
      assert.deepEqual([...window.service.problems], []);
      assert.ok(!window.logged.some(line => line.includes('endpoint-use failed')));
    })).timeout(30_000);

  it('without it anywhere, or for a 404: the same', () =>
    withAccount({}, async setup => {
      setup.fault({ kind: 'status', status: 404, path: metricsOf(chat) });
      const window = await focused(setup);
      await setup.clock.advance(5 * hour);
      assert.deepEqual([asked(setup), asked(setup, bert)], [1, 1]);
      assert.deepEqual([window.snapshot.refusals, [...window.service.problems]], [[], []]);
    })).timeout(20_000);

  it('is asked again at once for a new token', () =>
    withAccount({}, async setup => {
      const window = await focused(setup);
      await setup.clock.advance(hour);
      const other = 'hf_emulator_another_of_ada';
      const { [tokens.ada]: token } = setup.emulator.world.state.tokens;
      setup.emulator.world.patch({ tokens: { [other]: { ...token } } });
      setup.session = sessionOf(other);
      await setup.clock.until(window.service.followSession());
      await setup.clock.advance(minute);
      assert.equal(asked(setup, bert), 2);
    })).timeout(20_000);

  it('one that was deleted a moment ago hides no other of its namespace', () =>
    withAccount({}, async setup => {
      const { endpoints } = setup.emulator.world.state;
      const template = endpoints['acme/chat-eu'] ?? assert.fail();
      endpoints['acme/gone'] = structuredClone(template);
      setup.fault({ kind: 'status', status: 404, path: metricsOf({ ...chat, name: 'gone' }) });
      await focused(setup);
      await setup.clock.advance(30 * minute);
      assert.ok(asked(setup) >= 3);
    }));

  it('a 429 is waited for, and a server’s error of one hides no other', () =>
    withAccount({}, async setup => {
      setup.fault({
        kind: 'status',
        status: 429,
        headers: { 'retry-after': '1800' },
        path: metricsOf(chat),
        count: 1,
      });
      const window = await focused(setup);
      await setup.clock.advance(28 * minute);
      assert.equal(asked(setup), 1);
      await setup.clock.advance(5 * minute);
      assert.equal(asked(setup), 2);
      setup.fault({ kind: 'status', status: 500, path: metricsOf(bert) });
      assert.equal(idleMs(window), 0);
      await setup.clock.advance(hour);
      assert.ok((idleMs(window) ?? 0) > 40 * minute);
    })).timeout(20_000);

  it('of the only endpoint, deleted after it was read, mutes no later one', () =>
    withAccount({}, async setup => {
      await focused(setup);
      setup.fault({ kind: 'status', status: 404, path: metricsOf(chat) });
      await setup.clock.advance(35 * minute);
      assert.ok(asked(setup) >= 4);
    })).timeout(20_000);

  it('of many endpoints is read in turns, also when some always fail', () =>
    withAccount({}, async setup => {
      const { endpoints } = setup.emulator.world.state;
      const template = endpoints['acme/chat-eu'] ?? assert.fail();
      for (let number = 1; number <= 9; number++) endpoints[`acme/e${number}`] = structuredClone(template);
      for (let number = 1; number <= mostCountedEndpoints; number++) {
        setup.fault({ kind: 'status', status: 400, path: metricsOf({ ...chat, name: `e${number}` }) });
      }
      const paths = () => setup.received('/v2/endpoint/acme/').filter(path => path.endsWith('open-metrics'));
      await focused(setup);
      assert.ok(paths().length <= mostCountedEndpoints);
      await setup.clock.advance(40 * minute);
      assert.equal(new Set(paths()).size, 10);
      assert.ok(paths().length <= 5 * mostCountedEndpoints);
    })).timeout(20_000);
});
