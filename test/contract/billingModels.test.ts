import assert from 'node:assert/strict';
import { Prices } from '../../src/billing/prices.ts';
import { ProviderModels } from '../../src/billing/providerModels.ts';
import type { PartStore } from '../../src/billing/sharedPrices.ts';
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

describe('what providers serve', () => {
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

  describe('the names of models', () => {
    it("are the providers' own, for each that serves the model", async () => {
      const names = new ProviderModels(options());
      for (const { id, offers } of models) {
        for (const { provider, providerId, status } of offers) {
          assert.equal(await names.find(provider, id), status === 'live' ? providerId : undefined, id);
        }
        assert.equal(await names.find('wavespeed', id), undefined);
      }
    });

    it('do not change with a suffix', async () => {
      const names = new ProviderModels(options());
      assert.equal(await names.find('groq', `${llama}:groq`), 'llama-3.1-8b-instant');
      assert.equal(await names.find('groq', `${llama}:fastest`), 'llama-3.1-8b-instant');
    });

    it('come with the list of who has the model', async () => {
      const names = new ProviderModels(options());
      assert.ok((await names.providersOf(llama)).includes('cerebras'));
      assert.deepEqual(await names.providersOf('acme/Model-Retired'), []);
    });

    it('are asked for once in 15 minutes, by all together', async () => {
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

    it('are still known while the Hub is down', async () => {
      const names = new ProviderModels(options());
      await names.find('groq', llama);
      now += 60 * minute;
      emulator.world.faults = [{ kind: 'status', status: 500, path: '/api/models' }];
      assert.equal(await names.find('groq', llama), 'llama-3.1-8b-instant');
      await assert.rejects(names.find('groq', 'openai/gpt-oss-120b'), HubError);
    });

    it('are unknown of a model that does not exist, with and without a token, and that is remembered for a minute', async () => {
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

    it('are not said to be unknown for a token that is not valid', async () => {
      token = 'hf_no_such_token';
      const names = new ProviderModels(options());
      await assert.rejects(names.find('groq', 'acme/No-Such-Model'), { kind: 'invalid-token' });
    });

    it('are read without the token when it is not valid any more, as far as they are public', async () => {
      for (const each of [tokens.adaExpired, 'hf_no_such_token', 'hf_mal formed']) {
        token = each;
        const names = new ProviderModels(options());
        assert.equal(await names.find('groq', llama), 'llama-3.1-8b-instant');
        assert.deepEqual(await asked(() => names.providersOf(llama)), []);
      }
      const last = emulator.requests().at(-1);
      assert.deepEqual([last?.headers.authorization, last?.status], [undefined, 200]);
    });

    it('can not lead to another path', async () => {
      const names = new ProviderModels(options());
      const ids = ['../../x?y#z', '..', 'a/..', './a', 'a/b/c', '/a', 'a b', '', 'a/%2e%2e'];
      for (const id of ids) {
        assert.deepEqual(await asked(() => names.find('groq', id)), [], id);
        assert.equal(await names.find('groq', id), undefined);
      }
    });

    it('are not waited for by a caller that has gone', async () => {
      emulator.world.faults = [{ kind: 'delay', delayMs: 60_000, path: '/api/models' }];
      const gone = new AbortController();
      const find = new ProviderModels(options()).find('groq', llama, gone.signal);
      gone.abort(new Error('gone'));
      await assert.rejects(find, /gone/);
    });
  });

  describe('prices', () => {
    const usage = { promptTokens: 1000, completionTokens: 200 };

    it('are not known before the list was loaded', async () => {
      const prices = new Prices(options());
      assert.equal(prices.costNanoUsd('groq', llama, usage), undefined);
      await prices.refresh();
      // 0.05 and 0.08 USD per million tokens
      assert.equal(prices.costNanoUsd('groq', llama, usage), 66_000);
      assert.equal(prices.costNanoUsd('groq', `${llama}:cheapest`, usage), 66_000);
    });

    it("are the provider's own figure where it tells one", async () => {
      const prices = new Prices(options());
      assert.equal(prices.costNanoUsd('deepinfra', llama, { ...usage, costUsd: 0.00000184 }), 1840);
    });

    it('are 0 where nothing is charged, and unknown where nothing is said', async () => {
      const prices = new Prices(options());
      await prices.refresh();
      assert.equal(prices.costNanoUsd('publicai', 'google/gemma-3-27b-it', usage), 0);
      assert.equal(prices.costNanoUsd('featherless-ai', llama, usage), undefined);
      assert.equal(prices.costNanoUsd('next', llama, usage), undefined);
      assert.equal(prices.costNanoUsd('groq', 'acme/No-Such-Model', usage), undefined);
      assert.equal(prices.costNanoUsd('groq', llama, { promptTokens: 1000 }), undefined);
    });

    it('are read without a token that is not valid any more', async () => {
      token = tokens.adaExpired;
      const prices = new Prices(options());
      await prices.refresh();
      assert.equal(prices.costNanoUsd('groq', llama, usage), 66_000);
    });

    it('are loaded by one for all that share a ledger, and age there', async () => {
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

    it('are loaded anew where what another one left can not be read, is of another router, or of the future', async () => {
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

    it('are loaded once in 15 minutes, and stay while they can not be loaded', async () => {
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
