import assert from 'node:assert/strict';
import { adaKey } from '../emulator/providers.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { clientOf, failureOf, messages } from './openAiClient.ts';
import { llama } from './payers.ts';

describe('gateway with openai and an OpenAI key:', () => {
  let setup: GatewayTestSetup;
  beforeEach(async () => {
    setup = await gatewaySetup();
    setup.setProfile('key:openai');
  });
  afterEach(() => setup.close());

  const failure = (model: string) => failureOf(clientOf(setup).chat.completions.create({ model, messages }));

  for (const model of [
    'gpt-4o-mini',
    'openai/gpt-4o-mini',
    'openai/gpt-4o-mini:openai',
    'gpt-4o-mini:fastest',
  ]) {
    it(`${model} goes to OpenAI as gpt-4o-mini, and no other server gets a request`, async () => {
      const { choices } = await clientOf(setup).chat.completions.create({ model, messages });
      assert.match(choices[0]?.message.content ?? '', /^Hello from gpt-4o-mini served by openai/);
      const [request, ...more] = setup.emulator.requests();
      assert.deepEqual(more, []);
      assert.deepEqual(
        [request?.server, request?.path, request?.headers.authorization],
        ['partners', '/openai/v1/chat/completions', `Bearer ${adaKey('openai')}`],
      );
      assert.deepEqual(request?.body, { model: 'gpt-4o-mini', messages });
    });
  }

  it('a fine-tuned model id with colons stays as it is', async () => {
    const model = 'ft:gpt-4o-mini-2024-07-18:ada::9abcdefg';
    const { choices } = await clientOf(setup).chat.completions.create({ model, messages });
    assert.ok(choices[0]?.message.content?.startsWith(`Hello from ${model} served by openai`));
    await setup.gateway.close(1_000);
    const [tally] = setup.ledger.lastTallies(1);
    assert.deepEqual([tally?.billedTo, tally?.provider, tally?.model], ['key:openai', 'openai', model]);
  });

  it("an unknown model gets OpenAI's 404; a suffix with another provider gets the gateway's 400", async () => {
    assert.deepEqual(await failure(llama), {
      status: 404,
      message: `404 The model \`${llama}\` does not exist or you do not have access to it.`,
    });
    const { status, message } = await failure(`${llama}:groq`);
    assert.equal(status, 400);
    assert.match(message, /names the provider groq, but billing is set to your key of OpenAI/);
    assert.equal(setup.received().length, 1);
  });

  it('no failover to or from OpenAI, since its model ids are its own', async () => {
    setup.configure({ failover: [{ kind: 'personal' }] });
    await setup.patch({ providers: { openai: { keys: { [adaKey('openai')]: { balanceNanoUsd: 0 } } } } });
    const quota = await failure('gpt-4o-mini');
    assert.equal(quota.status, 429);
    assert.match(quota.message, /exceeded your current quota/);
    setup.configure({
      profile: { kind: 'personal' },
      failover: [{ kind: 'provider-key', provider: 'openai' }],
    });
    await setup.patch({ users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } });
    const depleted = await failure('openai/gpt-oss-120b');
    assert.equal(depleted.status, 402);
    assert.match(depleted.message, /You have depleted your monthly/);
  });
});
