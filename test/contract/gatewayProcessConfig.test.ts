import assert from 'node:assert/strict';
import type { GatewaySetup } from '../../src/ui/gateway/gatewayChild.ts';
import { tokens } from '../emulator/scenarios.ts';
import { GatewayProcessRig, key } from './gatewayProcessRig.ts';
import { chat } from './testGateway.ts';

describe('gateway process, configuration:', function () {
  this.timeout(30_000);
  let rig: GatewayProcessRig;
  beforeEach(async () => {
    rig = await GatewayProcessRig.start();
  });
  afterEach(() => rig.stop());

  it('configuration changes reach the process', async () => {
    const { url } = await rig.gateway.start();
    await rig.models(url);
    assert.equal(rig.last?.headers['x-hf-bill-to'], undefined);
    rig.setup = rig.setupWith({ profile: { kind: 'organization', name: 'acme' } });
    await rig.gateway.push();
    await rig.assertBills(url, 'acme');
  });

  it('with another token it knows the balances of that account, and no others', async () => {
    rig.emulator.world.patch({
      users: { ada: { credits: { spent: { novita: { nanoUsd: 2_000_000_000 } } } } },
    });
    const { url } = await rig.gateway.start();
    /** Sends chats until that token has that cause: a request may overtake an IPC message. */
    const assertCause = async (expected: string, token: string) => {
      let cause: string | null = null;
      const isTokens = () => rig.last?.headers.authorization === `Bearer ${token}`;
      for (let tries = 0; tries < 50 && (!isTokens() || cause !== expected); tries++) {
        const answer = await chat({ url, key }, { model: 'openai/gpt-oss-120b', messages: [] });
        await answer.text();
        cause = answer.headers.get('x-headroom-cause');
      }
      assert.deepEqual([isTokens(), cause], [true, expected]);
    };
    const withRoom = { usedNanoUsd: 0, leftNanoUsd: 500_000_000, asOf: Date.now() };
    await assertCause('credits', tokens.ada);
    rig.gateway.balance('personal', withRoom);
    rig.setup = rig.setupWith({ token: tokens.adaRead });
    await rig.gateway.push();
    await assertCause('unsettled', tokens.adaRead);
    rig.gateway.forgetBalances();
    rig.setup = rig.setupWith({ token: tokens.ada });
    await rig.gateway.push();
    await assertCause('credits', tokens.ada);
  });

  it('it is stopped when the new configuration fails, and restarts at its address with the next one', async () => {
    const { url } = await rig.gateway.start();
    await rig.gateway.stop();
    rig.gateway.dispose();
    let failure: Error | undefined;
    const failing = async () => {
      if (failure) throw failure;
      return rig.setup;
    };
    rig.create({ setup: failing });
    await rig.gateway.start();
    failure = new Error('routerUrl is not a URL');
    await rig.gateway.push();
    await rig.gateway.push();
    await assert.rejects(rig.models(url));
    assert.deepEqual(
      [rig.gateway.address, rig.gateway.suspended, rig.suspended],
      [undefined, true, ['routerUrl is not a URL']],
    );
    assert.deepEqual(rig.givenUp, []);
    failure = undefined;
    rig.setup = rig.setupWith({ profile: { kind: 'organization', name: 'acme' } });
    await rig.gateway.push();
    assert.equal(rig.gateway.suspended, false);
    assert.equal(rig.gateway.address?.url, url);
    await rig.assertBills(url, 'acme');
  });

  it('it stays stopped after stop(), also when a configuration arrives later', async () => {
    let fails = false;
    rig.create({ setup: () => (fails ? Promise.reject(new Error('no')) : Promise.resolve(rig.setup)) });
    await rig.gateway.start();
    fails = true;
    await rig.gateway.push();
    await rig.gateway.stop();
    fails = false;
    await rig.gateway.push();
    assert.deepEqual([rig.gateway.suspended, rig.gateway.address], [false, undefined]);
  });

  it('a newer configuration reaches the process; an older one that resolves later does not', async () => {
    const answers: ((answer: GatewaySetup) => void)[] = [];
    let hangs = false;
    rig.create({
      setup: () => (hangs ? new Promise(resolve => answers.push(resolve)) : Promise.resolve(rig.setup)),
    });
    const { url } = await rig.gateway.start();
    const before = rig.setup;
    hangs = true;
    const first = rig.gateway.push();
    hangs = false;
    rig.setup = rig.setupWith({ profile: { kind: 'organization', name: 'acme' } });
    await rig.gateway.push();
    await rig.assertBills(url, 'acme');
    answers[0]?.(before);
    await first;
    for (let tries = 0; tries < 5; tries++) await rig.chat(url);
    assert.equal(rig.last?.headers['x-hf-bill-to'], 'acme');
  });

  it('an older configuration that fails does not stop it while a newer one is awaited', async () => {
    const failures: (() => void)[] = [];
    let hangs = false;
    rig.create({
      setup: () =>
        hangs
          ? new Promise((_resolve, reject) => failures.push(() => reject(new Error('no'))))
          : Promise.resolve(rig.setup),
    });
    const { url } = await rig.gateway.start();
    hangs = true;
    const [older, newer] = [rig.gateway.push(), rig.gateway.push()];
    failures[0]?.();
    await older;
    assert.deepEqual([rig.gateway.suspended, rig.gateway.address?.url], [false, url]);
    failures[1]?.();
    await newer;
    assert.deepEqual(rig.suspended, ['no']);
  });

  it('it is stopped when the configuration does not resolve in time', async () => {
    let hangs = false;
    rig.create({
      setup: () => (hangs ? new Promise(() => undefined) : Promise.resolve(rig.setup)),
      setupTimeoutMs: 20,
    });
    const { url } = await rig.gateway.start();
    hangs = true;
    await rig.gateway.push();
    await assert.rejects(rig.models(url));
    assert.deepEqual(rig.suspended, ['No answer within 0.02 s.']);
  });
});
