import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ProviderModels } from '../../src/billing/providerModels.ts';
import { findProvider, providers } from '../../src/billing/providers.ts';
import { createHttp } from '../../src/hub/http.ts';
import { listRouterModels } from '../../src/hub/router.ts';
import { type ModelLookup, snippetModel } from '../../src/view/billing/snippetModel.ts';
import { requestSnippet, type SnippetLanguage } from '../../src/view/billing/snippets.ts';
import { models, unlistedOffers } from '../emulator/catalogue.ts';
import { adaKey, chatRoutes } from '../emulator/providers.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';

const run = promisify(execFile);

/** Providers with a chat model in the emulator. */
const served = providers.filter(({ id }) =>
  [...models.flatMap(({ offers }) => offers), ...unlistedOffers].some(
    ({ provider, status }) => provider === id && id in chatRoutes && status === 'live',
  ),
);

describe('snippet with a provider key:', () => {
  let setup: GatewayTestSetup;
  let lookup: ModelLookup;
  let http: ReturnType<typeof createHttp>;
  before(async () => {
    setup = await gatewaySetup();
    const servers = setup.emulator;
    http = createHttp({ userAgent: 'headroom-test', now: Date.now });
    const names = new ProviderModels({
      http,
      servers: () => servers,
      token: () => undefined,
      now: Date.now,
    });
    lookup = {
      routerModels: async signal => (await listRouterModels(http, servers, undefined, signal)).items,
      ownModelName: (provider, model, signal) => names.find(provider, model, signal),
    };
  });
  after(async () => {
    await http.close();
    await setup.close();
  });

  /** What a snippet prints. */
  async function output(language: SnippetLanguage, provider: string, through: 'gateway' | 'direct') {
    const profile = { kind: 'provider-key', provider } as const;
    setup.configure({ profile });
    const text = requestSnippet({
      language,
      profile,
      through,
      model: await snippetModel(profile, lookup, new AbortController().signal),
      routerUrl: setup.emulator.routerUrl,
      providerUrls: setup.emulator.providerUrls,
    });
    const [variable = ''] = findProvider(provider)?.keyVariables ?? [];
    const env = {
      PATH: process.env.PATH,
      ...(through === 'direct'
        ? { [variable]: adaKey(provider) }
        : { OPENAI_BASE_URL: `${setup.url}/v1`, OPENAI_API_KEY: setup.key }),
    };
    const { stdout } =
      language === 'curl'
        ? await run('bash', ['-c', text], { env })
        : await run(process.execPath, ['--input-type=module', '--eval', text], { env });
    return stdout;
  }

  for (const through of ['direct', 'gateway'] as const) {
    for (const { id, name } of served) {
      it(`curl, ${through}, at ${name}`, async function () {
        if ((await run('curl', ['--version']).catch(() => undefined)) === undefined) this.skip();
        const answer = await output('curl', id, through);
        assert.match(answer, new RegExp(`Hello from \\S+ served by ${id}`));
        assert.equal(setup.received().at(-1)?.headers.authorization, `Bearer ${adaKey(id)}`);
      });
    }
    for (const provider of ['groq', 'zai-org', 'openai']) {
      it(`openai for JavaScript, ${through}, at ${provider}`, async () => {
        assert.match(await output('js-openai', provider, through), new RegExp(`served by ${provider}`));
      });
    }
  }

  it('@huggingface/inference, through the gateway', async () => {
    for (const provider of ['scaleway', 'openai']) {
      assert.match(await output('js-huggingface', provider, 'gateway'), new RegExp(`served by ${provider}`));
    }
  });
});
