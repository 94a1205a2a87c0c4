import assert from 'node:assert/strict';
import { Prices } from '../../src/billing/prices.ts';
import { ProviderModels } from '../../src/billing/providerModels.ts';
import { routerOffers } from '../../src/billing/routerOffers.ts';
import type { PartStore } from '../../src/billing/sharedOffers.ts';
import { HubError } from '../../src/hub/hubError.ts';
import { parseServers, type Servers } from '../../src/hub/servers.ts';
import { models } from '../emulator/catalogue.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { tapped } from './hubServer.ts';

const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const minute = 60_000;

type Row = Parameters<PartStore['writePart']>[2];

/** A ledger's rows. */
function parts(): PartStore & { readonly rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  return {
    rows,
    readPart: (account, part) => rows.get(`${account} ${part}`),
    writePart: (account, part, stored) => void rows.set(`${account} ${part}`, stored),
  };
}

describe('provider models and prices:', () => {
  let emulator: Emulator;
  let servers: Servers;
  let http: ReturnType<typeof tapped>;
  let now: number;
  let token: string | undefined;

  before(async () => {
    emulator = await startEmulator();
    servers = parseServers(emulator);
  });
  after(() => emulator.close());
  beforeEach(() => {
    http = tapped();
    now = Date.UTC(2026, 9, 14, 12);
    token = tokens.ada;
  });
  afterEach(async () => {
    emulator.world.faults = [];
    await http.close();
  });

  const options = (ledger = parts()) => ({
    http,
    servers: () => servers,
    token: () => token,
    ledger,
    now: () => now,
  });

  /** Paths that arrived while `run` ran. */
  async function asked(run: () => Promise<unknown>): Promise<string[]> {
    const before = emulator.requests().length;
    await run();
    return emulator
      .requests()
      .slice(before)
      .map(({ path }) => path);
  }

  describe('ProviderModels:', () => {
    it('finds the id of each provider that serves the model', async () => {
      const names = new ProviderModels(options());
      for (const { id, offers } of models) {
        for (const { provider, providerId, status } of offers) {
          assert.equal(await names.find(provider, id), status === 'live' ? providerId : undefined, id);
        }
        assert.equal(await names.find('wavespeed', id), undefined);
      }
    });

    it('a suffix does not change the id', async () => {
      const names = new ProviderModels(options());
      assert.equal(await names.find('groq', `${llama}:groq`), 'llama-3.1-8b-instant');
      assert.equal(await names.find('groq', `${llama}:fastest`), 'llama-3.1-8b-instant');
    });

    it('providersOf lists the providers that serve the model', async () => {
      const names = new ProviderModels(options());
      assert.ok((await names.providersOf(llama)).includes('cerebras'));
      assert.deepEqual(await names.providersOf('acme/Model-Retired'), []);
    });

    it('reads a model once in 15 minutes, for all callers together', async () => {
      const names = new ProviderModels(options());
      const find = () => names.find('groq', llama);
      assert.deepEqual(await asked(() => Promise.all([find(), find(), names.find('novita', llama)])), [
        `/api/models/${llama}?expand[]=inferenceProviderMapping`,
      ]);
      now += 15 * minute - 1;
      assert.deepEqual(await asked(find), []);
      now += 1;
      assert.equal((await asked(find)).length, 1);
    });

    it('keeps the ids while the Hub is down', async () => {
      const names = new ProviderModels(options());
      await names.find('groq', llama);
      now += 60 * minute;
      emulator.world.faults = [{ kind: 'status', status: 500, path: '/api/models' }];
      assert.equal(await names.find('groq', llama), 'llama-3.1-8b-instant');
      await assert.rejects(names.find('groq', 'openai/gpt-oss-120b'), HubError);
    });

    it('remembers for a minute that a model does not exist, with and without a token', async () => {
      for (const each of [tokens.ada, undefined]) {
        token = each;
        const names = new ProviderModels(options());
        const find = () => names.find('groq', 'acme/No-Such-Model');
        assert.equal(await find(), undefined);
        assert.deepEqual(await names.providersOf('llama-3.1-8b-instant'), []);
        now += minute - 1;
        assert.deepEqual(await asked(find), []);
        now += 1;
        assert.equal((await asked(find)).length, 1);
      }
    });

    it('an invalid token is an error, not a missing model', async () => {
      token = 'hf_no_such_token';
      const names = new ProviderModels(options());
      await assert.rejects(names.find('groq', 'acme/No-Such-Model'), { kind: 'invalid-token' });
    });

    it('reads public models without the token when that is invalid', async () => {
      for (const each of [tokens.adaExpired, 'hf_no_such_token', 'hf_mal formed']) {
        token = each;
        const names = new ProviderModels(options());
        assert.equal(await names.find('groq', llama), 'llama-3.1-8b-instant');
        assert.deepEqual(await asked(() => names.providersOf(llama)), []);
      }
      const last = emulator.requests().at(-1);
      assert.deepEqual([last?.headers.authorization, last?.status], [undefined, 200]);
    });

    it("an id can't lead to another path", async () => {
      const names = new ProviderModels(options());
      const ids = ['../../x?y#z', '..', 'a/..', './a', 'a/b/c', '/a', 'a b', '', 'a/%2e%2e'];
      for (const id of ids) {
        assert.deepEqual(await asked(() => names.find('groq', id)), [], id);
        assert.equal(await names.find('groq', id), undefined);
      }
    });

    it('an aborted caller stops waiting', async () => {
      emulator.world.faults = [{ kind: 'delay', delayMs: 60_000, path: '/api/models' }];
      const gone = new AbortController();
      const find = new ProviderModels(options()).find('groq', llama, gone.signal);
      gone.abort(new Error('gone'));
      await assert.rejects(find, /gone/);
    });
  });

  describe('Prices:', () => {
    const usage = { promptTokens: 1000, completionTokens: 200 };

    it('costs are unknown until the list is loaded', async () => {
      const prices = new Prices(options());
      assert.equal(prices.costNanoUsd('groq', llama, usage), undefined);
      await prices.refresh();
      // 0.05 and 0.08 USD per million tokens
      assert.equal(prices.costNanoUsd('groq', llama, usage), 66_000);
      assert.equal(prices.costNanoUsd('groq', `${llama}:cheapest`, usage), 66_000);
    });

    it("the provider's own cost is used if it reports one", async () => {
      const prices = new Prices(options());
      assert.equal(prices.costNanoUsd('deepinfra', llama, { ...usage, costUsd: 0.00000184 }), 1840);
    });

    it('0 for a free model, unknown without a price or tokens', async () => {
      const prices = new Prices(options());
      await prices.refresh();
      assert.equal(prices.costNanoUsd('publicai', 'google/gemma-3-27b-it', usage), 0);
      assert.equal(prices.costNanoUsd('featherless-ai', llama, usage), undefined);
      assert.equal(prices.costNanoUsd('next', llama, usage), undefined);
      assert.equal(prices.costNanoUsd('groq', 'acme/No-Such-Model', usage), undefined);
      assert.equal(prices.costNanoUsd('groq', llama, { promptTokens: 1000 }), undefined);
    });

    it('the list is read without a token that is invalid', async () => {
      token = tokens.adaExpired;
      const prices = new Prices(options());
      await prices.refresh();
      assert.equal(prices.costNanoUsd('groq', llama, usage), 66_000);
    });

    it('one process loads the list for all that share the ledger', async () => {
      const ledger = parts();
      const [one, two, three] = [1, 2, 3].map(() => new Prices(options(ledger)));
      assert.ok(one && two && three);
      assert.deepEqual(await asked(() => one.refresh()), ['/v1/models']);
      assert.deepEqual(await asked(() => two.refresh()), []);
      assert.equal(two.costNanoUsd('groq', llama, usage), 66_000);
      assert.equal(two.costNanoUsd('publicai', 'google/gemma-3-27b-it', usage), 0);
      now += 10 * minute;
      assert.deepEqual(await asked(() => three.refresh()), []);
      now += 5 * minute;
      assert.deepEqual(await asked(() => three.refresh()), ['/v1/models']);
      assert.deepEqual(await asked(() => Promise.all([one.refresh(), two.refresh()])), []);
    });

    it('the dashboard takes the list that a gateway loaded, with each provider’s speed', async () => {
      const ledger = parts();
      await new Prices(options(ledger)).refresh();
      const offers = routerOffers(options(ledger));
      assert.deepEqual(await asked(() => offers.get()), []);
      const { offers: [offer] = [] } = offers.last?.find(({ id }) => id === llama) ?? {};
      assert.ok((offer?.throughput ?? 0) > 0 && (offer?.firstTokenLatencyMs ?? 0) > 0);
    });

    it('a shared list that is damaged, of another router or from the future is loaded again', async () => {
      const ledger = parts();
      await new Prices(options(ledger)).refresh();
      const [[key, row] = []] = ledger.rows;
      assert.ok(key !== undefined && row !== undefined);
      const load = () => asked(() => new Prices(options(ledger)).refresh());
      for (const damage of [
        { value: '{' },
        { value: '7' },
        { value: undefined },
        { asOf: now + 1 },
        { asOf: undefined },
      ]) {
        ledger.rows.set(key, { ...row, ...damage });
        assert.deepEqual(await load(), ['/v1/models'], JSON.stringify(damage));
      }
      servers = { ...servers, routerUrl: servers.routerUrl.replace('127.0.0.1', 'localhost') };
      assert.equal((await load()).length, 1);
      servers = parseServers(emulator);
    });

    it('the list is loaded once in 15 minutes, and stays while loads fail', async () => {
      const prices = new Prices(options());
      assert.deepEqual(await asked(() => Promise.all([prices.refresh(), prices.refresh()])), ['/v1/models']);
      assert.deepEqual(await asked(() => prices.refresh()), []);
      now += 15 * minute;
      emulator.world.faults = [{ kind: 'status', status: 503, path: '/v1/models' }];
      await prices.refresh();
      assert.equal(prices.costNanoUsd('groq', llama, usage), 66_000);
      await assert.rejects(new Prices(options()).refresh(), { kind: 'server-error' });
    });
  });
});
