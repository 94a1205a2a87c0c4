import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { clientOf, errorOf, failureOf, messages } from './openAiClient.ts';
import { assertAtGroq, llama } from './payers.ts';
import { describeTextClient } from './textClient.ts';

describeTextClient({
  name: 'openai, chat',
  direct: true,
  errorOf,
  async ask(setup, model) {
    const { choices } = await clientOf(setup).chat.completions.create({ model, messages });
    return choices[0]?.message.content ?? '';
  },
});

describeTextClient({
  name: 'openai, chat, streamed',
  direct: true,
  errorOf,
  async ask(setup, model) {
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    let text = '';
    let tokens = 0;
    for await (const chunk of await clientOf(setup).chat.completions.create({
      model,
      messages,
      ...options,
    })) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    assert.ok(tokens > 0);
    return text;
  },
});

describeTextClient({
  name: 'openai, responses',
  direct: false,
  errorOf,
  ask: async (setup, model) =>
    (await clientOf(setup).responses.create({ model, input: 'Say hello' })).output_text,
});

describeTextClient({
  name: 'openai, responses, streamed',
  direct: false,
  errorOf,
  async ask(setup, model) {
    let text = '';
    for await (const event of await clientOf(setup).responses.create({
      model,
      input: 'Say hello',
      stream: true,
    })) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    return text;
  },
});

describe('gateway with openai:', () => {
  let setup: GatewayTestSetup;
  beforeEach(async () => {
    setup = await gatewaySetup();
  });
  afterEach(() => setup.close());

  const ids = async (): Promise<string[]> => {
    const list = [];
    for await (const { id } of clientOf(setup).models.list()) list.push(id);
    return list;
  };

  for (const profile of ['personal', 'org:acme', 'org:strangers', 'key:groq']) {
    it(`models.list under ${profile} has HF's models and no X-HF-Bill-To`, async () => {
      setup.setProfile(profile);
      assert.ok((await ids()).includes(llama));
      const { server, path, headers } = setup.only();
      assert.deepEqual([server, path, headers['x-hf-bill-to']], ['router', '/v1/models', undefined]);
    });
  }

  it('/v1/models/{id} shows one model', async () => {
    const { data } = await clientOf(setup).get<{ data: { id: string } }>(`/models/${llama}`);
    assert.equal(data.id, llama);
    assert.equal(setup.only().path, `/v1/models/${llama}`);
  });

  it("a response has the provider's headers; a refusal has x-headroom-billed-to and x-headroom-cause", async () => {
    setup.setProfile('org:acme');
    const model = `${llama}:groq`;
    const { response } = await clientOf(setup).chat.completions.create({ model, messages }).withResponse();
    assert.equal(response.headers.get('x-ratelimit-limit-tokens'), '300000');
    assert.equal(response.headers.get('x-inference-provider'), 'groq');
    await setup.patch({ providers: { groq: { refuseNext: 1 } } });
    const refused = await clientOf(setup)
      .chat.completions.create({ model, messages })
      .then(
        () => assert.fail(),
        (error: unknown) => error,
      );
    assert.ok(refused instanceof OpenAI.RateLimitError);
    assert.equal(refused.headers.get('x-headroom-billed-to'), 'org:acme');
    assert.equal(refused.headers.get('x-headroom-cause'), 'tokens');
    assert.equal(refused.headers.get('x-should-retry'), 'false');
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
  });

  it('Retry-After on a 200 is ignored', async () => {
    const { choices } = await clientOf(setup).chat.completions.create({
      model: 'openai/gpt-oss-120b:together',
      messages,
    });
    assert.match(choices[0]?.message.content ?? '', /served by together/);
    assert.equal(setup.received().length, 1);
  });

  it('a broken stream breaks at the client, and is not retried', async () => {
    setup.emulator.world.faults.push({ kind: 'reset-mid-body', server: 'router', afterWrites: 3 });
    const stream = await clientOf(setup).chat.completions.create({ model: llama, messages, stream: true });
    await assert.rejects(async () => {
      for await (const _ of stream);
    });
    assert.equal(setup.received().length, 1);
  });

  it('a client that aborts a stream ends the upstream request', async () => {
    await setup.patch({ router: { chunkDelayMs: 60_000 } });
    const stream = await clientOf(setup).chat.completions.create({ model: llama, messages, stream: true });
    for await (const _ of stream) break;
    stream.controller.abort();
    while (!setup.only().cutOff) await new Promise(resolve => setTimeout(resolve, 5));
  });

  it('the ledger has payer, provider, model, tokens and cost of each request', async () => {
    setup.setProfile('org:acme');
    await clientOf(setup).chat.completions.create({ model: `${llama}:groq`, messages });
    setup.setProfile('key:groq');
    await clientOf(setup).chat.completions.create({ model: llama, messages });
    await setup.gateway.close(1_000);
    const tallies = setup.ledger.lastTallies(2).reverse();
    assert.deepEqual(
      tallies.map(({ status, billedTo, provider, model }) => [status, billedTo, provider, model]),
      [
        [200, 'org:acme', 'groq', llama],
        [200, 'key:groq', 'groq', llama],
      ],
    );
    for (const { promptTokens = 0, completionTokens = 0, costNanoUsd } of tallies) {
      assert.ok(promptTokens > 0 && completionTokens > 0);
      assert.equal(costNanoUsd, promptTokens * 50 + completionTokens * 80);
    }
  });

  it('gzipped responses, whole and streamed, arrive unchanged, and their tokens are recorded', async () => {
    await setup.patch({ compress: true });
    const create = { model: `${llama}:groq`, messages };
    const { response } = await clientOf(setup).chat.completions.create(create).withResponse();
    assert.equal(response.headers.get('content-encoding'), 'gzip');
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    let text = '';
    for await (const { choices } of await clientOf(setup).chat.completions.create({ ...create, ...options }))
      text += choices[0]?.delta.content ?? '';
    assert.match(text, /^Hello from/);
    await setup.gateway.close(1_000);
    const counted = setup.ledger.lastTallies(2).map(({ completionTokens }) => completionTokens);
    assert.deepEqual(counted, [16, 16]);
  });

  it('the model is replaced for a provider key when it stands behind megabytes of JSON', async () => {
    setup.setProfile('key:novita');
    const content = 'a "model": "of" no meaning, '.repeat(100_000);
    const body = JSON.stringify({
      messages: [{ role: 'user', content: '?' }],
      stop: [content],
      model: llama,
    });
    const response = await fetch(`${setup.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${setup.key}`, 'content-type': 'application/json' },
      body,
    });
    assert.equal(response.status, 200);
    const sent = setup.only();
    assert.deepEqual(sent.body, { ...JSON.parse(body), model: 'meta-llama/llama-3.1-8b-instruct' });
    assert.equal(sent.headers['content-length'], String(sent.size));
  });

  it('a provider key works while the token has expired', async () => {
    setup.configure({ token: tokens.adaExpired });
    setup.setProfile('key:groq');
    const { choices } = await clientOf(setup).chat.completions.create({ model: llama, messages });
    assert.match(choices[0]?.message.content ?? '', /served by groq/);
    assertAtGroq(setup);
  });

  it("a program's own token goes to HF, also under a provider key", async () => {
    setup.setProfile('key:groq');
    const client = new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: tokens.bob });
    await client.chat.completions.create({ model: llama, messages });
    const { server, headers } = setup.only();
    assert.deepEqual(
      [server, headers.authorization, headers['x-hf-bill-to']],
      ['router', `Bearer ${tokens.bob}`, undefined],
    );
  });

  it('a 502 names the reason: connection closed without a response, or connection refused', async () => {
    const client = new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key, maxRetries: 0 });
    const failure = () => failureOf(client.chat.completions.create({ model: llama, messages }));
    setup.emulator.world.faults.push({ kind: 'reset', server: 'router' });
    const broken = await failure();
    assert.equal(broken.status, 502);
    assert.match(broken.message, /ended the connection without an answer .*It may have done the work/);
    assert.equal(setup.received().length, 1);
    const { hubUrl, endpointsUrl } = setup.emulator;
    setup.configure({ servers: { hubUrl, endpointsUrl, routerUrl: 'http://127.0.0.1:9' } });
    const down = await failure();
    assert.equal(down.status, 502);
    assert.match(down.message, /can't be reached \(ECONNREFUSED\)\. Check the network/);
  });

  it("/router/{provider}: the provider's own route and model id work under a provider key", async () => {
    setup.setProfile('key:groq');
    const client = new OpenAI({ baseURL: `${setup.url}/router/groq/openai/v1`, apiKey: setup.key });
    const { model } = await client.chat.completions.create({ model: 'llama-3.1-8b-instant', messages });
    assert.equal(model, 'llama-3.1-8b-instant');
    assert.equal(setup.only().headers.authorization, `Bearer ${adaKey('groq')}`);
  });
});
