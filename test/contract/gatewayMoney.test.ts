import assert from 'node:assert/strict';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { depleted, GatewayRig, ok, reply } from './gatewayRig.ts';
import { chat } from './testGateway.ts';

const acme = { kind: 'organization', name: 'acme' } as const;
const other = { kind: 'organization', name: 'other' } as const;

describe('gateway, refusals for credits:', () => {
  let rig: GatewayRig;
  afterEach(() => rig.stop());
  const start = async (config: Partial<GatewayConfig> = {}) => {
    rig = await GatewayRig.start({ config });
  };

  it('a 402 is passed on without a failover list', async () => {
    await start();
    rig.answers.push(reply(402, depleted));
    assert.equal((await chat(rig.gateway)).status, 402);
    assert.deepEqual(rig.billed, ['personal']);
  });

  it('a 402 is retried once with the next profile, and the switch is recorded', async () => {
    await start({ failover: [acme, other] });
    rig.answers.push(reply(402, depleted));
    const answer = await chat(rig.gateway);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), ok);
    assert.deepEqual(rig.billed, ['personal', 'acme']);
    assert.equal((await chat(rig.gateway)).status, 200);
    assert.deepEqual(rig.billed, ['personal', 'acme', 'acme']);
    const at = rig.clock.now();
    assert.deepEqual(rig.gateway.switches, [{ at, from: 'personal', to: 'org:acme', reason: 'credits' }]);
    assert.deepEqual(rig.gateway.events, [
      {
        kind: 'stand-in',
        standIn: { profile: acme, reason: 'credits', since: at },
        from: 'personal',
        to: 'org:acme',
        reason: 'credits',
      },
    ]);
    await rig.pass(1_000);
    assert.deepEqual(
      rig.gateway.tallies.map(({ billedTo }) => billedTo),
      ['org:acme', 'org:acme'],
    );
    assert.equal(rig.gateway.refusals.length, 1);
  });

  it("a 402 of the stand-in, too: the client gets the chosen profile's 402", async () => {
    await start({ failover: [acme, other] });
    rig.answers.push(reply(402, depleted), reply(402, depleted));
    const answer = await chat(rig.gateway);
    assert.equal(answer.status, 402);
    assert.equal(
      answer.headers.get('x-headroom-billed-to'),
      'personal',
      'the chosen profile, not the stand-in',
    );
    assert.deepEqual(rig.billed, ['personal', 'acme']);
    assert.deepEqual(
      [rig.gateway.switches, rig.gateway.events.length],
      [[], 1],
      'no switch, since no stand-in has paid',
    );
  });

  it('a 403 for a spending limit causes failover', async () => {
    await start({ profile: acme, failover: [other] });
    rig.answers.push(reply(403, '{"error":"The spending limit of this organization is reached"}'));
    assert.equal((await chat(rig.gateway)).status, 200);
    assert.deepEqual(rig.billed, ['acme', 'other']);
    assert.equal(rig.gateway.switches[0]?.reason, 'spending-limit');
  });

  it('failover ends when a probe with the chosen profile succeeds', async () => {
    await start({ failover: [acme] });
    rig.answers.push(reply(402, depleted));
    await chat(rig.gateway);
    rig.clock.advance(5 * 60_000);
    assert.equal((await chat(rig.gateway)).status, 200);
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme', 'personal', 'personal']);
    assert.deepEqual(
      rig.gateway.switches.map(({ to, reason }) => `${to} ${reason}`),
      ['org:acme credits', 'personal returned'],
    );
    assert.equal(rig.gateway.events.at(-1)?.kind, 'stand-in');
  });

  it('failover stays when the probe is refused; the stand-in pays for that request', async () => {
    await start({ failover: [acme] });
    rig.answers.push(reply(402, depleted), reply(200, ok), reply(402, depleted));
    await chat(rig.gateway);
    rig.clock.advance(5 * 60_000);
    assert.equal((await chat(rig.gateway)).status, 200);
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme', 'personal', 'acme', 'acme']);
  });

  it('failover ends at once on creditsReturned', async () => {
    await start({ failover: [acme] });
    rig.answers.push(reply(402, depleted));
    await chat(rig.gateway);
    rig.gateway.creditsReturned();
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme', 'personal']);
  });

  it('a new gateway starts with the previous stand-in', async () => {
    await start({ failover: [acme], standIn: { profile: acme, reason: 'credits', since: rig.clock.now() } });
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['acme']);
    rig.configure({ profile: other });
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['acme', 'other']);
  });

  it('no failover for a client with its own token', async () => {
    await start({ failover: [acme] });
    rig.answers.push(reply(402, depleted));
    const answer = await chat(rig.gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
    assert.equal(answer.status, 402);
    assert.deepEqual(rig.billed, ['personal']);
    assert.deepEqual(rig.gateway.switches, []);
  });

  it('a 402 that unsettled requests explain is held, without failover', async () => {
    await start({ failover: [acme] });
    for (let at = 0; at < 5; at++) await chat(rig.gateway);
    rig.answers.push(reply(402, depleted));
    const answer = chat(rig.gateway);
    assert.equal((await rig.clock.result(answer)).status, 200);
    assert.deepEqual(rig.billed, Array(7).fill('personal'));
    await rig.pass(1_000);
    assert.equal(rig.gateway.refusals[0]?.cause, 'unsettled');
  });

  it('a 402 while HF reports credits left is held, without failover', async () => {
    await start({ failover: [acme] });
    const usedNanoUsd = 40_000_000;
    const limitNanoUsd = 100_000_000;
    const leftNanoUsd = limitNanoUsd - usedNanoUsd;
    rig.gateway.balance('personal', { usedNanoUsd, limitNanoUsd, leftNanoUsd, asOf: rig.clock.now() });
    rig.answers.push(reply(402, depleted));
    const answer = chat(rig.gateway);
    assert.equal((await rig.clock.result(answer)).status, 200);
    assert.deepEqual(rig.billed, ['personal', 'personal']);
  });

  it('a request is held before it is sent when the placeholders of unsettled ones fill the limit', async () => {
    await start();
    const [usedNanoUsd, limitNanoUsd] = [50_000_000, 100_000_000];
    rig.gateway.balance('personal', { usedNanoUsd, limitNanoUsd, asOf: rig.clock.now() });
    rig.clock.advance(1);
    for (let at = 0; at < 5; at++) assert.equal((await chat(rig.gateway)).status, 200);
    rig.clock.advance(1_000);
    const sixth = chat(rig.gateway);
    assert.equal((await rig.clock.result(sixth)).status, 200);
    assert.equal(rig.arrived.length, 6);
    assert.deepEqual(rig.gateway.refusals, []);
    assert.equal(rig.gateway.held[0]?.[0]?.heldBy, 'unsettled');
  });
});
