import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, call, chat, frozenEmulator, hub, thisMonth } from './emulatorCalls.ts';

const research = '66c0000000000000000000a1';
const production = '66c0000000000000000000a2';

interface Chunk {
  choices: { finish_reason: string | null }[];
  usage?: Record<string, unknown>;
}

describe('emulator, router', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const billTo = (name: string) => ({ headers: { 'x-hf-bill-to': name } });
  const chunks = (text: string) =>
    [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json) as Chunk);

  it('/v1/models: lists models without a token, with optional fields missing', async () => {
    const { json } = await call(emulator, `${emulator.routerUrl}/v1/models`, { token: null });
    const llama = json.data[0];
    assert.equal(llama.owned_by, 'meta-llama');
    const featherless = llama.providers.find(
      ({ provider }: { provider: string }) => provider === 'featherless-ai',
    );
    assert.deepEqual(featherless, { provider: 'featherless-ai', status: 'live', is_model_author: false });
    const one = await call(emulator, `${emulator.routerUrl}/v1/models/openai/gpt-oss-120b`);
    assert.equal(one.json.data.id, 'openai/gpt-oss-120b');
    assert.equal((await call(emulator, `${emulator.routerUrl}/v1/models/no/model`)).status, 404);
  });

  for (const [suffix, provider] of Object.entries({
    '': 'cerebras',
    ':fastest': 'cerebras',
    ':cheapest': 'deepinfra',
    ':preferred': 'cerebras',
    ':together': 'together',
  })) {
    it(`provider selection: gpt-oss-120b${suffix} is served by ${provider}`, async () => {
      const { status, json, headers } = await chat(emulator, `openai/gpt-oss-120b${suffix}`);
      assert.equal(status, 200);
      assert.equal(headers.get('x-inference-provider'), provider);
      assert.equal(json.model, 'openai/gpt-oss-120b');
      assert.ok(json.usage.total_tokens > 0);
      assert.equal(headers.get('ratelimit'), null);
    });
  }

  it('stream: usage is in the chunk where the provider sends it', async () => {
    const usageChunk = async (model: string) => {
      const found = chunks((await chat(emulator, model, { stream: true })).text).find(({ usage }) => usage);
      assert.ok(found, model);
      return found;
    };
    const groq = await usageChunk('openai/gpt-oss-120b:groq');
    assert.deepEqual(groq.choices, []);
    assert.equal(typeof groq.usage?.queue_time, 'number');
    const together = await usageChunk('openai/gpt-oss-120b:together');
    assert.equal(together.choices[0]?.finish_reason, 'stop');
    assert.equal(together.usage?.cached_tokens, 0);
    const deepinfra = await usageChunk('openai/gpt-oss-120b:deepinfra');
    assert.ok(Number(deepinfra.usage?.estimated_cost) > 0);
    assert.doesNotMatch(
      (await chat(emulator, 'google/gemma-3-27b-it:publicai', { stream: true })).text,
      /\[DONE\]/,
    );
  });

  it('routes: the Responses API and the Messages API work, /v1/embeddings gets a 404', async () => {
    const response = await call(emulator, `${emulator.routerUrl}/v1/responses`, {
      body: { model: 'openai/gpt-oss-120b', input: 'hi' },
    });
    assert.equal(response.json.output[0].content[0].type, 'output_text');
    const message = await call(emulator, `${emulator.routerUrl}/v1/messages`, {
      token: null,
      headers: { 'x-api-key': tokens.ada },
      body: { model: 'openai/gpt-oss-120b', max_tokens: 3, stream: true, messages: [] },
    });
    assert.match(
      message.text,
      /event: message_start[\s\S]*"stop_reason":"max_tokens"[\s\S]*event: message_stop/,
    );
    assert.equal((await call(emulator, `${emulator.routerUrl}/v1/embeddings`, { body: {} })).status, 404);
    assert.equal((await call(emulator, `${emulator.routerUrl}/v1/chat/completions`)).status, 405);
  });

  it("/{provider}/…: the provider's own route and model id work", async () => {
    const { status, headers, json } = await call(
      emulator,
      `${emulator.routerUrl}/groq/openai/v1/chat/completions`,
      {
        body: { model: 'llama-3.1-8b-instant', messages: [] },
      },
    );
    assert.deepEqual(
      [status, headers.get('x-inference-provider'), json.model],
      [200, 'groq', 'llama-3.1-8b-instant'],
    );
  });

  it('400: model_not_found for an unknown model, model_not_supported for one without a live provider', async () => {
    const missing = await chat(emulator, 'no/model');
    assert.deepEqual([missing.status, missing.json.error.code], [400, 'model_not_found']);
    const retired = await chat(emulator, 'acme/Model-Retired');
    assert.deepEqual([retired.status, retired.json.error.code], [400, 'model_not_supported']);
    assert.equal(
      (await chat(emulator, 'acme/Model-7B:groq')).json.error.message,
      "The requested model 'acme/Model-7B:groq' is not supported by any provider you have enabled.",
    );
    assert.equal(
      (await call(emulator, `${emulator.routerUrl}/v1/chat/completions`, { body: {} })).status,
      400,
    );
  });

  it('access: an unknown or missing token gets a 401, one without the permission a 403', async () => {
    const bad = await chat(emulator, 'openai/gpt-oss-120b', { token: 'hf_wrong' });
    assert.deepEqual([bad.status, bad.json], [401, { error: 'Invalid credentials in Authorization header' }]);
    assert.equal((await chat(emulator, 'openai/gpt-oss-120b', { token: null })).status, 401);
    const denied = await chat(emulator, 'openai/gpt-oss-120b', { token: tokens.adaNothing });
    assert.deepEqual(
      [denied.status, denied.json.error],
      [
        403,
        'This authentication method does not have sufficient permissions to call Inference Providers on behalf of user ada',
      ],
    );
  });

  it('X-HF-Bill-To: 200 with the right to bill, 401 for a foreign organization, 403 for a member without', async () => {
    const status = async (name: string, token?: string) =>
      (await chat(emulator, 'openai/gpt-oss-120b:novita', { ...billTo(name), ...(token && { token }) }))
        .status;
    assert.equal(await status('acme'), 200);
    const usage = await hub(emulator, `/api/organizations/acme/billing/usage-v2?${thisMonth(emulator)}`);
    assert.equal(usage.json.usage.inferenceProviders.numRequests, 2045);
    assert.equal(await status('strangers'), 401);
    assert.equal(await status('unknown'), 401);
    assert.equal(await status('freebies'), 403);
    assert.equal(await status('acme', tokens.eve), 403);
    assert.equal(await status(research), 200);
    assert.equal(await status(production), 403);
    assert.equal(await status(production, tokens.eve), 200);
    assert.equal(await status('acme', tokens.adaOrgOnly), 200);
    assert.equal((await chat(emulator, 'openai/gpt-oss-120b', { token: tokens.adaOrgOnly })).status, 403);
    assert.equal((await call(emulator, `${emulator.routerUrl}/v1/models`, billTo(production))).status, 403);
  });

  it('X-HF-Bill-To: a resource group at its spending limit gets a 403', async () => {
    await admin(emulator, '/state', {
      orgs: {
        acme: {
          resourceGroups: [{ id: research, name: 'research', members: { ada: 'admin' }, spendLimitCents: 1 }],
        },
      },
    });
    assert.equal((await chat(emulator, 'openai/gpt-oss-120b', billTo(research))).status, 200);
    const second = await chat(emulator, 'openai/gpt-oss-120b', billTo(research));
    assert.equal(second.status, 403);
    assert.match(second.json.error, /^Authorization error/);
  });
});
