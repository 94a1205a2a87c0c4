import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { createRepo, listModels } from '@huggingface/hub';
import { InferenceClient } from '@huggingface/inference';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { GatewayRig, windowHeaders } from './gatewayRig.ts';
import { response } from './rawUpstream.ts';
import { key, withKey } from './testGateway.ts';

const model = 'acme/Model-7B';
const messages = [{ role: 'user' as const, content: 'Say hello' }];
const prompt = 'Say hello';

/** What each client's user reads: the thrown error as it is printed. docs/gateway.md has the table. */
const clients: Readonly<Record<string, (url: string, apiKey: string) => Promise<unknown>>> = {
  openai: (url, apiKey) => openAi(url, apiKey).chat.completions.create({ model, messages }),
  'openai, streamed': (url, apiKey) =>
    openAi(url, apiKey).chat.completions.create({ model, messages, stream: true }),
  'openai, responses': (url, apiKey) => openAi(url, apiKey).responses.create({ model, input: prompt }),
  '@anthropic-ai/sdk': (url, apiKey) =>
    new Anthropic({ baseURL: url, authToken: apiKey, apiKey: null, maxRetries: 0 }).messages.create({
      model,
      messages,
      max_tokens: 9,
    }),
  '@huggingface/inference': (url, apiKey) =>
    new InferenceClient(apiKey, { endpointUrl: `${url}/v1` }).chatCompletion({ model, messages }),
  '@huggingface/inference, streamed': (url, apiKey) =>
    new InferenceClient(apiKey, { endpointUrl: `${url}/v1` })
      .chatCompletionStream({ model, messages })
      .next(),
  '@huggingface/inference, a task': (url, apiKey) =>
    new InferenceClient(apiKey, { endpointUrl: `${url}/v1/${model}` }).featureExtraction({ inputs: prompt }),
  'ai, generateText': (url, apiKey) => generateText({ model: aiModel(url, apiKey), prompt, maxRetries: 0 }),
  'ai, streamText': async (url, apiKey) => {
    const stream = streamText({ model: aiModel(url, apiKey), prompt, maxRetries: 0, onError() {} });
    for await (const part of stream.fullStream) if (part.type === 'error') throw part.error;
  },
};

const hubClients: Readonly<Record<string, (url: string, accessToken: string) => Promise<unknown>>> = {
  '@huggingface/hub, a listing': (url, accessToken) =>
    listModels({ hubUrl: `${url}/hub`, accessToken }).next(),
  '@huggingface/hub, a write': (url, accessToken) =>
    createRepo({ hubUrl: `${url}/hub`, accessToken, repo: 'acme/new' }),
};

function openAi(url: string, apiKey: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

function aiModel(url: string, apiKey: string) {
  return createOpenAICompatible({ name: 'headroom', baseURL: `${url}/v1`, apiKey })(model);
}

/** The error as a program without `try` prints it, in one line. */
async function printed(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => assert.fail('there is no error'),
    (thrown: unknown) => thrown,
  );
  return String(error);
}

const times = (text: string, part: string) => text.split(part).length - 1;

describe("the gateway's own words", () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start({ config: { longestWaitMs: 0 } });
  });
  afterEach(() => rig.stop());

  const otherKey = `hf_headroom_${'x'.repeat(32)}`;

  for (const [name, ask] of Object.entries({ ...clients, ...hubClients })) {
    it(`reach the user of ${name} once: a key of another gateway`, async () => {
      const text = await printed(ask(rig.gateway.url, otherKey));
      assert.equal(times(text, "another window's, or one that has ended or has a new key"), 1, text);
    });
  }

  for (const [name, ask] of Object.entries(clients)) {
    it(`reach the user of ${name} once: a request that was not sent`, async () => {
      rig.answer = () => response(429, '{}', { 'retry-after': '300' });
      await ask(rig.gateway.url, key).catch(() => {});
      const text = await printed(ask(rig.gateway.url, key));
      assert.equal(times(text, 'Hugging Face refused an earlier request for'), 1, text);
      assert.equal(times(text, 'Send it again in 301 s, at 2026-11-10 12:05:01 UTC.'), 1, text);
    });
  }

  for (const [name, ask] of Object.entries(hubClients)) {
    it(`reach the user of ${name} once: a window that is full`, async () => {
      rig.answer = () => response(200, '[]', windowHeaders(0, 60));
      await rig.status('/hub/api/models');
      const text = await printed(ask(rig.gateway.url, key));
      assert.equal(times(text, "Hugging Face's window for api requests is full"), 1, text);
    });
  }

  for (const path of ['/hub/api/models', '/v1/chat/completions', '/router/groq/x', '/nothing']) {
    it(`are the same in header and body for huggingface_hub, which prints both else: ${path}`, async () => {
      const userAgent = 'unknown/None; hf_hub/1.28.0; python/3.12; torch/2.9';
      const headers = { 'user-agent': userAgent, authorization: 'Bearer hf' };
      const { status, headers: answered, json } = await own(`${rig.gateway.url}${path}`, headers);
      assert.equal(status, 401);
      assert.deepEqual(json, { error: answered.get('x-error-message') });
      assert.equal(answered.get('x-error-code'), 'key_invalid');
    });
  }

  for (const path of ['objects/batch', 'objects/verify', 'locks', 'locks/verify']) {
    for (const repository of ['/hub/acme/x.git', '/hub/datasets/acme/x']) {
      it(`are in \`message\`, which is all that git-lfs reads: ${repository}/info/lfs/${path}`, async () => {
        const address = `${rig.gateway.url}${repository}/info/lfs/${path}`;
        const headers = { accept: 'application/vnd.git-lfs+json', authorization: 'Bearer hf' };
        const refused = await own(address, headers);
        assert.equal(refused.status, 401);
        const message = refused.headers.get('x-error-message');
        // huggingface_hub sends batches, too, and prints `error`
        assert.deepEqual(refused.json, { message, error: message });
        // git-lfs reads no JSON of other types
        assert.match(refused.headers.get('content-type') ?? '', /^application\/json(;|$)/);
        rig.answer = () => response(200, '[]', windowHeaders(0, 60, 'pages'));
        await rig.status('/hub/acme/x');
        const full = await own(address, withKey({ accept: 'application/vnd.git-lfs+json' }));
        assert.equal(full.status, 429);
        assert.match(full.json.message, /Hugging Face's window for pages requests is full/);
      });
    }
  }

  it('are an object for other clients behind the router, as OpenAI’s SDKs expect', async () => {
    for (const userAgent of ['curl/8', 'OpenAI/Python 2.1', 'my_hf_hub/1', '']) {
      const { headers, json } = await own(`${rig.gateway.url}/nothing`, withKey({ 'user-agent': userAgent }));
      assert.equal(headers.get('x-error-message'), null);
      assert.equal(json.error.type, 'headroom_error');
    }
  });

  async function own(url: string, headers: Record<string, string>) {
    const answer = await fetch(url, { headers });
    return { status: answer.status, headers: answer.headers, json: JSON.parse(await answer.text()) };
  }
});
