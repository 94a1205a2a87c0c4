import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { assertRouted, llama } from './payers.ts';
import { describeTextClient } from './textClient.ts';

const messages = [{ role: 'user' as const, content: 'Say hello' }];

/** As with ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN. */
function clientOf({ url, key }: GatewayTestSetup): Anthropic {
  return new Anthropic({ baseURL: url, authToken: key, apiKey: null });
}

const errorOf = (error: unknown) => {
  assert.ok(error instanceof Anthropic.APIError, String(error));
  return { status: error.status, message: error.message };
};

describeTextClient({
  name: '@anthropic-ai/sdk, messages',
  direct: false,
  errorOf,
  async ask(setup, model) {
    const { content } = await clientOf(setup).messages.create({ model, max_tokens: 64, messages });
    return content.map(block => (block.type === 'text' ? block.text : '')).join('');
  },
});

describeTextClient({
  name: '@anthropic-ai/sdk, messages, streamed',
  direct: false,
  errorOf,
  async ask(setup, model) {
    const stream = clientOf(setup).messages.stream({ model, max_tokens: 64, messages });
    const { usage } = await stream.finalMessage();
    assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0);
    return await stream.finalText();
  },
});

describe('gateway with @anthropic-ai/sdk:', () => {
  let setup: GatewayTestSetup;
  beforeEach(async () => {
    setup = await gatewaySetup();
  });
  afterEach(() => setup.close());

  it('x-api-key is accepted for the gateway key', async () => {
    const client = new Anthropic({ baseURL: setup.url, apiKey: setup.key, authToken: null });
    const { usage } = await client.messages.create({ model: llama, max_tokens: 3, messages });
    assert.equal(usage.output_tokens, 3);
    assertRouted(setup, undefined);
    await setup.gateway.close(1_000);
    assert.equal(setup.ledger.lastTallies(1)[0]?.completionTokens, 3);
  });

  // @ai-sdk/anthropic expects an ANTHROPIC_BASE_URL that ends in /v1.
  for (const stream of [false, true]) {
    it(`/messages (the path of @ai-sdk/anthropic) goes to /v1/messages${stream ? ', streamed' : ''}`, async () => {
      setup.setProfile('org:acme');
      const response = await fetch(`${setup.url}/messages`, {
        method: 'POST',
        headers: {
          'anthropic-version': '2023-06-01',
          'content-type': 'application/json',
          'x-api-key': setup.key,
        },
        body: JSON.stringify({ model: llama, max_tokens: 3, messages, stream }),
      });
      assert.equal(response.status, 200);
      assert.match(await response.text(), /Hello/);
      assertRouted(setup, 'acme');
      assert.equal(setup.only().path, '/v1/messages');
      await setup.gateway.close(1_000);
      const [tally] = setup.ledger.lastTallies(1);
      assert.deepEqual([tally?.billedTo, tally?.completionTokens], ['org:acme', 3]);
    });
  }
});
