import assert from 'node:assert/strict';
import {
  commit,
  downloadFile,
  HubApiError,
  listDatasets,
  listModels,
  uploadFile,
  whoAmI,
} from '@huggingface/hub';
import { InferenceClient } from '@huggingface/inference';
import OpenAI from 'openai';
import type { Emulator } from '../emulator/server.ts';
import { admin, frozenEmulator, redirectedTo } from './emulatorCalls.ts';

const model = 'openai/gpt-oss-120b';
const messages = [{ role: 'user' as const, content: 'Say hello' }];

describe('emulator with @huggingface/hub:', () => {
  let emulator: Emulator;
  let where: { hubUrl: string; accessToken: string };
  beforeEach(async () => {
    emulator = await frozenEmulator();
    where = { hubUrl: emulator.hubUrl, accessToken: emulator.token ?? '' };
  });
  afterEach(() => emulator.close());

  it('whoAmI returns the user, and rejects with HubApiError 401 and the request id', async () => {
    const me = await whoAmI(where);
    assert.deepEqual([me.type, me.name, me.auth.accessToken?.role], ['user', 'ada', 'write']);
    assert.ok(me.auth.accessToken?.createdAt instanceof Date);
    await assert.rejects(whoAmI({ ...where, accessToken: 'hf_wrong' }), (error: HubApiError) => {
      return (
        error instanceof HubApiError && error.statusCode === 401 && /^Root=1-/.test(error.requestId ?? '')
      );
    });
  });

  it('listModels follows the Link header over all pages', async () => {
    // The client asks for 500 rows per page. The Link header keeps the rest of its query.
    const pageOf10 = (input: string | URL | Request, init?: RequestInit) =>
      fetch(String(input).replace('limit=500', 'limit=10'), init);
    const names: string[] = [];
    for await (const { name } of listModels({ ...where, search: { owner: 'acme' }, fetch: pageOf10 }))
      names.push(name);
    assert.equal(names.length, 42);
    assert.equal(new Set(names).size, 42);
    assert.equal(emulator.requests().length, 5);
    const datasets = [];
    for await (const { name } of listDatasets(where)) datasets.push(name);
    assert.deepEqual(datasets, ['ada/reviews']);
  });

  it('downloadFile, uploadFile and commit change a file in git', async () => {
    const repo = 'ada/bert-finetuned';
    const config = await downloadFile({ ...where, repo, path: 'config.json' });
    assert.equal(await config?.text(), '{"model_type":"llama","hidden_size":4096}\n');
    assert.equal(await downloadFile({ ...where, repo, path: 'none.txt' }), null);
    const uploaded = await uploadFile({
      ...where,
      repo,
      file: { path: 'notes.txt', content: new Blob(['hello']) },
    });
    assert.match(uploaded?.commit.oid ?? '', /^[0-9a-f]{40}$/);
    assert.equal(await (await downloadFile({ ...where, repo, path: 'notes.txt' }))?.text(), 'hello');
    await commit({
      ...where,
      repo,
      title: 'remove',
      operations: [{ operation: 'delete', path: 'notes.txt' }],
    });
    assert.equal(await downloadFile({ ...where, repo, path: 'notes.txt' }), null);
  });

  it('downloadFile of a private repository rejects with 404 for other users, 401 without a token', async () => {
    const file = { repo: 'ada/secret-model', path: 'config.json', hubUrl: emulator.hubUrl };
    assert.ok(await downloadFile({ ...file, accessToken: where.accessToken }));
    await assert.rejects(downloadFile({ ...file, accessToken: 'hf_emulator_free_bob' }), { statusCode: 404 });
    await assert.rejects(downloadFile(file), { statusCode: 401 });
  });

  it("listModels rejects with HF's 429 text when the api window is full", async () => {
    await admin(emulator, '/state', { limits: { api: 0 } });
    await assert.rejects(listModels(where).next(), (error: HubApiError) => {
      return (
        error.statusCode === 429 &&
        error.message.startsWith('We had to rate limit you, you hit the quota of 0 api')
      );
    });
  });
});

describe('emulator with @huggingface/inference:', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  it('chatCompletion and chatCompletionStream work through endpointUrl', async () => {
    const client = new InferenceClient(emulator.token ?? '', { endpointUrl: `${emulator.routerUrl}/v1` });
    const whole = await client.chatCompletion({ model, messages });
    assert.match(
      whole.choices[0]?.message.content ?? '',
      /^Hello from openai\/gpt-oss-120b served by cerebras/,
    );
    let text = '';
    for await (const chunk of client.chatCompletionStream({ model: `${model}:groq`, messages })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    assert.match(text, /served by groq/);
  });

  it("chatCompletion with a provider uses the Hub's mapping for the route, and bills billTo", async () => {
    const client = new InferenceClient(emulator.token ?? '', {
      fetch: redirectedTo(emulator),
      billTo: 'acme',
    });
    const answer = await client.chatCompletion({
      provider: 'groq',
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      messages,
    });
    assert.match(answer.choices[0]?.message.content ?? '', /served by groq/);
    const last = emulator.requests().at(-1);
    assert.equal(last?.path, '/groq/openai/v1/chat/completions');
    assert.equal(last?.headers['x-hf-bill-to'], 'acme');
    assert.deepEqual(Object.entries(last?.body ?? {})[0], ['model', 'llama-3.1-8b-instant']);
  });

  it("chatCompletion rejects with HF's 402 text", async () => {
    await admin(emulator, '/scenario', { name: 'exhausted' });
    const client = new InferenceClient(emulator.token ?? '', { fetch: redirectedTo(emulator) });
    await assert.rejects(
      client.chatCompletion({ model, messages }),
      /depleted your monthly included credits/,
    );
  });
});

describe('emulator with openai:', () => {
  let emulator: Emulator;
  let client: OpenAI;
  beforeEach(async () => {
    emulator = await frozenEmulator();
    client = new OpenAI({ baseURL: `${emulator.routerUrl}/v1`, apiKey: emulator.token ?? '', maxRetries: 0 });
  });
  afterEach(() => emulator.close());

  it('models.list returns the router’s models', async () => {
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    assert.ok(ids.includes(model));
  });

  it('chat.completions work whole, and streamed with usage', async () => {
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    assert.equal(data.choices[0]?.finish_reason, 'stop');
    assert.equal(response.headers.get('x-inference-provider'), 'cerebras');
    const stream = await client.chat.completions.create({
      model: `${model}:groq`,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let total = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? '';
      total = usage?.total_tokens ?? total;
    }
    assert.match(text, /one word at a time\.$/);
    assert.ok(total > 0);
  });

  it('responses work whole and streamed', async () => {
    const whole = await client.responses.create({ model, input: 'Say hello' });
    assert.match(whole.output_text, /^Hello from/);
    let text = '';
    for await (const event of await client.responses.create({ model, input: 'Say hello', stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.equal(text, whole.output_text);
  });

  it("chat.completions reject with a provider's 429 and HF's 402", async () => {
    await admin(emulator, '/state', { providers: { groq: { refuseNext: 1 } } });
    await assert.rejects(
      client.chat.completions.create({ model: `${model}:groq`, messages }),
      (error: unknown) => {
        return (
          error instanceof OpenAI.RateLimitError &&
          error.code === 'rate_limit_exceeded' &&
          error.headers.get('retry-after') === '60'
        );
      },
    );
    await admin(emulator, '/state', { users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } });
    await assert.rejects(client.chat.completions.create({ model, messages }), (error: unknown) => {
      return error instanceof OpenAI.APIError && error.status === 402 && /depleted/.test(error.message);
    });
  });
});
