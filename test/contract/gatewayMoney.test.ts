import assert from 'node:assert/strict';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { depleted, GatewayRig, ok, says } from './gatewayRig.ts';
import { chat } from './testGateway.ts';

const acme = { kind: 'organization', name: 'acme' } as const;
const other = { kind: 'organization', name: 'other' } as const;

describe('a refusal for money at the gateway', () => {
  let rig: GatewayRig;
  afterEach(() => rig.stop());
  const start = async (config: Partial<GatewayConfig> = {}) => {
    rig = await GatewayRig.start({ config });
  };

  it('goes to nobody else when nobody was allowed to stand in', async () => {
    await start();
    rig.answers.push(says(402, depleted));
    assert.equal((await chat(rig.gateway)).status, 402);
    assert.deepEqual(rig.billed, ['personal']);
  });

  it('goes to the next payer, once and before the first byte, and is written down', async () => {
    await start({ failover: [acme, other] });
    rig.answers.push(says(402, depleted));
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

  it('is handed on when the next payer has none either', async () => {
    await start({ failover: [acme, other] });
    rig.answers.push(says(402, depleted), says(402, depleted));
    const answer = await chat(rig.gateway);
    assert.equal(answer.status, 402);
    assert.equal(answer.headers.get('x-headroom-billed-to'), 'personal', 'the chosen one is told');
    assert.deepEqual(rig.billed, ['personal', 'acme']);
    assert.deepEqual([rig.gateway.switches, rig.gateway.events.length], [[], 1], 'nobody was paid');
  });

  it('of an organization at its spending limit goes on as well', async () => {
    await start({ profile: acme, failover: [other] });
    rig.answers.push(says(403, '{"error":"The spending limit of this organization is reached"}'));
    assert.equal((await chat(rig.gateway)).status, 200);
    assert.deepEqual(rig.billed, ['acme', 'other']);
    assert.equal(rig.gateway.switches[0]?.reason, 'spending-limit');
  });

  it('ends when a probe finds that the chosen one has money again', async () => {
    await start({ failover: [acme] });
    rig.answers.push(says(402, depleted));
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

  it('stays when the probe is refused: that request is paid by the one who stands in', async () => {
    await start({ failover: [acme] });
    rig.answers.push(says(402, depleted), says(200, ok), says(402, depleted));
    await chat(rig.gateway);
    rig.clock.advance(5 * 60_000);
    assert.equal((await chat(rig.gateway)).status, 200);
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme', 'personal', 'acme', 'acme']);
  });

  it('ends at once when the extension says that credits are back', async () => {
    await start({ failover: [acme] });
    rig.answers.push(says(402, depleted));
    await chat(rig.gateway);
    rig.gateway.creditsReturned();
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme', 'personal']);
  });

  it('begins with who stood in before', async () => {
    await start({ failover: [acme], standIn: { profile: acme, reason: 'credits', since: rig.clock.now() } });
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['acme']);
    rig.configure({ profile: other });
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['acme', 'other']);
  });

  it("never spends another one's money for a caller with its own token", async () => {
    await start({ failover: [acme] });
    rig.answers.push(says(402, depleted));
    const answer = await chat(rig.gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
    assert.equal(answer.status, 402);
    assert.deepEqual(rig.billed, ['personal']);
    assert.deepEqual(rig.gateway.switches, []);
  });

  it('that our own open requests explain is waited out first', async () => {
    await start({ failover: [acme] });
    for (let at = 0; at < 5; at++) await chat(rig.gateway);
    rig.answers.push(says(402, depleted));
    const answer = chat(rig.gateway);
    assert.equal((await rig.clock.result(answer)).status, 200);
    assert.deepEqual(rig.billed, Array(7).fill('personal'));
    await rig.pass(1_000);
    assert.equal(rig.gateway.refusals[0]?.cause, 'unsettled');
  });

  it('that comes although money is left, as Hugging Face told, is waited out first', async () => {
    await start({ failover: [acme] });
    const usedNanoUsd = 40_000_000;
    const limitNanoUsd = 100_000_000;
    const leftNanoUsd = limitNanoUsd - usedNanoUsd;
    rig.gateway.balance('personal', { usedNanoUsd, limitNanoUsd, leftNanoUsd, asOf: rig.clock.now() });
    rig.answers.push(says(402, depleted));
    const answer = chat(rig.gateway);
    assert.equal((await rig.clock.result(answer)).status, 200);
    assert.deepEqual(rig.billed, ['personal', 'personal']);
  });

  it('is not asked for where the placeholders of what is open fill the limit', async () => {
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
