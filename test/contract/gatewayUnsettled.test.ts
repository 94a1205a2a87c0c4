import assert from 'node:assert/strict';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { depleted, GatewayRig, reply } from './gatewayRig.ts';
import { ManualClock } from './manualClock.ts';
import { type RawRequest, response } from './rawUpstream.ts';
import { chat } from './testGateway.ts';

const expensive = '{"usage":{"prompt_tokens":12,"completion_tokens":3,"estimated_cost":0.02}}';
/** As OpenAI's Python SDK sends it. */
const patient = { 'x-stainless-read-timeout': '600' };
const acme = { kind: 'organization', name: 'acme' } as const;

describe('gateway, 402 with unsettled requests:', () => {
  let rig: GatewayRig;
  afterEach(() => rig.stop());
  const start = async (config: Partial<GatewayConfig> = {}) => {
    rig = await GatewayRig.start({ config });
  };

  describe('after the longest wait:', () => {
    it('the next profile pays, with reason credits', async () => {
      await start({ failover: [acme], longestWaitMs: 5_000 });
      for (let at = 0; at < 5; at++) await chat(rig.gateway);
      rig.answers.push(reply(402, depleted), reply(402, depleted));
      const answer = chat(rig.gateway, undefined, patient);
      assert.equal((await rig.clock.result(answer)).status, 200);
      assert.deepEqual(rig.billed, [...Array(7).fill('personal'), 'acme']);
      assert.deepEqual(
        rig.gateway.switches.map(({ to, reason }) => `${to} ${reason}`),
        ['org:acme credits'],
      );
    });

    it('without a failover list, the client gets the 402 with cause unsettled', async () => {
      await start({ longestWaitMs: 1_000 });
      for (let at = 0; at < 5; at++) await chat(rig.gateway);
      rig.answers.push(reply(402, depleted));
      const answer = await chat(rig.gateway, undefined, patient);
      assert.deepEqual(
        [answer.status, answer.headers.get('x-headroom-cause'), answer.headers.get('x-should-retry')],
        [402, 'unsettled', 'false'],
      );
    });
  });

  it('no wait when the requests cost as much as their placeholders', async () => {
    await start({ failover: [acme] });
    for (let at = 0; at < 5; at++) {
      rig.answers.push(reply(200, expensive));
      await (await chat(rig.gateway)).text();
    }
    await rig.pass(1_000);
    rig.answers.push(reply(402, depleted));
    assert.equal((await chat(rig.gateway)).status, 200);
    assert.equal(rig.billed.at(-1), 'acme');
  });

  describe('with a balance that Hugging Face reported before the requests:', () => {
    const report = async (usedNanoUsd: number) => {
      await start({ failover: [acme] });
      const leftNanoUsd = 100_000_000 - usedNanoUsd;
      rig.gateway.balance('personal', { usedNanoUsd, leftNanoUsd, asOf: rig.clock.now() });
      rig.clock.advance(1);
    };
    const send = async (count: number) => {
      for (let at = 0; at < count; at++) await (await chat(rig.gateway)).text();
    };

    it('the next profile pays at once when the placeholders of all requests would have left room', async () => {
      await report(0);
      await send(3);
      rig.answers.push(reply(402, depleted));
      const before = rig.clock.now();
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual([rig.billed.at(-1), rig.clock.now() - before], ['acme', 0]);
    });

    it('the request waits when the placeholders could have filled what was left', async () => {
      await report(60_000_000);
      await send(4);
      rig.answers.push(reply(402, depleted));
      assert.equal((await rig.clock.result(chat(rig.gateway))).status, 200);
      assert.deepEqual(rig.billed, Array(6).fill('personal'));
    });

    it('the request waits when those that are not answered yet could have filled it', async () => {
      await report(70_000_000);
      await send(1);
      const open: (() => void)[] = [];
      rig.answers.push(
        ...Array(2).fill(({ socket }: RawRequest) => void open.push(() => socket.write(response(200)))),
        reply(402, depleted),
      );
      const slow = [chat(rig.gateway), chat(rig.gateway)];
      await rig.arrival(3);
      const refused = chat(rig.gateway);
      assert.equal((await rig.clock.result(refused)).status, 200);
      for (const answer of open) answer();
      await Promise.all(slow);
      assert.deepEqual(rig.billed, Array(5).fill('personal'));
    });
  });

  describe('after the token changed, which may be another account’s:', () => {
    const room = () => ({
      usedNanoUsd: 40_000_000,
      limitNanoUsd: 100_000_000,
      leftNanoUsd: 60_000_000,
      asOf: rig.clock.now(),
    });

    it('neither the balance nor the requests of the former one explain a 402', async () => {
      await start({ failover: [acme] });
      rig.gateway.balance('personal', room());
      for (let at = 0; at < 5; at++) await chat(rig.gateway);
      rig.configure({ token: 'hf_ofAnotherAccount', failover: [acme] });
      rig.answers.push(reply(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.equal(rig.billed.at(-1), 'acme');
    });

    it('the full limit of the former one holds no request', async () => {
      await start();
      const full = { usedNanoUsd: 50_000_000, limitNanoUsd: 100_000_000, asOf: rig.clock.now() };
      rig.gateway.balance('personal', full);
      rig.clock.advance(1);
      for (let at = 0; at < 5; at++) await chat(rig.gateway);
      rig.configure({ token: 'hf_ofAnotherAccount' });
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.gateway.held, []);
    });

    it('a balance that is sent then is the new one’s', async () => {
      await start({ failover: [acme] });
      rig.configure({ token: 'hf_ofAnotherAccount', failover: [acme] });
      rig.gateway.balance('personal', room());
      rig.answers.push(reply(402, depleted));
      assert.equal((await rig.clock.result(chat(rig.gateway))).status, 200);
      assert.ok(!rig.billed.includes('acme'));
    });
  });

  it("requests with the client's own token do not count as unsettled", async () => {
    await start();
    const own = { authorization: 'Bearer hf_callersOwn' };
    for (let at = 0; at < 5; at++) await chat(rig.gateway, undefined, own);
    rig.answers.push(reply(402, depleted));
    const answer = await chat(rig.gateway, undefined, own);
    assert.deepEqual([answer.status, answer.headers.get('x-headroom-cause')], [402, 'credits']);
  });

  it('a client with a short timeout gets the 402 at once, without failover', async () => {
    await start({ failover: [acme] });
    for (let at = 0; at < 5; at++) await chat(rig.gateway);
    rig.answers.push(reply(402, depleted));
    const answer = await chat(rig.gateway, undefined, { 'x-stainless-timeout': '2' });
    assert.deepEqual([answer.status, answer.headers.get('x-headroom-cause')], [402, 'unsettled']);
    assert.ok(!rig.billed.includes('acme'));
    assert.deepEqual(rig.gateway.switches, []);
  });

  const at = ManualClock.start - 20_000;
  for (const [kind, different, cause] of [
    ['of the same payer', {}, 'unsettled'],
    ['of another payer', { billedTo: 'org:acme' }, 'credits'],
    ['that was refused', { status: 402 }, 'credits'],
    ['that is settled', { at: at - 5 * 60_000 }, 'credits'],
  ] as const) {
    it(`cause ${cause} after a request through another gateway ${kind}`, async () => {
      const written = { at, status: 200, billedTo: 'personal', durationMs: 5, ...different };
      const ledger = { lastTallies: () => [written] };
      rig = await GatewayRig.start({ config: { longestWaitMs: 1_000 }, ledger });
      rig.answers.push(reply(402, depleted));
      const answer = await chat(rig.gateway, undefined, patient);
      assert.deepEqual([answer.status, answer.headers.get('x-headroom-cause')], [402, cause]);
    });
  }

  describe('a caller that does not say how long it waits', () => {
    const untold = () => chat(rig.gateway);
    const refuse = async (config: Partial<GatewayConfig> = {}) => {
      await start(config);
      for (let at = 0; at < 5; at++) await chat(rig.gateway);
      rig.answer = () => response(402, depleted);
    };

    it('has the answer itself after 4 s: httpx gives up after 5 s', async () => {
      await refuse();
      const before = rig.clock.now();
      const { status, headers } = await rig.clock.result(untold());
      assert.deepEqual([status, headers.get('x-headroom-cause')], [402, 'unsettled']);
      assert.ok(rig.clock.now() - before <= 4_000, `${rig.clock.now() - before} ms`);
    });

    it('is not told to wait by us while an earlier request is: it is sent, and has the answer itself', async () => {
      await refuse();
      const told = chat(rig.gateway, undefined, patient);
      await rig.held(1);
      for (let at = 0; at < 3; at++) {
        const before = rig.clock.now();
        const { status, headers } = await rig.clock.result(untold());
        assert.deepEqual([status, headers.get('x-headroom-cause')], [402, 'unsettled']);
        assert.ok(rig.clock.now() - before <= 4_000, `${rig.clock.now() - before} ms`);
      }
      rig.answer = () => response(200);
      assert.equal((await rig.clock.result(told)).status, 200);
    });

    it('has the answer within 4 s once money is back, and those held before follow', async () => {
      await refuse();
      const told = chat(rig.gateway, undefined, patient);
      await rig.held(1);
      for (let at = 0; at < 5; at++) await rig.clock.result(untold());
      rig.answer = () => response(200);
      const before = rig.clock.now();
      assert.deepEqual(
        await rig.clock.result(Promise.all([untold(), told]).then(all => all.map(each => each.status))),
        [200, 200],
      );
      assert.ok(rig.clock.now() - before <= 4_100, `${rig.clock.now() - before} ms`);
    });

    it('is paid for by the next profile after that wait', async () => {
      await refuse({ failover: [acme] });
      rig.answer = ({ head }) => (/x-hf-bill-to/.test(head) ? response(200) : response(402, depleted));
      assert.equal((await rig.clock.result(untold())).status, 200);
      assert.equal(rig.billed.at(-1), 'acme');
    });
  });

  for (const [sign, tell] of [
    [
      'a balance with room',
      () =>
        rig.gateway.balance('personal', { usedNanoUsd: 0, limitNanoUsd: 100_000_000, asOf: rig.clock.now() }),
    ],
    ['credits that are back', () => rig.gateway.creditsReturned()],
  ] as const) {
    it(`the first sign of money ends the wait: ${sign}`, async () => {
      await start();
      for (let at = 0; at < 5; at++) await chat(rig.gateway);
      rig.answer = () => response(402, depleted);
      const pending = chat(rig.gateway, undefined, patient);
      await rig.held(1);
      rig.clock.advance(1);
      rig.answer = () => response(200);
      tell();
      assert.equal((await pending).status, 200);
    });
  }

  it('a balance without room, or from before the refusal, is no sign', async () => {
    await start();
    for (let at = 0; at < 5; at++) await chat(rig.gateway);
    const asOf = rig.clock.now() - 1;
    rig.answer = () => response(402, depleted);
    const pending = chat(rig.gateway, undefined, patient);
    await rig.held(1);
    const arrived = rig.arrived.length;
    rig.gateway.balance('personal', { usedNanoUsd: 0, limitNanoUsd: 100_000_000, asOf });
    rig.clock.advance(1);
    rig.gateway.balance('personal', {
      usedNanoUsd: 95_000_000,
      limitNanoUsd: 100_000_000,
      asOf: rig.clock.now(),
    });
    await rig.quiet();
    assert.equal(rig.arrived.length, arrived);
    rig.answer = () => response(200);
    assert.equal((await rig.clock.result(pending)).status, 200);
  });
});
