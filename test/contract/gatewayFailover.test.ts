import assert from 'node:assert/strict';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { depleted, GatewayRig, ok, says } from './gatewayRig.ts';
import { ManualClock } from './manualClock.ts';
import { chat } from './testGateway.ts';

const tooLarge =
  '{"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9854, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}';
const suspended =
  '{"error":{"message":"Account ada is suspended, possibly due to reaching the monthly spending limit."}}';
const acme = { kind: 'organization', name: 'acme' } as const;
const other = { kind: 'organization', name: 'other' } as const;
const groqKey = { kind: 'provider-key', provider: 'groq' } as const;
const standing = { profile: acme, reason: 'credits', since: ManualClock.start } as const;

describe('who pays at the gateway', () => {
  let rig: GatewayRig;
  afterEach(() => rig.stop());
  const start = async (config: Partial<GatewayConfig> = {}) => {
    rig = await GatewayRig.start({ config });
  };

  it('is never a stand-in for a caller with a token of its own', async () => {
    await start({ failover: [acme], standIn: standing });
    const own = { authorization: 'Bearer hf_callersOwn' };
    const answer = await chat(rig.gateway, undefined, own);
    assert.equal(answer.headers.get('x-headroom-billed-to'), 'own-token');
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme']);
  });

  it('is the next one when a provider says of its own account that its limit is reached, in its own way', async () => {
    const config = { profile: groqKey, keys: { groq: 'gsk_key' }, failover: [acme] };
    rig = await GatewayRig.start({ config, models: { find: async (_provider, model) => model } });
    rig.answers.push(says(412, suspended));
    assert.equal((await chat(rig.gateway)).status, 200);
    assert.deepEqual(rig.billed, ['key', 'acme']);
    assert.equal(rig.gateway.switches.length, 1);
  });

  it('stays the same for a request that is wrong, and is told of one that is too large for a limit', async () => {
    await start({ failover: [acme] });
    rig.answers.push(says(400, '{"error":{"message":"messages must not be empty"}}'), says(413, tooLarge));
    assert.equal((await chat(rig.gateway)).status, 400);
    const large = await chat(rig.gateway);
    assert.deepEqual([large.status, large.headers.get('x-headroom-billed-to')], [413, 'personal']);
    await rig.gateway.close(0);
    assert.deepEqual(
      rig.gateway.refusals.map(({ status, cause }) => [status, cause]),
      [[413, 'tokens']],
    );
    assert.deepEqual(rig.billed, ['personal', 'personal']);
  });

  describe('is tried again', () => {
    it('by a request that can be sent twice, or its caller would be told what others are spared', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.clock.advance(5 * 60_000);
      const large = JSON.stringify({ model: 'acme/M', messages: [], more: 'x'.repeat(1_500_000) });
      const headers = { 'content-type': 'application/json' };
      const answer = await rig.ask('/v1/chat/completions', { method: 'POST', body: large, headers });
      assert.equal(answer.status, 200);
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['acme', 'personal']);
    });

    const free: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the Hub', () => rig.ask('/hub/api/models')],
      ['the list of models', () => rig.ask('/v1/models')],
      [
        'a token of the caller',
        () => chat(rig.gateway, undefined, { authorization: 'Bearer hf_callersOwn' }),
      ],
    ];
    for (const [name, ask] of free) {
      it(`by the next request that is billed, not by one for ${name}`, async () => {
        await start({ failover: [acme], standIn: standing });
        rig.clock.advance(5 * 60_000);
        await ask();
        await chat(rig.gateway);
        assert.equal(rig.billed.at(-1), 'personal');
        assert.equal(rig.gateway.switches.at(-1)?.reason, 'returned');
      });
    }

    for (const [name, status, headers] of [
      ['was wrong', 400, {}],
      ['was for a model that is not there', 404, {}],
      ['was refused for its rate', 429, { 'retry-after': '99' }],
    ] as const) {
      it(`at once, when the request that did ${name}`, async () => {
        await start({ failover: [acme], standIn: standing });
        rig.clock.advance(5 * 60_000);
        rig.answers.push(says(status, '{}', headers));
        assert.equal((await chat(rig.gateway)).status, status);
        // the rate limit holds everybody meanwhile
        rig.clock.advance(100_000);
        await chat(rig.gateway);
        assert.deepEqual(rig.billed, ['personal', 'personal']);
      });
    }

    it('at once, when the client of the request that did went away', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.clock.advance(5 * 60_000);
      const gone = new AbortController();
      const closed = new Promise(resolve => {
        rig.answers.push(({ socket }) => {
          socket.once('close', resolve);
          gone.abort();
          return undefined;
        });
      });
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ model: 'acme/Model-7B' });
      const { signal } = gone;
      await assert.rejects(rig.ask('/v1/chat/completions', { method: 'POST', headers, body, signal }));
      await closed;
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['personal', 'personal']);
    });

    it('half a minute later, when the server failed: else nobody would stand in', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.clock.advance(5 * 60_000);
      rig.answers.push(says(500));
      assert.equal((await chat(rig.gateway)).status, 500);
      await chat(rig.gateway);
      rig.clock.advance(30_000);
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['personal', 'acme', 'personal']);
    });
  });

  describe("is nobody else for what is not the payer's own money", () => {
    const noBalance = '{"error":{"message":"Insufficient balance","code":"insufficient_quota"}}';

    it('Hugging Face has none at a provider', async () => {
      await start({ failover: [acme] });
      rig.answers.push(says(402, noBalance, { 'x-inference-provider': 'deepinfra' }));
      assert.equal((await chat(rig.gateway)).status, 402);
      assert.deepEqual(rig.billed, ['personal']);
    });

    it("but the owner of a key is refused by the key's provider", async () => {
      await start({
        profile: groqKey,
        failover: [acme],
        keys: { groq: 'gsk_1' },
      });
      rig.answers.push(says(402, noBalance));
      const answer = await rig.ask('/router/groq/x', { method: 'POST' });
      assert.equal(answer.status, 200);
      assert.deepEqual(rig.billed, ['key', 'acme']);
    });

    it("and an organization's limit is one of Hugging Face, whichever provider was asked for", async () => {
      await start({ profile: acme, failover: [other] });
      rig.answers.push(says(403, '{"error":"The spending limit of this organization is reached"}'));
      assert.equal((await chat(rig.gateway, { model: 'acme/Model-7B:groq' })).status, 200);
      assert.deepEqual(rig.billed, ['acme', 'other']);
    });
  });

  describe('when a stand-in can not pay', () => {
    for (const status of [401, 403]) {
      it(`goes on down the list: ${status}`, async () => {
        await start({ failover: [acme, other] });
        rig.answers.push(says(402, depleted), says(status));
        assert.equal((await chat(rig.gateway)).status, 200);
        await chat(rig.gateway);
        assert.deepEqual(rig.billed, ['personal', 'acme', 'other', 'other']);
        assert.deepEqual(
          rig.gateway.switches.map(({ from, to }) => `${from} ${to}`),
          ['personal org:other'],
        );
      });
    }

    it('goes on down the list: no key, and no such route', async () => {
      await start({ failover: [groqKey, acme] });
      rig.answers.push(says(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme']);
    });

    it('goes on down the list: the model is not there', async () => {
      await start({
        failover: [groqKey, acme],
        keys: { groq: 'gsk_1' },
      });
      rig.answers.push(says(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme']);
    });

    it('goes on down the list: its server is not there', async () => {
      await start({
        failover: [groqKey, acme],
        keys: { groq: 'gsk_1' },
        providerUrls: { groq: 'http://127.0.0.1:1' },
      });
      rig.answers.push(says(402, depleted));
      const answer = rig.ask('/router/groq/x', { method: 'POST' });
      assert.equal((await rig.clock.result(answer)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme']);
    });

    it("is told with the chosen one's refusal when nobody is left, and without a switch", async () => {
      await start({ failover: [acme] });
      rig.answers.push(says(402, depleted), says(401, '{"error":"acme?"}'));
      const answer = await chat(rig.gateway);
      assert.deepEqual([answer.status, await answer.text()], [402, depleted]);
      assert.equal(answer.headers.get('x-headroom-billed-to'), 'personal');
      assert.deepEqual(rig.gateway.switches, []);
    });

    it('asks the chosen one when it stood in already', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.answers.push(says(401));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.billed, ['acme', 'personal']);
      assert.equal(rig.gateway.switches.at(-1)?.reason, 'returned');
    });

    it('is asked again once there is another token', async () => {
      await start({ failover: [acme] });
      rig.answers.push(says(402, depleted), says(401));
      await chat(rig.gateway);
      rig.configure({ failover: [acme], token: 'hf_anotherOne' });
      rig.answers.push(says(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.equal(rig.billed.at(-1), 'acme');
    });
  });

  describe('when who may stand in changes', () => {
    it('the one who does and may no longer is told to have ended, once', async () => {
      await start({ failover: [acme] });
      rig.answers.push(says(402, depleted));
      await chat(rig.gateway);
      const [first] = rig.gateway.events;
      const standIn = first?.kind === 'stand-in' ? first.standIn : undefined;
      assert.ok(standIn);
      rig.configure({ failover: [], standIn });
      rig.configure({ failover: [], standIn });
      assert.deepEqual(rig.gateway.events.slice(1), [
        { kind: 'stand-in', from: 'org:acme', to: 'personal', reason: 'returned' },
      ]);
      assert.equal(rig.gateway.switches.length, 2);
      await chat(rig.gateway);
      assert.equal(rig.billed.at(-1), 'personal');
    });

    it('so is one of a former gateway', async () => {
      await start({ failover: [other], standIn: standing });
      assert.deepEqual(rig.gateway.events, [
        { kind: 'stand-in', from: 'org:acme', to: 'personal', reason: 'returned' },
      ]);
    });

    it('a request that waits is sent as it is set now', async () => {
      await start({ failover: [acme, other] });
      rig.answers.push(says(402, depleted), says(429, '{}', { 'retry-after': '9' }));
      const answer = chat(rig.gateway);
      await rig.clock.until(() => rig.arrived.length === 2);
      rig.configure({ profile: other, token: 'hf_anotherOne' });
      assert.equal((await rig.clock.result(answer)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme', 'other']);
      assert.match(rig.arrived[2]?.head ?? '', /^authorization: Bearer hf_anotherOne$/m);
    });
  });

  it('is told with every answer that is billed, and with no other', async () => {
    await start({ profile: acme });
    const answered = await chat(rig.gateway);
    assert.equal(answered.headers.get('x-headroom-billed-to'), 'org:acme');
    assert.equal(await answered.text(), ok);
    rig.answers.push(says(500));
    assert.equal((await chat(rig.gateway)).headers.get('x-headroom-billed-to'), 'org:acme');
    const own = await chat(rig.gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
    assert.equal(own.headers.get('x-headroom-billed-to'), 'own-token+org:acme');
    for (const path of ['/v1/models', '/hub/api/models']) {
      const listed = await rig.ask(path);
      assert.equal(listed.headers.get('x-headroom-billed-to'), null);
    }
  });
});
