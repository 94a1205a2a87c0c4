import assert from 'node:assert/strict';
import net from 'node:net';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import { GatewayProcessRig, key } from './gatewayProcessRig.ts';
import { filesWith } from './runCli.ts';

describe('gateway process:', function () {
  this.timeout(30_000);
  let rig: GatewayProcessRig;
  beforeEach(async () => {
    rig = await GatewayProcessRig.start();
  });
  afterEach(() => rig.stop());

  it('concurrent starts fork one process, which serves with the configuration from IPC', async () => {
    const [one, other] = await Promise.all([rig.gateway.start(), rig.gateway.start()]);
    assert.deepEqual(one, other);
    assert.equal(one.key, key);
    assert.equal(await rig.models(one.url), 200);
    assert.equal(rig.last?.headers.authorization, `Bearer ${tokens.ada}`);
    const portOf = (url: string) => Number(new URL(url).port);
    assert.deepEqual(rig.ports, { port: portOf(one.url), hubPort: portOf(one.hub) });
  });

  it('after a crash, it restarts with the same address and key', async () => {
    const { url, hub } = await rig.gateway.start();
    const first = rig.gateway.pid;
    rig.kill();
    await rig.untilListening(false);
    await rig.untilListening(true);
    assert.deepEqual(rig.gateway.address, { url, hub, key });
    assert.notEqual(rig.gateway.pid, first);
    assert.equal(await rig.models(url), 200);
  });

  it('after too many crashes, it stays stopped with one message, until the next start', async () => {
    rig.create({ firstDelayMs: 1 });
    await rig.gateway.start();
    for (let crashes = 0; crashes < 6; crashes++) {
      await rig.untilListening(true);
      rig.kill();
      await rig.untilListening(false);
    }
    assert.deepEqual(rig.givenUp, ['it ended with SIGKILL']);
    assert.equal(rig.gateway.crashed, true);
    const { url } = await rig.gateway.restart();
    assert.equal(await rig.models(url), 200);
    assert.equal(rig.gateway.crashed, false);
  });

  it('it stays stopped when no configuration resolves after a crash', async () => {
    let well = true;
    const message = new Promise<string>(resolve => {
      rig.create({
        firstDelayMs: 1,
        setup: async () => (well ? rig.setup : Promise.reject(new Error('not now'))),
        onGivenUp: resolve,
      });
    });
    await rig.gateway.start();
    well = false;
    rig.kill();
    await rig.untilListening(false);
    assert.equal(rig.gateway.crashed, true);
    await assert.rejects(rig.gateway.start(), /not now/);
    assert.equal(await message, 'not now');
  });

  it('it uses another port while its own is taken, and its own the next time', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => other.once('listening', resolve));
    const taken = (other.address() as net.AddressInfo).port;
    rig.ports = { port: taken, hubPort: 0 };
    const { url } = await rig.gateway.start().finally(() => other.close());
    assert.notEqual(Number(new URL(url).port), taken);
    assert.equal((await rig.gateway.restart()).url, url);
    assert.equal(rig.ports.port, taken);
    await rig.gateway.stop();
    rig.create();
    assert.equal((await rig.gateway.start()).url, `http://127.0.0.1:${taken}`);
  });

  it("it uses another port for the Hub while the Hub's own is taken, and the own one the next time", async () => {
    const first = await rig.gateway.start();
    await rig.gateway.stop();
    const other = net.createServer().listen(rig.ports.hubPort, '127.0.0.1');
    await new Promise(resolve => other.once('listening', resolve));
    const second = await rig.gateway.start().finally(() => other.close());
    assert.equal(second.url, first.url);
    assert.notEqual(second.hub, first.hub);
    await rig.gateway.stop();
    rig.create();
    assert.deepEqual(await rig.gateway.start(), first);
  });

  it('the next window uses the same addresses and key', async () => {
    const address = await rig.gateway.start();
    await rig.gateway.stop();
    await assert.rejects(rig.models(address.url));
    rig.create();
    assert.deepEqual(await rig.gateway.start(), address);
    const whoami = await fetch(`${address.hub}/api/whoami-v2`, {
      headers: { authorization: `Bearer ${key}` },
    });
    assert.equal(((await whoami.json()) as { name: string }).name, 'ada');
  });

  it('it exits with the window, without a crash report', async () => {
    const { url } = await rig.gateway.start();
    const { pid } = rig.gateway;
    rig.gateway.dispose();
    await assert.rejects(rig.gateway.start(), /closing/);
    for (let tries = 0; tries < 100 && isRunning(pid); tries++) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.equal(isRunning(pid), false);
    await assert.rejects(rig.models(url));
    assert.deepEqual(rig.givenUp, []);
  });

  it('a failed start has a reason', async () => {
    rig.create({ file: 'src/cli/no-such-file.ts' });
    await assert.rejects(rig.gateway.start(), /The gateway ended with 1/);
    rig.create({ setup: () => Promise.reject(new Error('providerUrls.groq is not a URL')) });
    await assert.rejects(rig.gateway.start(), /providerUrls\.groq is not a URL/);
    assert.equal(rig.gateway.address, undefined);
  });

  it('refusals are reported over IPC', async () => {
    const { url } = await rig.gateway.start();
    rig.emulator.world.faults.push({ kind: 'status', status: 429, server: 'router', path: '/v1/models' });
    assert.equal(await rig.models(url), 429);
    for (let tries = 0; tries < 100 && rig.events.length === 0; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    assert.equal(rig.events[0]?.kind, 'refusal');
  });

  it('held requests are reported, released and cancelled over IPC', async () => {
    const [groq, apiKey] = ['groq', adaKey('groq')];
    rig.setup = rig.setupWith({
      profile: { kind: 'provider-key', provider: groq },
      keys: { [groq]: apiKey },
      providerUrls: rig.emulator.providerUrls,
      longestWaitMs: 120_000,
    });
    const limitTo = (tokensPerMinute: number) =>
      rig.emulator.world.patch({ providers: { [groq]: { keys: { [apiKey]: { tokensPerMinute } } } } });
    const { url } = await rig.gateway.start();
    const burst = () => Promise.all(Array.from({ length: 8 }, () => rig.chat(url)));
    const held = () => {
      const last = rig.events.findLast(event => event.kind === 'held');
      return last?.kind === 'held' ? last.held : [];
    };
    const untilHeld = async (isAny: boolean) => {
      for (let tries = 0; tries < 200 && held().length > 0 !== isAny; tries++) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      assert.equal(held().length > 0, isAny);
    };

    limitTo(100);
    const cancelled = burst();
    await untilHeld(true);
    assert.equal(held()[0]?.by, groq);
    rig.gateway.cancel(held()[0]?.limit);
    assert.ok((await cancelled).includes(429));
    await untilHeld(false);

    const released = burst();
    await untilHeld(true);
    limitTo(100_000);
    rig.gateway.release();
    assert.deepEqual(await released, Array(8).fill(200));
    await untilHeld(false);
  });

  it('no secret on disk or in the log', async () => {
    const { url } = await rig.gateway.start();
    await rig.models(url);
    await rig.gateway.stop();
    for (const secret of [key, tokens.ada]) {
      assert.deepEqual(filesWith(rig.folder, secret), []);
      assert.ok(!rig.logged.join('\n').includes(secret));
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
