import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { InferenceClient } from '@huggingface/inference';
import { embeddingOf, imageOf } from '../emulator/inference/taskResults.ts';
import { adaKey } from '../emulator/providers.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, call, frozenEmulator, redirectedTo } from './emulatorCalls.ts';

const flux = 'black-forest-labs/FLUX.1-schnell';
const whisper = 'openai/whisper-large-v3';
const e5 = 'intfloat/multilingual-e5-large-instruct';

describe('emulator, task routes', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const client = (key = emulator.token ?? '') => new InferenceClient(key, { fetch: redirectedTo(emulator) });
  const bytes = async (image: Blob) => Buffer.from(await image.arrayBuffer());

  for (const provider of ['hf-inference', 'nscale', 'together'] as const) {
    it(`image at ${provider} through the router: the request is billed`, async () => {
      const image = await client().textToImage(
        { provider, model: flux, inputs: 'a cat' },
        { outputType: 'blob' },
      );
      assert.deepEqual(await bytes(image), imageOf('a cat'));
      const charge = emulator.world.state.users.ada?.credits.charges.at(-1);
      assert.deepEqual([charge?.provider, charge?.model, charge?.costNanoUsd], [provider, flux, 3_000_000]);
    });
  }

  for (const provider of ['nscale', 'together', 'replicate'] as const) {
    it(`image at ${provider} with its own key: the request arrives at the provider`, async () => {
      const image = await client(adaKey(provider)).textToImage(
        { provider, model: flux, inputs: 'a dog' },
        { outputType: 'blob' },
      );
      assert.deepEqual(await bytes(image), imageOf('a dog'));
      const received = emulator.requests().filter(({ server }) => server === 'partners');
      assert.deepEqual(
        received.map(({ status, headers }) => [status, headers.authorization?.split(' ')[1]]),
        [[provider === 'replicate' ? 201 : 200, adaKey(provider)]],
      );
    });
  }

  for (const provider of ['hf-inference', 'together'] as const) {
    it(`embedding and transcription at ${provider} through the router`, async () => {
      const embedding = await client().featureExtraction({ provider, model: e5, inputs: 'Say hello' });
      assert.deepEqual((embedding as unknown[]).flat(), embeddingOf('Say hello'));
      const audio = new Blob([Buffer.alloc(100_000, 7)], { type: 'audio/wav' });
      const { text } = await client().automaticSpeechRecognition({ provider, model: whisper, inputs: audio });
      if (provider === 'hf-inference') {
        const sha256 = createHash('sha256').update(Buffer.alloc(100_000, 7)).digest('hex');
        assert.equal(text, `I heard 100000 bytes, ${sha256}.`);
      } else assert.match(text, /^I heard 100\d\d\d bytes/);
    });
  }

  it('refusals: foreign bill-to 401, malformed body 400, unknown or disabled model 400, unbillable provider 402', async () => {
    const post = (path: string, body: unknown, headers = {}) =>
      call(emulator, emulator.routerUrl + path, { body, headers });
    const image = `/hf-inference/models/${flux}`;
    assert.equal((await post(image, { inputs: 'x' }, { 'x-hf-bill-to': 'strangers' })).status, 401);
    assert.equal((await post(image, { prompt: 'x' })).status, 400);
    assert.equal(
      (await post('/hf-inference/models/no/model', { inputs: 'x' })).json.error.code,
      'model_not_supported',
    );
    const own = await post('/together/v1/images/generations', { model: flux, prompt: 'x' });
    assert.deepEqual([own.status, own.json.error.code], [400, 'model_not_supported']);
    assert.equal((await post('/fal-ai/fal-ai/flux/schnell', { prompt: 'x' })).status, 402);
    await admin(emulator, '/state', { users: { ada: { disabledProviders: ['hf-inference'] } } });
    assert.equal((await post(image, { inputs: 'x' })).json.error.code, 'model_not_supported');
  });

  it('large upload: counted and hashed, not kept', async () => {
    const size = 64 * 2 ** 20;
    const response = await fetch(`${emulator.routerUrl}/hf-inference/models/${whisper}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'audio/flac' },
      body: new ReadableStream({
        start(controller) {
          for (let index = 0; index < 64; index += 1) controller.enqueue(new Uint8Array(2 ** 20));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    const { text } = (await response.json()) as { text: string };
    const [received] = emulator.requests();
    assert.deepEqual([received?.size, received?.headers['transfer-encoding']], [size, 'chunked']);
    assert.equal(text, `I heard ${size} bytes, ${received?.sha256}.`);
  });
});
