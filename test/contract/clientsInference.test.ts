import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { InferenceClient, InferenceClientProviderApiError } from '@huggingface/inference';
import { embeddingOf, imageOf } from '../emulator/inference/taskResults.ts';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { llama, routedPayers } from './payers.ts';
import { describeTextClient } from './textClient.ts';

const messages = [{ role: 'user' as const, content: 'Say hello' }];
const flux = 'black-forest-labs/FLUX.1-schnell';
const whisper = 'openai/whisper-large-v3';
const e5 = 'intfloat/multilingual-e5-large-instruct';

const clientOf = ({ url, key }: GatewayTestSetup) => new InferenceClient(key, { endpointUrl: `${url}/v1` });

/** Sends requests for the client's two constant hosts to the gateway, by its `fetch` option. */
function hooked({ url, key }: GatewayTestSetup): InferenceClient {
  const through = (input: string | URL | Request, init?: RequestInit) =>
    fetch(
      String(input)
        .replace(/^https:\/\/router\.huggingface\.co\/v1\//, `${url}/v1/`)
        .replace(/^https:\/\/router\.huggingface\.co\//, `${url}/router/`)
        .replace(/^https:\/\/huggingface\.co\//, `${url}/hub/`),
      init,
    );
  return new InferenceClient(key, { fetch: through });
}

/** The client's message has the text of some bodies only. */
const errorOf = (error: unknown) => {
  assert.ok(error instanceof InferenceClientProviderApiError, String(error));
  const { status, body } = error.httpResponse;
  return { status, message: `${error.message} ${JSON.stringify(body)}` };
};

for (const [how, of] of Object.entries({ endpointUrl: clientOf, 'fetch hook': hooked })) {
  describeTextClient({
    name: `@huggingface/inference by ${how}, chat`,
    direct: true,
    errorOf,
    async ask(setup, model) {
      const { choices } = await of(setup).chatCompletion({ model, messages });
      return choices[0]?.message.content ?? '';
    },
  });

  describeTextClient({
    name: `@huggingface/inference by ${how}, chat, streamed`,
    direct: true,
    errorOf,
    async ask(setup, model) {
      let text = '';
      for await (const { choices } of of(setup).chatCompletionStream({ model, messages }))
        text += choices[0]?.delta.content ?? '';
      return text;
    },
  });
}

describe('gateway with @huggingface/inference, tasks:', () => {
  let setup: GatewayTestSetup;
  beforeEach(async () => {
    setup = await gatewaySetup();
  });
  afterEach(() => setup.close());

  const bytes = async (image: Blob) => Buffer.from(await image.arrayBuffer());
  const last = () => setup.received().at(-1);
  const assertBilled = (path: string, billTo: string | undefined) => {
    const { server, headers } = last() ?? assert.fail();
    assert.deepEqual(
      [server, last()?.path, headers.authorization, headers['x-hf-bill-to']],
      ['router', path, `Bearer ${tokens.ada}`, billTo],
    );
  };

  for (const [profile, billTo] of Object.entries(routedPayers)) {
    for (const provider of ['hf-inference', 'nscale', 'together'] as const) {
      it(`an image at ${provider} is billed to ${profile}`, async () => {
        setup.setProfile(profile);
        const image = await hooked(setup).textToImage(
          { provider, model: flux, inputs: 'a cat' },
          { outputType: 'blob' },
        );
        assert.deepEqual(await bytes(image), imageOf('a cat'));
        const path = provider === 'hf-inference' ? `models/${flux}` : 'v1/images/generations';
        assertBilled(`/${provider}/${path}`, billTo);
      });
    }

    it(`an embedding and a transcription are billed to ${profile}`, async () => {
      setup.setProfile(profile);
      const vector = await hooked(setup).featureExtraction({
        provider: 'hf-inference',
        model: e5,
        inputs: 'Say hello',
      });
      assert.deepEqual(vector, embeddingOf('Say hello'));
      assertBilled(`/hf-inference/models/${e5}/pipeline/feature-extraction`, billTo);
      const audio = new Blob([Buffer.alloc(3_000_000, 'sound')], { type: 'audio/flac' });
      const { text } = await hooked(setup).automaticSpeechRecognition({
        provider: 'hf-inference',
        model: whisper,
        inputs: audio,
      });
      const sha256 = createHash('sha256').update(Buffer.alloc(3_000_000, 'sound')).digest('hex');
      assert.equal(text, `I heard 3000000 bytes, ${sha256}.`);
      assertBilled(`/hf-inference/models/${whisper}`, billTo);
      assert.equal(last()?.headers['content-type'], 'audio/flac');
    });
  }

  it('endpointUrl can be the URL of a task', async () => {
    setup.setProfile('org:acme');
    const at = (path: string) =>
      new InferenceClient(setup.key, { endpointUrl: `${setup.url}/router/hf-inference/models/${path}` });
    const image = await at(flux).textToImage({ inputs: 'a cat' }, { outputType: 'blob' });
    assert.deepEqual(await bytes(image), imageOf('a cat'));
    const vector = await at(`${e5}/pipeline/feature-extraction`).featureExtraction({ inputs: 'Say hello' });
    assert.deepEqual(vector, embeddingOf('Say hello'));
    const { text } = await at(whisper).automaticSpeechRecognition({ inputs: new Blob(['sound']) });
    assert.match(text, /^I heard 5 bytes/);
    assert.deepEqual(
      setup.received().map(({ headers }) => headers['x-hf-bill-to']),
      ['acme', 'acme', 'acme'],
    );
  });

  it('an upload as a multipart form arrives', async () => {
    const audio = new Blob([Buffer.alloc(200_000, 7)], { type: 'audio/wav' });
    const { text } = await hooked(setup).automaticSpeechRecognition({
      provider: 'together',
      model: whisper,
      inputs: audio,
    });
    assert.match(text, /^I heard 200\d\d\d bytes/);
    assert.match(last()?.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
  });

  it("a provider key pays at its own provider; another provider's route gets a 400", async () => {
    setup.setProfile('key:nscale');
    const image = await hooked(setup).textToImage(
      { provider: 'nscale', model: flux, inputs: 'a dog' },
      { outputType: 'blob' },
    );
    assert.deepEqual(await bytes(image), imageOf('a dog'));
    const { server, path, headers } = last() ?? assert.fail();
    assert.deepEqual(
      [server, path, headers.authorization, headers['x-hf-bill-to']],
      ['partners', '/nscale/v1/images/generations', `Bearer ${adaKey('nscale')}`, undefined],
    );
    const arrived = setup.received().length;
    const other = hooked(setup).textToImage({ provider: 'together', model: flux, inputs: 'a dog' });
    const { status, message } = errorOf(await other.catch((error: unknown) => error));
    assert.equal(status, 400);
    assert.match(message, /names the provider together, but billing is set to your key of Nscale/);
    assert.equal(setup.received().length, arrived);
  });

  it("a program's own token is billed to the profile's organization", async () => {
    setup.setProfile('org:acme');
    const own = { ...setup, key: tokens.adaFineGrained };
    await hooked(own).chatCompletion({ model: llama, messages });
    assert.deepEqual(
      [last()?.headers.authorization, last()?.headers['x-hf-bill-to']],
      [`Bearer ${tokens.adaFineGrained}`, 'acme'],
    );
  });

  it("the profile replaces the client's billTo", async () => {
    setup.setProfile(`org:acme`);
    const client = new InferenceClient(setup.key, { endpointUrl: `${setup.url}/v1`, billTo: 'strangers' });
    await client.chatCompletion({ model: llama, messages });
    assert.equal(last()?.headers['x-hf-bill-to'], 'acme');
    setup.setProfile('personal');
    await client.chatCompletion({ model: llama, messages });
    assert.equal(last()?.headers['x-hf-bill-to'], undefined);
  });

  it("the client's error has status and reason of a refused task", async () => {
    const image = () => hooked(setup).textToImage({ provider: 'nscale', model: flux, inputs: 'a cat' });
    const failure = async () => errorOf(await image().catch((error: unknown) => error));
    await setup.patch({ users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } });
    const depleted = await failure();
    assert.equal(depleted.status, 402);
    assert.match(depleted.message, /^Failed to perform inference: You have depleted your monthly/);
    setup.setProfile('org:strangers');
    const stranger = await failure();
    assert.equal(stranger.status, 401);
    assert.match(stranger.message, /You are not allowed to bill strangers/);
    setup.setProfile('key:nscale');
    setup.configure({ keys: {} });
    const missing = await failure();
    assert.equal(missing.status, 401);
    assert.match(missing.message, /There is no key of Nscale/);
  });
});
