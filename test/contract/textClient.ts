import assert from 'node:assert/strict';
import { type GatewayWorld, gatewayWorld } from './gatewayWorld.ts';
import { assertAtGroq, assertRouted, llama, production, routedPayers } from './payers.ts';

/** One way in which a client asks a model for text. */
export interface TextClient {
  readonly name: string;
  /** False for routes that only Hugging Face has: a provider's key can't pay for them. */
  readonly direct: boolean;
  /** Asks, and resolves with the text of the answer. */
  ask(world: GatewayWorld, model: string): Promise<string>;
  /** What the client's error tells: the status, and the words where the client keeps them. */
  told(error: unknown): { readonly status: unknown; readonly words: string };
}

const greeting = /^Hello from \S+ served by \w+\. This is the emulator speaking, one word at a time\.$/;

interface Refused {
  readonly what: string;
  readonly profile?: string;
  readonly model?: string;
  readonly world?: (world: GatewayWorld) => Promise<void> | void;
  readonly status: number;
  readonly words: RegExp;
  /** Requests that arrive at Hugging Face or a provider. */
  readonly arrived: number;
  /** It can only happen with a provider's key. */
  readonly direct?: true;
}

const refusals: readonly Refused[] = [
  {
    what: 'no credits',
    world: world => world.patch({ users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } }),
    status: 402,
    words: /You have depleted your monthly included credits\. Purchase pre-paid credits/,
    arrived: 1,
  },
  {
    what: "a provider's limit that lasts longer than the caller waits",
    model: `${llama}:groq`,
    world: world => world.patch({ providers: { groq: { refuseNext: 9 } } }),
    status: 429,
    words: /Rate limit reached for model .* on tokens per minute \(TPM\): Limit 300000/,
    arrived: 1,
  },
  {
    what: 'an organization of others',
    profile: 'org:strangers',
    status: 401,
    words: /You are not allowed to bill strangers/,
    arrived: 1,
  },
  {
    what: 'a resource group without membership',
    profile: `group:acme/${production}`,
    status: 403,
    words: /You are not a member of this resource group/,
    arrived: 1,
  },
  {
    what: 'a provider that was switched off',
    model: `${llama}:groq`,
    world: world => world.patch({ users: { ada: { disabledProviders: ['groq'] } } }),
    status: 400,
    words: /is not supported by any provider you have enabled/,
    arrived: 1,
  },
  {
    what: 'no token',
    world: world => world.configure({ token: undefined }),
    status: 401,
    words: /Sign in with Headroom in VS Code, or set HF_TOKEN/,
    arrived: 0,
  },
  {
    what: 'a key that the provider rejects',
    profile: 'key:groq',
    world: world => world.configure({ keys: { groq: 'gsk-revoked' } }),
    status: 401,
    words: /Invalid API Key/,
    arrived: 1,
    direct: true,
  },
  {
    what: 'a model that the provider of the key does not have',
    profile: 'key:groq',
    model: 'zai-org/GLM-4.6',
    status: 400,
    words: /GLM-4\.6.*[Cc]hoose another model/,
    arrived: 0,
    direct: true,
  },
  {
    what: 'a suffix that names another provider than the key',
    profile: 'key:groq',
    model: `${llama}:cerebras`,
    status: 400,
    words: /names the provider cerebras, but billing is set to your key of Groq/,
    arrived: 0,
    direct: true,
  },
  {
    what: "a limit of the key's own account",
    profile: 'key:groq',
    world: world => world.patch({ providers: { groq: { keys: { 'gsk-ada-emulated': { refuseNext: 9 } } } } }),
    status: 429,
    words: /in organization `org_01ada` .* on tokens per minute \(TPM\): Limit 12000/,
    arrived: 1,
    direct: true,
  },
  {
    what: 'an account at the provider without money',
    profile: 'key:novita',
    world: world =>
      world.patch({ providers: { novita: { keys: { 'novita-ada-emulated': { balanceNanoUsd: 0 } } } } }),
    status: 402,
    words: /NOT_ENOUGH_BALANCE/,
    arrived: 1,
    direct: true,
  },
];

/** What every client of models has to get through the gateway: who pays, what is answered, why it is refused. */
export function describeTextClient(client: TextClient): void {
  describe(`through the gateway: ${client.name}`, () => {
    let world: GatewayWorld;
    beforeEach(async () => {
      world = await gatewayWorld();
    });
    afterEach(() => world.close());

    for (const [profile, billTo] of Object.entries(routedPayers)) {
      it(`is answered, and ${profile} is billed`, async () => {
        world.pay(profile);
        assert.match(await client.ask(world, llama), greeting);
        assertRouted(world, billTo);
      });
    }

    it(
      client.direct
        ? "goes to the provider of a key, with that and the provider's own name of the model"
        : 'is told that a key of a provider can not pay for this',
      async () => {
        world.pay('key:groq');
        if (client.direct) {
          assert.match(await client.ask(world, `${llama}:fastest`), greeting);
          assertAtGroq(world);
          return;
        }
        const { status, words } = await failure(client, world, llama);
        assert.equal(status, 400);
        assert.match(words, /switch billing to Hugging Face/);
        assert.deepEqual(world.received(), []);
      },
    );

    for (const refused of refusals.filter(({ direct }) => !direct || client.direct)) {
      it(`reads why it is refused: ${refused.what}`, async () => {
        if (refused.profile) world.pay(refused.profile);
        await refused.world?.(world);
        const { status, words } = await failure(client, world, refused.model ?? llama);
        assert.equal(status, refused.status, words);
        assert.match(words, refused.words);
        assert.equal(world.received().length, refused.arrived);
      });
    }

    it('is held back while a limit passes that passes soon', async () => {
      await world.patch({ providers: { groq: { refuseNext: 1 } } });
      world.configure({ longestWaitMs: 480_000 });
      world.emulator.world.clock.set({ rate: 300 });
      assert.match(await client.ask(world, `${llama}:groq`), greeting);
      assert.deepEqual(
        world.received().map(({ status }) => status),
        [429, 200],
      );
    });

    it("is not let in with a wrong key, and nothing is sent with the developer's token", async () => {
      const stranger = { ...world, key: 'hf_headroom_of_somebody_else' };
      const { status, words } = await failure(client, stranger, llama);
      assert.equal(status, 401);
      assert.match(words, /This key is not the one of this gateway/);
      assert.deepEqual(world.received(), []);
    });
  });
}

async function failure(client: TextClient, world: GatewayWorld, model: string) {
  let text: string;
  try {
    text = await client.ask(world, model);
  } catch (error) {
    return client.told(error);
  }
  throw new assert.AssertionError({ message: `It was answered: ${text}` });
}
