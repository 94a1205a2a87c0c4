import assert from 'node:assert/strict';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { ManualClock } from './manualClock.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { chat, configTo, gatewayTo, type TestGateway, withKey } from './testGateway.ts';

const depleted =
  '{"error":"You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers."}';
const ok = '{"usage":{"prompt_tokens":12,"completion_tokens":3}}';
const dear = '{"usage":{"prompt_tokens":12,"completion_tokens":3,"estimated_cost":0.02}}';
const acme = { kind: 'organization', name: 'acme' } as const;
const other = { kind: 'organization', name: 'other' } as const;
const groqKey = { kind: 'provider-key', provider: 'groq' } as const;

describe('who pays at the gateway', () => {
  let answers: ((request: RawRequest) => string | undefined)[];
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let clock: ManualClock;

  beforeEach(async () => {
    answers = [];
    upstream = await rawUpstream(request => {
      const next = answers.shift();
      const answer = next ? next(request) : response(200, ok);
      if (answer === undefined) request.socket.destroy();
      else request.socket.write(answer);
    });
    clock = new ManualClock();
  });
  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  const start = async (config: Partial<GatewayConfig> = {}) => {
    gateway = await gatewayTo(upstream.url, { clock, config });
  };
  const says =
    (status: number, body = '{}', headers: Record<string, string> = {}) =>
    () =>
      response(status, body, headers);
  const billed = () =>
    upstream.requests.map(({ head }) => {
      if (/^authorization: Bearer gsk_/m.test(head)) return 'key';
      return /^x-hf-bill-to: (.*)$/m.exec(head)?.[1] ?? 'personal';
    });
  const standing = () => ({ profile: acme, reason: 'credits', since: clock.now() }) as const;

  describe('when the wait for a hold to pass was in vain', () => {
    it('is the next one, as for credits', async () => {
      await start({ failover: [acme], longestWaitMs: 5_000 });
      for (let at = 0; at < 5; at++) await chat(gateway);
      answers.push(says(402, depleted), says(402, depleted));
      const answer = chat(gateway);
      clock.advance(await clock.wait());
      assert.equal((await answer).status, 200);
      assert.deepEqual(billed(), [...Array(7).fill('personal'), 'acme']);
      assert.deepEqual(
        gateway.switches.map(({ to, reason }) => `${to} ${reason}`),
        ['org:acme credits'],
      );
    });

    it('is nobody when nobody was named: the caller is told what it waited for', async () => {
      await start({ longestWaitMs: 1_000 });
      for (let at = 0; at < 5; at++) await chat(gateway);
      answers.push(says(402, depleted));
      const answer = await chat(gateway);
      assert.deepEqual(
        [answer.status, answer.headers.get('x-headroom-cause'), answer.headers.get('x-should-retry')],
        [402, 'unsettled', 'false'],
      );
    });
  });

  it('is not waited for where the requests cost as much as is held for them', async () => {
    await start({ failover: [acme] });
    for (let at = 0; at < 5; at++) {
      answers.push(says(200, dear));
      await (await chat(gateway)).text();
    }
    clock.advance(100);
    answers.push(says(402, depleted));
    assert.equal((await chat(gateway)).status, 200);
    assert.equal(billed().at(-1), 'acme');
  });

  it('is not explained by what callers with a token of their own asked for', async () => {
    await start();
    const own = { authorization: 'Bearer hf_callersOwn' };
    for (let at = 0; at < 5; at++) await chat(gateway, undefined, own);
    answers.push(says(402, depleted));
    const answer = await chat(gateway, undefined, own);
    assert.deepEqual([answer.status, answer.headers.get('x-headroom-cause')], [402, 'credits']);
  });

  describe('is tried again', () => {
    const free: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the Hub', () => fetch(`${gateway.url}/hub/api/models`, { headers: withKey() })],
      ['the list of models', () => fetch(`${gateway.url}/v1/models`, { headers: withKey() })],
      ['a token of the caller', () => chat(gateway, undefined, { authorization: 'Bearer hf_callersOwn' })],
    ];
    for (const [name, ask] of free) {
      it(`by the next request that is billed, not by one for ${name}`, async () => {
        await start({ failover: [acme], standIn: standing() });
        clock.advance(5 * 60_000);
        await ask();
        await chat(gateway);
        assert.equal(billed().at(-1), 'personal');
        assert.equal(gateway.switches.at(-1)?.reason, 'returned');
      });
    }

    for (const [name, status, headers] of [
      ['was wrong', 400, {}],
      ['was for a model that is not there', 404, {}],
      ['was refused for its rate', 429, { 'retry-after': '99' }],
    ] as const) {
      it(`at once, when the request that did ${name}`, async () => {
        await start({ failover: [acme], standIn: standing() });
        clock.advance(5 * 60_000);
        answers.push(says(status, '{}', headers));
        assert.equal((await chat(gateway)).status, status);
        // the rate limit holds everybody meanwhile
        clock.advance(100_000);
        await chat(gateway);
        assert.deepEqual(billed(), ['personal', 'personal']);
      });
    }

    it('at once, when the client of the request that did went away', async () => {
      await start({ failover: [acme], standIn: standing() });
      clock.advance(5 * 60_000);
      const gone = new AbortController();
      answers.push(() => {
        gone.abort();
        return '';
      });
      const body = JSON.stringify({ model: 'acme/Model-7B' });
      const headers = withKey({ 'content-type': 'application/json' });
      const url = `${gateway.url}/v1/chat/completions`;
      await assert.rejects(fetch(url, { method: 'POST', headers, body, signal: gone.signal }));
      await new Promise(resolve => upstream.requests[0]?.socket.once('close', resolve));
      await chat(gateway);
      assert.deepEqual(billed(), ['personal', 'personal']);
    });

    it('half a minute later, when the server failed: else nobody would stand in', async () => {
      await start({ failover: [acme], standIn: standing() });
      clock.advance(5 * 60_000);
      answers.push(says(500));
      assert.equal((await chat(gateway)).status, 500);
      await chat(gateway);
      clock.advance(30_000);
      await chat(gateway);
      assert.deepEqual(billed(), ['personal', 'acme', 'personal']);
    });
  });

  describe("is nobody else for what is not the payer's own money", () => {
    const noBalance = '{"error":{"message":"Insufficient balance","code":"insufficient_quota"}}';

    it('Hugging Face has none at a provider', async () => {
      await start({ failover: [acme] });
      answers.push(says(402, noBalance, { 'x-inference-provider': 'deepinfra' }));
      assert.equal((await chat(gateway)).status, 402);
      assert.deepEqual(billed(), ['personal']);
    });

    it("but the owner of a key is refused by the key's provider", async () => {
      await start({
        profile: groqKey,
        failover: [acme],
        keys: { groq: 'gsk_1' },
        providerUrls: { groq: upstream.url },
      });
      answers.push(says(402, noBalance));
      const answer = await fetch(`${gateway.url}/router/groq/x`, { method: 'POST', headers: withKey() });
      assert.equal(answer.status, 200);
      assert.deepEqual(billed(), ['key', 'acme']);
    });

    it("and an organization's limit is one of Hugging Face, whichever provider was asked for", async () => {
      await start({ profile: acme, failover: [other] });
      answers.push(says(403, '{"error":"The spending limit of this organization is reached"}'));
      assert.equal((await chat(gateway, { model: 'acme/Model-7B:groq' })).status, 200);
      assert.deepEqual(billed(), ['acme', 'other']);
    });
  });

  describe('when a stand-in can not pay', () => {
    for (const status of [401, 403]) {
      it(`goes on down the list: ${status}`, async () => {
        await start({ failover: [acme, other] });
        answers.push(says(402, depleted), says(status));
        assert.equal((await chat(gateway)).status, 200);
        await chat(gateway);
        assert.deepEqual(billed(), ['personal', 'acme', 'other', 'other']);
        assert.deepEqual(
          gateway.switches.map(({ from, to }) => `${from} ${to}`),
          ['personal org:other'],
        );
      });
    }

    it('goes on down the list: no key, and no such route', async () => {
      await start({ failover: [groqKey, acme] });
      answers.push(says(402, depleted));
      assert.equal((await chat(gateway)).status, 200);
      assert.deepEqual(billed(), ['personal', 'acme']);
    });

    it('goes on down the list: the model is not there', async () => {
      await start({
        failover: [groqKey, acme],
        keys: { groq: 'gsk_1' },
        providerUrls: { groq: upstream.url },
      });
      answers.push(says(402, depleted));
      assert.equal((await chat(gateway)).status, 200);
      assert.deepEqual(billed(), ['personal', 'acme']);
    });

    it('goes on down the list: its server is not there', async () => {
      await start({
        failover: [groqKey, acme],
        keys: { groq: 'gsk_1' },
        providerUrls: { groq: 'http://127.0.0.1:1' },
      });
      answers.push(says(402, depleted));
      const answer = fetch(`${gateway.url}/router/groq/x`, { method: 'POST', headers: withKey() });
      for (let tries = 0; tries < 2; tries++) clock.advance(await clock.wait());
      assert.equal((await answer).status, 200);
      assert.deepEqual(billed(), ['personal', 'acme']);
    });

    it("is told with the chosen one's refusal when nobody is left, and without a switch", async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted), says(401, '{"error":"acme?"}'));
      const answer = await chat(gateway);
      assert.deepEqual([answer.status, await answer.text()], [402, depleted]);
      assert.equal(answer.headers.get('x-headroom-billed-to'), 'personal');
      assert.deepEqual(gateway.switches, []);
    });

    it('asks the chosen one when it stood in already', async () => {
      await start({ failover: [acme], standIn: standing() });
      answers.push(says(401));
      assert.equal((await chat(gateway)).status, 200);
      assert.deepEqual(billed(), ['acme', 'personal']);
      assert.equal(gateway.switches.at(-1)?.reason, 'returned');
    });

    it('is asked again once there is another token', async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted), says(401));
      await chat(gateway);
      gateway.configure(configTo(upstream.url, { failover: [acme], token: 'hf_anotherOne' }));
      answers.push(says(402, depleted));
      assert.equal((await chat(gateway)).status, 200);
      assert.equal(billed().at(-1), 'acme');
    });
  });

  describe('when who may stand in changes', () => {
    it('the one who does and may no longer is told to have ended, once', async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted));
      await chat(gateway);
      const [first] = gateway.events;
      const standIn = first?.kind === 'stand-in' ? first.standIn : undefined;
      assert.ok(standIn);
      gateway.configure(configTo(upstream.url, { failover: [], standIn }));
      gateway.configure(configTo(upstream.url, { failover: [], standIn }));
      assert.deepEqual(gateway.events.slice(1), [
        { kind: 'stand-in', from: 'org:acme', to: 'personal', reason: 'returned' },
      ]);
      assert.equal(gateway.switches.length, 2);
      await chat(gateway);
      assert.equal(billed().at(-1), 'personal');
    });

    it('so is one of a former gateway', async () => {
      await start({ failover: [other], standIn: standing() });
      assert.deepEqual(gateway.events, [
        { kind: 'stand-in', from: 'org:acme', to: 'personal', reason: 'returned' },
      ]);
    });

    it('a request that waits is sent as it is set now', async () => {
      await start({ failover: [acme, other] });
      answers.push(says(402, depleted), says(429, '{}', { 'retry-after': '9' }));
      const answer = chat(gateway);
      const delayMs = await clock.wait();
      gateway.configure(configTo(upstream.url, { profile: other, token: 'hf_anotherOne' }));
      clock.advance(delayMs);
      assert.equal((await answer).status, 200);
      assert.deepEqual(billed(), ['personal', 'acme', 'other']);
      assert.match(upstream.requests[2]?.head ?? '', /^authorization: Bearer hf_anotherOne$/m);
    });
  });

  it('is told with every answer that is billed, and with no other', async () => {
    await start({ profile: acme });
    const answered = await chat(gateway);
    assert.equal(answered.headers.get('x-headroom-billed-to'), 'org:acme');
    assert.equal(await answered.text(), ok);
    answers.push(says(500));
    assert.equal((await chat(gateway)).headers.get('x-headroom-billed-to'), 'org:acme');
    const own = await chat(gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
    assert.equal(own.headers.get('x-headroom-billed-to'), 'own-token+org:acme');
    for (const path of ['/v1/models', '/hub/api/models']) {
      const listed = await fetch(gateway.url + path, { headers: withKey() });
      assert.equal(listed.headers.get('x-headroom-billed-to'), null);
    }
  });
});
