import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import type { GatewayConfig, GatewayEvent } from '../../src/gateway/options.ts';
import type { GatewaySetup } from '../../src/ui/gateway/gatewayChild.ts';
import { GatewayProcess } from '../../src/ui/gateway/gatewayProcess.ts';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { filesWith, temporaryFolder } from './runCli.ts';

const key = `hf_headroom_${'k'.repeat(32)}`;

describe('gateway process:', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  let folder: string;
  let clean: () => void;
  let setup: GatewaySetup;
  let port: number;
  let givenUp: string[];
  let held: string[];
  let events: GatewayEvent[];
  let logged: string[];
  let gateway: GatewayProcess;

  beforeEach(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    ({ folder, clean } = temporaryFolder());
    port = 0;
    givenUp = [];
    held = [];
    events = [];
    logged = [];
    setup = { config: config(), network: {} };
    gateway = create();
  });
  afterEach(async () => {
    await gateway.stop();
    gateway.dispose();
    await emulator.close();
    clean();
  });

  const config = (more: Partial<GatewayConfig> = {}): GatewayConfig => ({
    token: tokens.ada,
    keys: {},
    servers: emulator,
    providerUrls: {},
    profile: { kind: 'personal' },
    failover: [],
    sessionId: 'session',
    longestWaitMs: 0,
    pacing: 'pace',
    ...more,
  });
  const log = (message: string) => void logged.push(message);
  const create = (more: Partial<ConstructorParameters<typeof GatewayProcess>[0]> = {}) =>
    new GatewayProcess({
      file: 'src/cli/main.ts',
      state: path.join(folder, 'state'),
      userAgent: 'headroom/test',
      environment: { ...process.env, HF_TOKEN: 'hf_of_the_environment' },
      key: async () => key,
      port: {
        get: () => port,
        set: value => {
          port = value;
        },
      },
      setup: async () => setup,
      log: { debug: log, info: log, warn: log, error: log },
      onEvent: event => events.push(event),
      onGivenUp: message => givenUp.push(message),
      onSuspended: message => held.push(message),
      ...more,
    });
  const models = async (url: string) =>
    (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  const chat = async (url: string) => {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'openai/gpt-oss-120b', messages: [] }),
    });
    await answer.text();
    return answer.status;
  };
  const bills = async (url: string, organization: string) => {
    // the channel is in order, but a request may overtake it
    for (let tries = 0; tries < 50 && last()?.headers['x-hf-bill-to'] !== organization; tries++) {
      await chat(url);
    }
    assert.equal(last()?.headers['x-hf-bill-to'], organization);
  };
  const last = () => emulator.requests().findLast(({ path: asked }) => asked.startsWith('/v1/'));
  const doorChanged = (probe: () => boolean) =>
    new Promise<void>(resolve => {
      if (probe()) return resolve();
      const listening = gateway.onDidChange(() => {
        if (!probe()) return;
        listening.dispose();
        resolve();
      });
    });
  const kill = () => process.kill(gateway.pid ?? 0, 'SIGKILL');

  it('concurrent starts fork one process, which serves with the configuration from IPC', async () => {
    const [one, other] = await Promise.all([gateway.start(), gateway.start()]);
    assert.deepEqual(one, other);
    assert.equal(one.key, key);
    assert.equal(await models(one.url), 200);
    assert.equal(last()?.headers.authorization, `Bearer ${tokens.ada}`);
    assert.equal(port, Number(new URL(one.url).port));
  });

  it('configuration changes reach the process', async () => {
    const { url } = await gateway.start();
    await models(url);
    assert.equal(last()?.headers['x-hf-bill-to'], undefined);
    setup = { ...setup, config: config({ profile: { kind: 'organization', name: 'acme' } }) };
    await gateway.push();
    await bills(url, 'acme');
  });

  it('it is stopped when the new configuration fails, and restarts at its address with the next one', async () => {
    const { url } = await gateway.start();
    const good = setup;
    await gateway.stop();
    gateway.dispose();
    let failure: Error | undefined;
    const failing = async () => {
      if (failure) throw failure;
      return setup;
    };
    gateway = create({ setup: failing });
    await gateway.start();
    failure = new Error('routerUrl is not a URL');
    await gateway.push();
    await gateway.push();
    await assert.rejects(models(url));
    assert.deepEqual(
      [gateway.address, gateway.suspended, held],
      [undefined, true, ['routerUrl is not a URL']],
    );
    assert.deepEqual(givenUp, []);
    failure = undefined;
    setup = { ...good, config: config({ profile: { kind: 'organization', name: 'acme' } }) };
    await gateway.push();
    assert.equal(gateway.suspended, false);
    assert.equal(gateway.address?.url, url);
    await bills(url, 'acme');
  });

  it('it stays stopped after stop(), also when a configuration arrives later', async () => {
    let fails = false;
    gateway = create({ setup: () => (fails ? Promise.reject(new Error('no')) : Promise.resolve(setup)) });
    await gateway.start();
    fails = true;
    await gateway.push();
    await gateway.stop();
    fails = false;
    await gateway.push();
    assert.deepEqual([gateway.suspended, gateway.address], [false, undefined]);
  });

  it('a newer configuration reaches the process; an older one that resolves later does not', async () => {
    const answers: ((answer: GatewaySetup) => void)[] = [];
    let hangs = false;
    gateway = create({
      setup: () => (hangs ? new Promise(resolve => answers.push(resolve)) : Promise.resolve(setup)),
    });
    const { url } = await gateway.start();
    const before = setup;
    hangs = true;
    const first = gateway.push();
    hangs = false;
    setup = { ...setup, config: config({ profile: { kind: 'organization', name: 'acme' } }) };
    await gateway.push();
    await bills(url, 'acme');
    answers[0]?.(before);
    await first;
    for (let tries = 0; tries < 5; tries++) await chat(url);
    assert.equal(last()?.headers['x-hf-bill-to'], 'acme');
  });

  it('it is stopped when the configuration does not resolve in time', async () => {
    let hangs = false;
    gateway = create({
      setup: () => (hangs ? new Promise(() => undefined) : Promise.resolve(setup)),
      setupTimeoutMs: 20,
    });
    const { url } = await gateway.start();
    hangs = true;
    await gateway.push();
    await assert.rejects(models(url));
    assert.deepEqual(held, ['No answer within 0.02 s.']);
  });

  it('after a crash, it restarts with the same address and key', async () => {
    const { url } = await gateway.start();
    const first = gateway.pid;
    kill();
    await doorChanged(() => gateway.address === undefined);
    await doorChanged(() => gateway.address !== undefined);
    assert.deepEqual(gateway.address, { url, key });
    assert.notEqual(gateway.pid, first);
    assert.equal(await models(url), 200);
  });

  it('after too many crashes, it stays stopped with one message, until the next start', async () => {
    gateway = create({ firstDelayMs: 1 });
    await gateway.start();
    for (let crashes = 0; crashes < 6; crashes++) {
      await doorChanged(() => gateway.address !== undefined);
      kill();
      await doorChanged(() => gateway.address === undefined);
    }
    assert.deepEqual(givenUp, ['it ended with SIGKILL']);
    assert.equal(gateway.crashed, true);
    const { url } = await gateway.restart();
    assert.equal(await models(url), 200);
    assert.equal(gateway.crashed, false);
  });

  it('it stays stopped when no configuration resolves after a crash', async () => {
    let well = true;
    const told = new Promise<string>(resolve => {
      gateway = create({
        firstDelayMs: 1,
        setup: async () => (well ? setup : Promise.reject(new Error('not now'))),
        onGivenUp: resolve,
      });
    });
    await gateway.start();
    well = false;
    kill();
    await doorChanged(() => gateway.address === undefined);
    assert.equal(gateway.crashed, true);
    await assert.rejects(gateway.start(), /not now/);
    assert.equal(await told, 'not now');
  });

  it('it uses another port while its own is taken, and its own the next time', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => other.once('listening', resolve));
    port = (other.address() as net.AddressInfo).port;
    const taken = port;
    const { url } = await gateway.start().finally(() => other.close());
    assert.notEqual(Number(new URL(url).port), taken);
    assert.equal((await gateway.restart()).url, url);
    assert.equal(port, taken);
    await gateway.stop();
    gateway = create();
    assert.equal((await gateway.start()).url, `http://127.0.0.1:${taken}`);
  });

  it('the next window uses the same address and key', async () => {
    const { url } = await gateway.start();
    await gateway.stop();
    await assert.rejects(models(url));
    gateway = create();
    assert.equal((await gateway.start()).url, url);
  });

  it('it exits with the window, without a crash report', async () => {
    const { url } = await gateway.start();
    const { pid } = gateway;
    gateway.dispose();
    await assert.rejects(gateway.start(), /closing/);
    for (let tries = 0; tries < 100 && isRunning(pid); tries++) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.equal(isRunning(pid), false);
    await assert.rejects(models(url));
    assert.deepEqual(givenUp, []);
  });

  it('a failed start has a reason', async () => {
    gateway = create({ file: 'src/cli/no-such-file.ts' });
    await assert.rejects(gateway.start(), /The gateway ended with 1/);
    gateway = create({ setup: () => Promise.reject(new Error('providerUrls.groq is not a URL')) });
    await assert.rejects(gateway.start(), /providerUrls\.groq is not a URL/);
    assert.equal(gateway.address, undefined);
  });

  it('refusals are reported over IPC', async () => {
    const { url } = await gateway.start();
    emulator.world.faults.push({ kind: 'status', status: 429, server: 'router', path: '/v1/models' });
    assert.equal(await models(url), 429);
    for (let tries = 0; tries < 100 && events.length === 0; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    assert.equal(events[0]?.kind, 'refusal');
  });

  it('held requests are reported, released and cancelled over IPC', async () => {
    const [groq, apiKey] = ['groq', adaKey('groq')];
    setup = {
      config: config({
        profile: { kind: 'provider-key', provider: groq },
        keys: { [groq]: apiKey },
        providerUrls: emulator.providerUrls,
        longestWaitMs: 120_000,
      }),
      network: {},
    };
    const limitTo = (tokensPerMinute: number) =>
      emulator.world.patch({ providers: { [groq]: { keys: { [apiKey]: { tokensPerMinute } } } } });
    const { url } = await gateway.start();
    const burst = () => Promise.all(Array.from({ length: 8 }, () => chat(url)));
    const waiting = () => {
      const last = events.findLast(event => event.kind === 'held');
      return last?.kind === 'held' ? last.held : [];
    };
    const some = async (are: boolean) => {
      for (let tries = 0; tries < 200 && waiting().length > 0 !== are; tries++) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      assert.equal(waiting().length > 0, are);
    };

    limitTo(100);
    const cancelled = burst();
    await some(true);
    assert.equal(waiting()[0]?.by, groq);
    gateway.cancel(waiting()[0]?.limit);
    assert.ok((await cancelled).includes(429));
    await some(false);

    const released = burst();
    await some(true);
    limitTo(100_000);
    gateway.release();
    assert.deepEqual(await released, Array(8).fill(200));
    await some(false);
  });

  it('no secret on disk or in the log', async () => {
    const { url } = await gateway.start();
    await models(url);
    await gateway.stop();
    for (const secret of [key, tokens.ada]) {
      assert.deepEqual(filesWith(folder, secret), []);
      assert.ok(!logged.join('\n').includes(secret));
    }
  });
});

function isRunning(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
