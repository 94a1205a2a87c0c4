import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type GatewaySetupOptions, type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { llama } from './payers.ts';

const messages = [{ role: 'user' as const, content: 'Say hello' }];
const acme = { kind: 'organization', name: 'acme' } as const;
const groqKey = { kind: 'provider-key', provider: 'groq' } as const;
const spent = { credits: { usedNanoUsd: 2_000_000_000 } };
const acmeSpent = {
  credits: { usedNanoUsd: 60_000_000_000, includedNanoUsd: 10_000_000_000, prepaidNanoUsd: 0 },
};

describe('gateway failover with openai and @anthropic-ai/sdk:', () => {
  let setup: GatewayTestSetup;
  const start = async (options: GatewaySetupOptions) => {
    setup = await gatewaySetup(options);
  };
  afterEach(() => setup.close());

  const ask = (model = llama) =>
    new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key }).chat.completions
      .create({ model, messages })
      .then(
        answer => answer.model,
        (error: unknown) =>
          error instanceof OpenAI.APIError ? `${error.status} ${error.message}` : String(error),
      );
  const askAnthropic = () =>
    new Anthropic({ baseURL: setup.url, authToken: setup.key, apiKey: null }).messages
      .create({ model: llama, max_tokens: 9, messages })
      .then(
        answer => answer.model,
        (error: unknown) =>
          error instanceof Anthropic.APIError ? `${error.status} ${error.message}` : String(error),
      );
  const arrived = () =>
    setup
      .received()
      .map(({ server, headers, status }) => `${server} ${headers['x-hf-bill-to'] ?? '-'} ${status}`);

  it('an organization pays in place of spent credits without an error, and the switch is reported and recorded', async () => {
    await start({ config: { failover: [acme, groqKey] } });
    await setup.patch({ users: { ada: spent } });
    assert.equal(await ask(), llama);
    assert.deepEqual(arrived(), ['router - 402', 'router acme 200']);
    assert.equal(await ask(), llama);
    assert.deepEqual(arrived().slice(2), ['router acme 200']);
    const [event] = setup.events;
    assert.deepEqual(event?.kind === 'stand-in' && [event.from, event.to, event.reason], [
      'personal',
      'org:acme',
      'credits',
    ]);
    const { from, to, reason } =
      setup.ledger.switchesWithin({ from: 0, until: Infinity }, 1)[0] ?? assert.fail();
    assert.deepEqual([from, to, reason], ['personal', 'org:acme', 'credits']);
  });

  it('one request fails over once; the next request tries the next profile', async () => {
    await start({ config: { failover: [acme, groqKey] } });
    await setup.patch({ users: { ada: spent }, orgs: { acme: acmeSpent } });
    assert.match(await ask(), /^402 .*You have depleted/);
    assert.equal(await ask(), 'llama-3.1-8b-instant');
    assert.deepEqual(arrived(), ['router - 402', 'router acme 402', 'partners - 200']);
  });

  it('the chosen profile pays again once it has credits', async () => {
    await start({ config: { failover: [acme] } });
    await setup.patch({ users: { ada: spent } });
    await ask();
    await setup.patch({ users: { ada: { credits: { usedNanoUsd: 0 } } } });
    setup.gateway.creditsReturned();
    await ask();
    await ask();
    assert.deepEqual(arrived(), ['router - 402', 'router acme 200', 'router - 200', 'router - 200']);
    assert.equal(setup.ledger.switchesWithin({ from: 0, until: Infinity }, 1)[0]?.reason, 'returned');
  });

  it('unsettled requests cause no failover: the request is held', async () => {
    await start({ scenario: 'free', config: { failover: [groqKey], longestWaitMs: 480_000 } });
    await setup.patch({ users: { bob: { credits: { usedNanoUsd: 0 } } } });
    const model = `${llama}:novita`;
    for (let index = 0; index < 10; index += 1) assert.equal(await ask(model), llama);
    setup.emulator.world.clock.set({ rate: 200 });
    assert.equal(await ask(model), llama);
    assert.ok(setup.received().every(({ server }) => server === 'router'));
    assert.deepEqual(setup.ledger.switchesWithin({ from: 0, until: Infinity }, 1), []);
  });

  it("a request that the stand-in can't pay for gets the chosen profile's 402", async () => {
    await start({ config: { failover: [groqKey] } });
    await setup.patch({ users: { ada: spent } });
    assert.match(await askAnthropic(), /^402 .*You have depleted/);
    assert.match(await askAnthropic(), /^402 .*You have depleted/);
    assert.match(await ask('zai-org/GLM-4.6'), /^402 .*You have depleted/);
    assert.match(await ask(`${llama}:cerebras`), /^402 .*You have depleted/);
    assert.deepEqual(arrived(), Array(4).fill('router - 402'));
    assert.equal(await ask(), 'llama-3.1-8b-instant');
    await setup.patch({ users: { ada: { credits: { usedNanoUsd: 0 } } } });
    assert.equal(await askAnthropic(), llama);
    assert.equal(await ask(), llama);
    assert.equal(setup.ledger.switchesWithin({ from: 0, until: Infinity }, 1)[0]?.reason, 'returned');
  });

  it("a 402 is passed on, recorded and reported when the stand-in doesn't have the model", async () => {
    await start({ config: { failover: [groqKey] } });
    await setup.patch({ users: { ada: spent } });
    assert.match(await ask('zai-org/GLM-4.6'), /^402 .*You have depleted/);
    await setup.gateway.close(1_000);
    const [tally] = setup.ledger.lastTallies(1);
    assert.deepEqual([tally?.status, tally?.billedTo], [402, 'personal']);
    assert.ok(setup.events.some(({ kind }) => kind === 'refusal'));
  });

  it('no failover without headroom.billing.failover', async () => {
    await start({});
    await setup.patch({ users: { ada: spent } });
    assert.match(await ask(), /^402/);
    assert.deepEqual(arrived(), ['router - 402']);
  });

  it("no failover for a program's own token", async () => {
    await start({ scenario: 'exhausted', config: { failover: [acme] } });
    const own = { ...setup, key: setup.emulator.token ?? '' };
    const client = new OpenAI({ baseURL: `${own.url}/v1`, apiKey: own.key });
    await assert.rejects(client.chat.completions.create({ model: llama, messages }), { status: 402 });
    assert.deepEqual(arrived(), ['router - 402']);
  });
});
