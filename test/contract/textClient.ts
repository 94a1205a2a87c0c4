import assert from 'node:assert/strict';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { assertAtGroq, assertRouted, llama, production, routedPayers } from './payers.ts';

/** A client library's call that requests a completion. */
export interface TextClient {
  readonly name: string;
  /** Whether the providers have this route, too. False: a provider key can't pay for it. */
  readonly direct: boolean;
  /** Resolves with the text of the completion. */
  ask(setup: GatewayTestSetup, model: string): Promise<string>;
  /** Status and message of the client's error. */
  errorOf(error: unknown): { readonly status: unknown; readonly message: string };
}

const greeting = /^Hello from \S+ served by \w+\. This is the emulator speaking, one word at a time\.$/;

interface RefusalCase {
  readonly reason: string;
  readonly profile?: string;
  readonly model?: string;
  readonly prepare?: (setup: GatewayTestSetup) => Promise<void> | void;
  readonly status: number;
  readonly message: RegExp;
  /** Number of requests received by HF or a provider. */
  readonly received: number;
  /** Only for clients whose route the providers have. */
  readonly direct?: true;
}

const refusals: readonly RefusalCase[] = [
  {
    reason: 'no credits',
    prepare: setup => setup.patch({ users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } }),
    status: 402,
    message: /You have depleted your monthly included credits\. Purchase pre-paid credits/,
    received: 1,
  },
  {
    reason: 'a provider limit that lasts longer than the longest wait',
    model: `${llama}:groq`,
    prepare: setup => setup.patch({ providers: { groq: { refuseNext: 9 } } }),
    status: 429,
    message: /Rate limit reached for model .* on tokens per minute \(TPM\): Limit 300000/,
    received: 1,
  },
  {
    reason: 'a foreign organization',
    profile: 'org:strangers',
    status: 401,
    message: /You are not allowed to bill strangers/,
    received: 1,
  },
  {
    reason: 'a resource group without membership',
    profile: `group:acme/${production}`,
    status: 403,
    message: /You are not a member of this resource group/,
    received: 1,
  },
  {
    reason: 'a provider disabled in the settings at HF',
    model: `${llama}:groq`,
    prepare: setup => setup.patch({ users: { ada: { disabledProviders: ['groq'] } } }),
    status: 400,
    message: /is not supported by any provider you have enabled/,
    received: 1,
  },
  {
    reason: 'no token',
    prepare: setup => setup.configure({ token: undefined }),
    status: 401,
    message: /Sign in with Headroom in VS Code, or set HF_TOKEN/,
    received: 0,
  },
  {
    reason: 'a key that the provider rejects',
    profile: 'key:groq',
    prepare: setup => setup.configure({ keys: { groq: 'gsk-revoked' } }),
    status: 401,
    message: /Invalid API Key/,
    received: 1,
    direct: true,
  },
  {
    reason: "a model that the key's provider does not have",
    profile: 'key:groq',
    model: 'zai-org/GLM-4.6',
    status: 400,
    message: /GLM-4\.6.*[Cc]hoose another model/,
    received: 0,
    direct: true,
  },
  {
    reason: "a suffix with another provider than the key's",
    profile: 'key:groq',
    model: `${llama}:cerebras`,
    status: 400,
    message: /names the provider cerebras, but billing is set to your key of Groq/,
    received: 0,
    direct: true,
  },
  {
    reason: "a limit of the key's account",
    profile: 'key:groq',
    prepare: setup =>
      setup.patch({ providers: { groq: { keys: { 'gsk-ada-emulated': { refuseNext: 9 } } } } }),
    status: 429,
    message: /in organization `org_01ada` .* on tokens per minute \(TPM\): Limit 12000/,
    received: 1,
    direct: true,
  },
  {
    reason: 'a provider account without balance',
    profile: 'key:novita',
    prepare: setup =>
      setup.patch({ providers: { novita: { keys: { 'novita-ada-emulated': { balanceNanoUsd: 0 } } } } }),
    status: 402,
    message: /NOT_ENOUGH_BALANCE/,
    received: 1,
    direct: true,
  },
];

/** Tests for each client: the payer of a completion, its text, and the client's error for each refusal. */
export function describeTextClient(client: TextClient): void {
  describe(`gateway with ${client.name}:`, () => {
    let setup: GatewayTestSetup;
    beforeEach(async () => {
      setup = await gatewaySetup();
    });
    afterEach(() => setup.close());

    for (const [profile, billTo] of Object.entries(routedPayers)) {
      it(`a completion is billed to ${profile}`, async () => {
        setup.setProfile(profile);
        assert.match(await client.ask(setup, llama), greeting);
        assertRouted(setup, billTo);
      });
    }

    it(
      client.direct
        ? "a provider key sends the request to the provider, with the provider's own model id"
        : 'a provider key is refused for a route that only HF has',
      async () => {
        setup.setProfile('key:groq');
        if (client.direct) {
          assert.match(await client.ask(setup, `${llama}:fastest`), greeting);
          assertAtGroq(setup);
          return;
        }
        const { status, message } = await failure(client, setup, llama);
        assert.equal(status, 400);
        assert.match(message, /switch billing to Hugging Face/);
        assert.deepEqual(setup.received(), []);
      },
    );

    for (const refused of refusals.filter(({ direct }) => !direct || client.direct)) {
      it(`the client's error has status and reason of a refusal: ${refused.reason}`, async () => {
        if (refused.profile) setup.setProfile(refused.profile);
        await refused.prepare?.(setup);
        const { status, message } = await failure(client, setup, refused.model ?? llama);
        assert.equal(status, refused.status, message);
        assert.match(message, refused.message);
        assert.equal(setup.received().length, refused.received);
      });
    }

    it('a request is held while a short limit lasts, and then gets its completion', async () => {
      await setup.patch({ providers: { groq: { refuseNext: 1 } } });
      setup.configure({ longestWaitMs: 480_000 });
      setup.emulator.world.clock.set({ rate: 300 });
      assert.match(await client.ask(setup, `${llama}:groq`), greeting);
      assert.deepEqual(
        setup.received().map(({ status }) => status),
        [429, 200],
      );
    });

    it('a wrong gateway key gets a 401, and no request goes upstream', async () => {
      const stranger = { ...setup, key: 'hf_headroom_of_another_gateway' };
      const { status, message } = await failure(client, stranger, llama);
      assert.equal(status, 401);
      assert.match(message, /This is not the key of this gateway/);
      assert.deepEqual(setup.received(), []);
    });
  });
}

async function failure(client: TextClient, setup: GatewayTestSetup, model: string) {
  let text: string;
  try {
    text = await client.ask(setup, model);
  } catch (error) {
    return client.errorOf(error);
  }
  throw new assert.AssertionError({ message: `No error: ${text}` });
}
