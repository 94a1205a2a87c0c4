import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, chat, frozenEmulator, hub } from './emulatorCalls.ts';

const model = 'openai/gpt-oss-120b';

describe("emulator, the router's 402 and the providers' 429", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const providers = (patch: unknown) => admin(emulator, '/state', { providers: patch });

  it('402: a free account with 10 unsettled requests is refused until they are settled', async () => {
    await admin(emulator, '/scenario', { name: 'free', users: { bob: { credits: { usedNanoUsd: 0 } } } });
    for (let index = 0; index < 10; index += 1)
      assert.equal((await chat(emulator, `${model}:novita`)).status, 200);
    const refused = await chat(emulator, `${model}:novita`);
    assert.equal(refused.status, 402);
    assert.equal(
      refused.json.error,
      'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers. Alternatively, subscribe to PRO to get 20x more included usage.',
    );
    emulator.world.clock.set({ advanceMs: 61_000 });
    assert.equal((await chat(emulator, `${model}:novita`)).status, 200);
  });

  it('scenario unsettled: 402 until the placeholders are settled', async () => {
    await admin(emulator, '/scenario', { name: 'unsettled' });
    assert.equal((await chat(emulator, model)).status, 402);
    emulator.world.clock.set({ advanceMs: 121_000 });
    assert.equal((await chat(emulator, model)).status, 200);
  });

  it('402: a PRO user gets no advice to subscribe; router.words selects the text of 2025', async () => {
    await admin(emulator, '/scenario', { name: 'exhausted-pro' });
    const words = async () => (await chat(emulator, model)).json.error;
    assert.equal(
      await words(),
      'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.',
    );
    await admin(emulator, '/state', { router: { words: '2025' } });
    assert.equal(
      await words(),
      'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.',
    );
  });

  it('402: texts for a monthly limit at one provider, and for a provider that can not be billed', async () => {
    await providers({ groq: { monthlyLimitReached: true } });
    assert.equal(
      (await chat(emulator, `${model}:groq`)).json.error,
      'You have reached the free monthly usage limit for groq. Add pre-paid credits to your account to continue using groq.',
    );
    assert.equal(
      (await chat(emulator, `${model}:groq`, { token: tokens.bob })).json.error,
      'You have reached the free monthly usage limit for groq. Subscribe to PRO to get 20x more included usage, or add pre-paid credits to your account.',
    );
    const fal = await chat(emulator, 'acme/Model-7B:fal-ai');
    assert.deepEqual(
      [fal.status, fal.json.error],
      [402, 'Pay-as-you go is not enabled for provider fal-ai yet.'],
    );
  });

  it('402: a refused request costs nothing', async () => {
    await admin(emulator, '/scenario', { name: 'exhausted' });
    const charges = emulator.world.state.users.bob?.credits.charges.length;
    assert.equal((await chat(emulator, model)).status, 402);
    assert.equal(emulator.world.state.users.bob?.credits.charges.length, charges);
  });

  it("a partner's 402 may have the words of Hugging Face, and names the partner", async () => {
    await providers({ novita: { refuseNext: 1, refusal: 'hf-words' } });
    const { status, json, headers } = await chat(emulator, `${model}:novita`);
    assert.equal(status, 402);
    assert.match(json.error, /^You have depleted your monthly included credits\. Purchase pre-paid credits/);
    assert.equal(headers.get('x-inference-provider'), 'novita');
    assert.equal((await chat(emulator, `${model}:novita`)).status, 200);
  });

  it('closedModels: one model gets a generic 429 with Retry-After until it opens, others do not', async () => {
    await providers({ novita: { closedModels: { [model]: { opensInSeconds: 150 } } } });
    const refused = await chat(emulator, `${model}:novita`);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '150']);
    assert.equal(refused.json.error.message, 'Rate limit exceeded, please try again later');
    assert.equal((await chat(emulator, 'acme/Model-7B:novita')).status, 200);
    emulator.world.clock.set({ advanceMs: 149_500 });
    assert.equal((await chat(emulator, `${model}:novita`)).headers.get('retry-after'), '1');
    emulator.world.clock.set({ advanceMs: 500 });
    assert.equal((await chat(emulator, `${model}:novita`)).status, 200);
  });

  it('Fireworks: a 429 says that the limit is exceeded', async () => {
    await providers({ 'fireworks-ai': { payAsYouGo: true, tokensPerMinute: 120 } });
    const llama = 'meta-llama/Llama-3.1-8B-Instruct:fireworks-ai';
    const answers = [await chat(emulator, llama), await chat(emulator, llama)];
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('x-ratelimit-over-limit')]),
      [
        [200, 'no'],
        [429, 'yes'],
      ],
    );
  });

  it('customKeyProviders: requests with a key stored at HF cost nothing', async () => {
    await admin(emulator, '/state', { users: { ada: { customKeyProviders: ['groq'] } } });
    await admin(emulator, '/state', { users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } });
    assert.equal((await chat(emulator, `${model}:groq`)).status, 200);
    assert.equal((await chat(emulator, `${model}:novita`)).status, 402);
  });

  it('Groq: a full token window gets a 429 with Retry-After, until the window ends', async () => {
    await providers({ groq: { tokensPerMinute: 150 } });
    const first = await chat(emulator, `${model}:groq`);
    assert.equal(first.headers.get('x-ratelimit-limit-requests'), '500000');
    assert.equal(first.headers.get('x-ratelimit-reset-requests'), '24h0m0s');
    assert.equal(first.headers.get('x-ratelimit-reset-tokens'), '1m0s');
    emulator.world.clock.set({ advanceMs: 48_545 });
    const second = await chat(emulator, `${model}:groq`);
    const refused = second.status === 429 ? second : await chat(emulator, `${model}:groq`);
    assert.equal(refused.status, 429);
    assert.match(
      refused.json.error.message,
      /^Rate limit reached for model `openai\/gpt-oss-120b` in organization `org_01hf` service tier `on_demand` on tokens per minute \(TPM\): Limit 150, Used \d+, Requested \d+\. Please try again in 11\.455s\./,
    );
    assert.deepEqual([refused.json.error.type, refused.json.error.code], ['tokens', 'rate_limit_exceeded']);
    assert.equal(refused.headers.get('retry-after'), '12');
    assert.equal(refused.headers.get('x-inference-provider'), 'groq');
    emulator.world.clock.set({ advanceMs: 11_455 });
    assert.equal((await chat(emulator, `${model}:groq`)).status, 200);
  });

  it('Cerebras: 429 with the error fields at the top, resets in float seconds', async () => {
    await providers({ cerebras: { refuseNext: 2, refusal: 'tokens' } });
    const { status, json, headers } = await chat(emulator, `${model}:cerebras`);
    assert.equal(status, 429);
    assert.deepEqual(json, {
      message: 'Tokens per minute limit exceeded - too many tokens processed.',
      type: 'too_many_tokens_error',
      param: 'quota',
      code: 'token_quota_exceeded',
    });
    assert.equal(headers.get('x-ratelimit-reset-tokens-minute'), '60.000000');
    await providers({ cerebras: { refusal: 'queue' } });
    assert.equal((await chat(emulator, `${model}:cerebras`)).json.code, 'queue_exceeded');
  });

  it('Together, Z.ai and Novita: refusals in their own format', async () => {
    await providers({
      together: { refuseNext: 1 },
      'zai-org': { refuseNext: 1 },
      novita: { refuseNext: 1, refusal: 'balance' },
    });
    assert.equal((await chat(emulator, `${model}:together`)).json.error.type, 'dynamic_token_limited');
    const zai = await chat(emulator, 'zai-org/GLM-4.6:zai-org');
    assert.deepEqual([zai.status, zai.json.error.code], [429, '1308']);
    assert.equal((await chat(emulator, `${model}:novita`)).json.error.code, 'NOT_ENOUGH_BALANCE');
    await providers({ together: { refuseNext: 1, refusal: 'capacity' } });
    assert.equal((await chat(emulator, `${model}:together`)).status, 503);
  });

  it('provider selection: another provider serves after a refusal, unless one is pinned', async () => {
    await providers({ cerebras: { refuseNext: 2 } });
    const auto = await chat(emulator, model);
    assert.deepEqual([auto.status, auto.headers.get('x-inference-provider')], [200, 'groq']);
    assert.equal((await chat(emulator, `${model}:cerebras`)).status, 429);
  });

  it('Together: a success has Retry-After', async () => {
    const { status, headers } = await chat(emulator, `${model}:together`);
    assert.deepEqual([status, headers.get('retry-after')], [200, '2']);
  });

  it('settlement: a placeholder without a reported cost is reversed after 30 minutes', async () => {
    await providers({ together: { unanswered: true } });
    await chat(emulator, `${model}:together`);
    const used = async () => {
      const end = Math.floor(emulator.world.clock.now() / 1000);
      const { json } = await hub(
        emulator,
        `/api/settings/billing/usage-v2?startDate=1790812800&endDate=${end}`,
      );
      return json.usage.inferenceProviders.usedNanoUsd;
    };
    emulator.world.clock.set({ advanceMs: 29 * 60_000 });
    assert.equal(await used(), 1_030_000_000);
    emulator.world.clock.set({ advanceMs: 60_000 });
    assert.equal(await used(), 1_020_000_000);
  });
});
