import assert from 'node:assert/strict';
import type { Emulator } from '../emulator/server.ts';
import { call, frozenEmulator } from './emulatorCalls.ts';

const messages = [{ role: 'user', content: 'hi' }];

describe('emulator, fields of a request other than the model:', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await frozenEmulator();
  });
  after(() => emulator.close());

  const send = (path: string, body: unknown) => call(emulator, `${emulator.routerUrl}${path}`, { body });
  const chat = (fields: Record<string, unknown>, provider = 'novita') =>
    send('/v1/chat/completions', { model: `openai/gpt-oss-120b:${provider}`, messages, ...fields });

  for (const [field, value] of Object.entries({
    messages: 'hi',
    max_tokens: '12',
    max_completion_tokens: 1.5,
    temperature: 'hot',
    stream: 'yes',
    stream_options: true,
    stop: 3,
    tools: {},
    n: 0,
  })) {
    it(`${field}: ${JSON.stringify(value)} gets the provider's 400, which names it, and costs nothing`, async () => {
      const before = emulator.world.state.users.ada?.credits.charges.length;
      const { status, json, headers } = await chat({ [field]: value });
      assert.deepEqual([status, json.reason], [400, 'INVALID_REQUEST_BODY']);
      assert.ok(json.message.startsWith(`${field}: Input should be `), json.message);
      assert.equal(headers.get('x-inference-provider'), 'novita');
      assert.equal(emulator.world.state.users.ada?.credits.charges.length, before);
    });
  }

  it('each provider answers in its own format: 400 or 422', async () => {
    const answers = ['groq', 'cerebras', 'deepinfra'].map(async provider => {
      const { status, json } = await chat({ messages: 'hi' }, provider);
      return [status, json.error?.message ?? json.message ?? json.detail[0].loc];
    });
    assert.deepEqual(await Promise.all(answers), [
      [400, "'messages' : Input should be an array of messages"],
      [422, 'body.messages: Input should be an array of messages'],
      [422, ['body', 'messages']],
    ]);
  });

  it('null stands for a missing field, and messages are needed', async () => {
    assert.equal((await chat({ max_tokens: null, stop: null, temperature: null })).status, 200);
    assert.equal((await chat({ messages: undefined })).status, 400);
    assert.equal((await chat({ messages: null })).status, 400);
    assert.equal((await chat({ messages: [{ content: 'hi' }] })).status, 400, 'without a role');
  });

  it('Responses need input, Messages need max_tokens', async () => {
    const model = 'openai/gpt-oss-120b';
    assert.equal((await send('/v1/responses', { model, input: 'hi' })).status, 200);
    assert.equal((await send('/v1/responses', { model, input: 5 })).status, 422);
    assert.equal((await send('/v1/messages', { model, messages, max_tokens: 9 })).status, 200);
    assert.equal((await send('/v1/messages', { model, messages })).status, 422);
  });

  it("a provider's own API checks them, too", async () => {
    const url = `${emulator.providerUrls.groq}/openai/v1/chat/completions`;
    const body = { model: 'llama-3.1-8b-instant', messages, temperature: 'hot' };
    const headers = { authorization: 'Bearer gsk-ada-emulated' };
    const { status, json } = await call(emulator, url, { token: null, headers, body });
    assert.deepEqual([status, json.error.message], [400, "'temperature' : Input should be a number"]);
  });
});
