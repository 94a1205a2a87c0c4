import assert from 'node:assert/strict';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { depleted, GatewayRig, ok, reply } from './gatewayRig.ts';
import { ManualClock } from './manualClock.ts';
import { response } from './rawUpstream.ts';
import { chat } from './testGateway.ts';

const tooLarge =
  '{"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9854, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}';
const suspended =
  '{"error":{"message":"Account ada is suspended, possibly due to reaching the monthly spending limit."}}';
const acme = { kind: 'organization', name: 'acme' } as const;
const other = { kind: 'organization', name: 'other' } as const;
const groqKey = { kind: 'provider-key', provider: 'groq' } as const;
const standing = { profile: acme, reason: 'credits', since: ManualClock.start } as const;

describe('gateway failover:', () => {
  let rig: GatewayRig;
  afterEach(() => rig.stop());
  const start = async (config: Partial<GatewayConfig> = {}) => {
    rig = await GatewayRig.start({ config });
  };

  it('no stand-in pays for a client with its own token', async () => {
    await start({ failover: [acme], standIn: standing });
    const own = { authorization: 'Bearer hf_callersOwn' };
    const answer = await chat(rig.gateway, undefined, own);
    assert.equal(answer.headers.get('x-headroom-billed-to'), 'own-token');
    await chat(rig.gateway);
    assert.deepEqual(rig.billed, ['personal', 'acme']);
  });

  it("the next profile pays when the key's provider reports a used-up account in its own format", async () => {
    const config = { profile: groqKey, keys: { groq: 'gsk_key' }, failover: [acme] };
    rig = await GatewayRig.start({ config, models: { find: async (_provider, model) => model } });
    rig.answers.push(reply(412, suspended));
    assert.equal((await chat(rig.gateway)).status, 200);
    assert.deepEqual(rig.billed, ['key', 'acme']);
    assert.equal(rig.gateway.switches.length, 1);
  });

  it('a 400 or 413 causes no failover; a 413 for a token limit is recorded as a refusal', async () => {
    await start({ failover: [acme] });
    rig.answers.push(reply(400, '{"error":{"message":"messages must not be empty"}}'), reply(413, tooLarge));
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

  describe('return to the chosen profile:', () => {
    it('only a request that can be sent twice tests it', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.clock.advance(5 * 60_000);
      const large = JSON.stringify({ model: 'acme/M', messages: [], more: 'x'.repeat(1_500_000) });
      const headers = { 'content-type': 'application/json' };
      const answer = await rig.fetch('/v1/chat/completions', { method: 'POST', body: large, headers });
      assert.equal(answer.status, 200);
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['acme', 'personal']);
    });

    const free: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the Hub', () => rig.fetch('/hub/api/models')],
      ['the list of models', () => rig.fetch('/v1/models')],
      [
        "the client's own token",
        () => chat(rig.gateway, undefined, { authorization: 'Bearer hf_callersOwn' }),
      ],
    ];
    for (const [name, send] of free) {
      it(`the next billed request tests it, not one for ${name}`, async () => {
        await start({ failover: [acme], standIn: standing });
        rig.clock.advance(5 * 60_000);
        await send();
        await chat(rig.gateway);
        assert.equal(rig.billed.at(-1), 'personal');
        assert.equal(rig.gateway.switches.at(-1)?.reason, 'returned');
      });
    }

    for (const [name, status, headers] of [
      ['was wrong', 400, {}],
      ['was for an unknown model', 404, {}],
      ['got a 429', 429, { 'retry-after': '99' }],
    ] as const) {
      it(`the next request tests it at once when the tested request ${name}`, async () => {
        await start({ failover: [acme], standIn: standing });
        rig.clock.advance(5 * 60_000);
        rig.answers.push(reply(status, '{}', headers));
        assert.equal((await chat(rig.gateway)).status, status);
        // the rate limit of the 429 lasts 99 s
        rig.clock.advance(100_000);
        await chat(rig.gateway);
        assert.deepEqual(rig.billed, ['personal', 'personal']);
      });
    }

    it('the next request tests it at once when the client of the tested request disconnected', async () => {
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
      await assert.rejects(rig.fetch('/v1/chat/completions', { method: 'POST', headers, body, signal }));
      await closed;
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['personal', 'personal']);
    });

    it('after a server error, it is tested again 30 s later', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.clock.advance(5 * 60_000);
      rig.answers.push(reply(500));
      assert.equal((await chat(rig.gateway)).status, 500);
      await chat(rig.gateway);
      rig.clock.advance(30_000);
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['personal', 'acme', 'personal']);
    });
  });

  describe('used-up account:', () => {
    const noBalance = '{"error":{"message":"Insufficient balance","code":"insufficient_quota"}}';

    it("a 402 about HF's account at a provider causes no failover", async () => {
      await start({ failover: [acme] });
      rig.answers.push(reply(402, noBalance, { 'x-inference-provider': 'deepinfra' }));
      assert.equal((await chat(rig.gateway)).status, 402);
      assert.deepEqual(rig.billed, ['personal']);
    });

    const hubsWords = [
      depleted,
      '{"error":"You have exceeded your monthly included credits for Inference Providers."}',
      '{"error":"You have reached the free monthly usage limit for groq. Add pre-paid credits to your account."}',
      '{"error":"The spending limit of this organization is reached"}',
      '{"error":"Payment required: add more credits"}',
    ];
    const statuses = [402, 403, 429];
    for (const partner of ['groq', 'Groq', 'a partner', '', 'groq, hf-inference']) {
      it(`no words of a partner cause failover, even Hugging Face's (x-inference-provider: ${partner})`, async () => {
        for (const path of ['/v1/chat/completions', '/router/groq/x']) {
          for (const status of statuses) {
            for (const words of hubsWords) {
              await start({ failover: [acme], longestWaitMs: 0 });
              rig.answers.push(reply(status, words, { 'x-inference-provider': partner }));
              const answer = await rig.fetch(path, { method: 'POST', body: '{"model":"acme/Model-7B"}' });
              assert.deepEqual([answer.status, await answer.text()], [status, words]);
              assert.deepEqual(rig.billed, ['personal']);
              await rig.gateway.close(0);
              for (const { by, cause } of rig.gateway.refusals)
                assert.ok(by !== 'huggingface' && cause !== 'unsettled');
              await rig.stop();
            }
          }
        }
        await start();
      });
    }

    const ofHuggingFace: readonly Record<string, string>[] = [{}, { 'x-inference-provider': 'hf-inference' }];
    for (const headers of ofHuggingFace) {
      it(`Hugging Face's own words cause failover (${JSON.stringify(headers)})`, async () => {
        for (const model of ['acme/Model-7B', 'acme/Model-7B:groq']) {
          await start({ failover: [acme] });
          rig.answers.push(reply(402, depleted, headers));
          assert.equal((await chat(rig.gateway, { model })).status, 200);
          assert.deepEqual(rig.billed, ['personal', 'acme']);
          await rig.stop();
        }
        await start();
      });
    }

    for (const [words, status] of [
      [depleted, 402],
      ['{"error":"The spending limit of this organization is reached"}', 403],
    ] as const) {
      it(`a provider that is asked with a key speaks of the key's account, whatever its words (${status})`, async () => {
        await start({ profile: groqKey, failover: [acme], keys: { groq: 'gsk_1' } });
        rig.answers.push(reply(status, words, { 'x-inference-provider': 'another' }));
        assert.equal((await rig.fetch('/router/groq/x', { method: 'POST' })).status, 200);
        assert.deepEqual(rig.billed, ['key', 'acme']);
        await rig.gateway.close(0);
        assert.deepEqual([rig.gateway.refusals[0]?.by, rig.gateway.tallies[0]?.provider], ['groq', 'groq']);
      });
    }

    it("Fireworks's words about its own account cause no failover of a routed request", async () => {
      await start({ failover: [acme] });
      rig.answers.push(reply(412, suspended));
      assert.equal((await rig.fetch('/router/fireworks-ai/x', { method: 'POST' })).status, 412);
      assert.deepEqual(rig.billed, ['personal']);
    });

    it("the router's words about an account at a provider cause no failover, at whatever address it is", async () => {
      await start({ failover: [acme] });
      rig.answers.push(reply(402, noBalance));
      assert.equal((await chat(rig.gateway)).status, 402);
      assert.deepEqual(rig.billed, ['personal']);
    });

    it("a 402 about the key's account at the provider causes failover", async () => {
      await start({
        profile: groqKey,
        failover: [acme],
        keys: { groq: 'gsk_1' },
      });
      rig.answers.push(reply(402, noBalance));
      const answer = await rig.fetch('/router/groq/x', { method: 'POST' });
      assert.equal(answer.status, 200);
      assert.deepEqual(rig.billed, ['key', 'acme']);
    });

    it("a 403 for an organization's spending limit causes failover, also with a pinned provider", async () => {
      await start({ profile: acme, failover: [other] });
      rig.answers.push(reply(403, '{"error":"The spending limit of this organization is reached"}'));
      assert.equal((await chat(rig.gateway, { model: 'acme/Model-7B:groq' })).status, 200);
      assert.deepEqual(rig.billed, ['acme', 'other']);
    });
  });

  describe("stand-in that can't pay:", () => {
    for (const status of [401, 403]) {
      it(`the next profile in the list pays after a ${status}`, async () => {
        await start({ failover: [acme, other] });
        rig.answers.push(reply(402, depleted), reply(status));
        assert.equal((await chat(rig.gateway)).status, 200);
        await chat(rig.gateway);
        assert.deepEqual(rig.billed, ['personal', 'acme', 'other', 'other']);
        assert.deepEqual(
          rig.gateway.switches.map(({ from, to }) => `${from} ${to}`),
          ['personal org:other'],
        );
      });
    }

    for (const status of [401, 403]) {
      it(`a partner's ${status} says nothing of its rights to pay`, async () => {
        await start({ failover: [acme, other], standIn: standing });
        rig.answers.push(reply(status, '{"error":"no"}', { 'x-inference-provider': 'groq' }));
        assert.equal((await chat(rig.gateway)).status, status);
        await chat(rig.gateway);
        assert.deepEqual(rig.billed, ['acme', 'acme']);
      });
    }

    it('the next profile in the list pays without a key for the provider', async () => {
      await start({ failover: [groqKey, acme] });
      rig.answers.push(reply(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme']);
    });

    it('the next profile in the list pays when the provider has not the model', async () => {
      await start({
        failover: [groqKey, acme],
        keys: { groq: 'gsk_1' },
      });
      rig.answers.push(reply(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme']);
    });

    it('the next profile in the list pays when the provider is unreachable', async () => {
      await start({
        failover: [groqKey, acme],
        keys: { groq: 'gsk_1' },
        providerUrls: { groq: 'http://127.0.0.1:1' },
      });
      rig.answers.push(reply(402, depleted));
      const answer = rig.fetch('/router/groq/x', { method: 'POST' });
      assert.equal((await rig.clock.result(answer)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme']);
    });

    it("the client gets the chosen profile's refusal at the end of the list, and no switch is recorded", async () => {
      await start({ failover: [acme] });
      rig.answers.push(reply(402, depleted), reply(401, '{"error":"acme?"}'));
      const answer = await chat(rig.gateway);
      assert.deepEqual([answer.status, await answer.text()], [402, depleted]);
      assert.equal(answer.headers.get('x-headroom-billed-to'), 'personal');
      assert.deepEqual(rig.gateway.switches, []);
    });

    it('the chosen profile pays when the current stand-in is refused', async () => {
      await start({ failover: [acme], standIn: standing });
      rig.answers.push(reply(401));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.deepEqual(rig.billed, ['acme', 'personal']);
      assert.equal(rig.gateway.switches.at(-1)?.reason, 'returned');
    });

    it('it is tried again with a new token', async () => {
      await start({ failover: [acme] });
      rig.answers.push(reply(402, depleted), reply(401));
      await chat(rig.gateway);
      rig.configure({ failover: [acme], token: 'hf_anotherOne' });
      rig.answers.push(reply(402, depleted));
      assert.equal((await chat(rig.gateway)).status, 200);
      assert.equal(rig.billed.at(-1), 'acme');
    });
  });

  describe('changed configuration:', () => {
    it('a stand-in removed from the list ends with one event', async () => {
      await start({ failover: [acme] });
      rig.answers.push(reply(402, depleted));
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

    it('a stand-in of a previous gateway that is not in the list ends with an event', async () => {
      await start({ failover: [other], standIn: standing });
      assert.deepEqual(rig.gateway.events, [
        { kind: 'stand-in', from: 'org:acme', to: 'personal', reason: 'returned' },
      ]);
    });

    it("the money of one account says nothing about the next one's", async () => {
      await start({ failover: [acme], token: 'hf_adas' });
      rig.answers.push(reply(402, depleted), reply(500, '{}'));
      assert.equal((await chat(rig.gateway)).status, 500);
      rig.configure({ failover: [acme], token: 'hf_bobs' });
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['personal', 'acme', 'personal']);
      assert.deepEqual(rig.gateway.switches, []);
    });

    it('a refusal that arrives after another account has signed in makes nobody stand in for that one', async () => {
      await start({ failover: [acme], token: 'hf_adas' });
      let refuse: () => void = () => undefined;
      rig.answers.push(({ socket }) => {
        refuse = () => socket.write(response(402, depleted));
        return undefined;
      });
      const adas = chat(rig.gateway);
      await rig.arrival(1);
      rig.clock.advance(1_000);
      rig.configure({ failover: [acme], token: 'hf_bobs' });
      refuse();
      assert.equal((await adas).status, 402);
      await chat(rig.gateway);
      assert.deepEqual(rig.billed, ['personal', 'personal']);
    });

    it('a held request is sent with the new profile and token', async () => {
      await start({ failover: [acme, other] });
      rig.answers.push(reply(402, depleted), reply(429, '{}', { 'retry-after': '9' }));
      const answer = chat(rig.gateway);
      await rig.clock.until(() => rig.arrived.length === 2);
      rig.configure({ profile: other, token: 'hf_anotherOne' });
      assert.equal((await rig.clock.result(answer)).status, 200);
      assert.deepEqual(rig.billed, ['personal', 'acme', 'other']);
      assert.match(rig.arrived[2]?.head ?? '', /^authorization: Bearer hf_anotherOne$/m);
    });
  });

  it('x-headroom-billed-to is on every billed response, and on no other', async () => {
    await start({ profile: acme });
    const answered = await chat(rig.gateway);
    assert.equal(answered.headers.get('x-headroom-billed-to'), 'org:acme');
    assert.equal(await answered.text(), ok);
    rig.answers.push(reply(500));
    assert.equal((await chat(rig.gateway)).headers.get('x-headroom-billed-to'), 'org:acme');
    const own = await chat(rig.gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
    assert.equal(own.headers.get('x-headroom-billed-to'), 'own-token+org:acme');
    for (const path of ['/v1/models', '/hub/api/models']) {
      const listed = await rig.fetch(path);
      assert.equal(listed.headers.get('x-headroom-billed-to'), null);
    }
  });
});
