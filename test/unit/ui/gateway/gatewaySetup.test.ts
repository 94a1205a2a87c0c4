import assert from 'node:assert/strict';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import type { GatewaySettings } from '../../../../src/ui/core/settings.ts';
import type { Core } from '../../../../src/ui/core/startCore.ts';
import { GatewaySetups } from '../../../../src/ui/gateway/gatewaySetup.ts';

const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const key = (provider: string): BillingProfile => ({ kind: 'provider-key', provider });

describe('GatewaySetups', () => {
  let reported: string[];
  let late: number;
  let settings: Partial<GatewaySettings>;
  /** Keys in secret storage, by provider. */
  let stored: Record<string, () => Promise<string | undefined>>;
  let asked: string[];
  let setups: GatewaySetups;

  beforeEach(() => {
    reported = [];
    late = 0;
    settings = {};
    asked = [];
    stored = { groq: async () => 'gsk_ada', together: async () => 'key_of_together' };
    setups = new GatewaySetups({
      secrets: {
        get: async name => {
          const provider = name.replace('headroom.providerKey.', '');
          asked.push(provider);
          return await stored[provider]?.();
        },
        store: async () => undefined,
        delete: async () => undefined,
        keys: async () => [],
      },
      settings: () => ({
        longestWaitMs: 0,
        pacing: 'pace',
        failover: undefined,
        providerUrls: undefined,
        servers: {},
        proxy: {},
        strictSSL: true,
        ...settings,
      }),
      report: problem => reported.push(problem),
      onLateKey: () => {
        late += 1;
      },
      keyTimeoutMs: 20,
    });
  });

  const setup = async (payer: Payer, preferences = new Map<string, string>()) => {
    const core = {
      service: { session: { token: 'hf_ada' } },
      payerWatch: { payer, workspace: 'w1', look: () => undefined },
      ledger: { getPreference: (name: string) => preferences.get(name), setPreference: () => undefined },
    } as unknown as Core;
    const { config } = await setups.setup(core);
    return config;
  };

  it('include the budgets that pause a payer that may pay, in all folders and in this one', async () => {
    settings = { failover: ['key:groq'] };
    const preferences = new Map([
      ['budget.org:acme', '{"monthNanoUsd":4,"pauseAtNanoUsd":5}'],
      ['budget.org:acme/w1', '{"pauseAtNanoUsd":1}'],
      ['budget.org:acme/w2', '{"pauseAtNanoUsd":2}'],
      ['budget.key:groq', '{"pauseAtNanoUsd":3}'],
      ['budget.personal', '{"monthNanoUsd":9}'],
    ]);
    const { budgets } = await setup({ chosen: acme }, preferences);
    assert.deepEqual(budgets, [
      { payer: 'org:acme', pauseAtNanoUsd: 5 },
      { payer: 'org:acme', workspace: 'w1', pauseAtNanoUsd: 1 },
      { payer: 'key:groq', pauseAtNanoUsd: 3 },
    ]);
    assert.deepEqual((await setup({ chosen: acme })).budgets, []);
  });

  it('include payer, token and the keys of profiles that may pay', async () => {
    settings = { failover: ['key:groq', 'nonsense'] };
    const { profile, token, keys, failover } = await setup({ chosen: acme });
    assert.deepEqual([profile, token, keys], [acme, 'hf_ada', { groq: 'gsk_ada' }]);
    assert.deepEqual(failover, [key('groq')]);
    assert.deepEqual(reported, []);
  });

  it('leave out an invalid provider URL and its key, and report it once', async () => {
    settings = {
      providerUrls: { groq: 'htp:/groq', together: 'https://proxy.test/together' },
      failover: ['key:groq', 'key:together'],
    };
    for (let times = 0; times < 2; times++) {
      const { profile, keys, providerUrls } = await setup({ chosen: acme });
      assert.deepEqual(profile, acme);
      assert.deepEqual(keys, { together: 'key_of_together' });
      assert.deepEqual(providerUrls, { together: 'https://proxy.test/together' });
    }
    assert.equal(reported.length, 1);
    assert.match(reported[0] ?? '', /headroom\.providerUrls\.groq (is not a URL|must begin)/);
    settings = { failover: ['key:groq'] };
    assert.deepEqual((await setup({ chosen: acme })).keys, { groq: 'gsk_ada' });
    settings = { providerUrls: { groq: 'htp:/groq' } };
    await setup({ chosen: acme });
    assert.equal(reported.length, 2);
  });

  it('leave out all keys while the setting providerUrls is invalid', async () => {
    settings = { providerUrls: 'https://proxy.test', failover: ['key:groq'] };
    const { profile, keys, providerUrls } = await setup({ chosen: acme });
    assert.deepEqual([profile, keys, providerUrls], [acme, {}, {}]);
    assert.match(reported[0] ?? '', /headroom\.providerUrls must be an object/);
  });

  it('leave out a key that can’t be read, and report it', async () => {
    stored.groq = () => Promise.reject(new Error('the keyring is locked'));
    settings = { failover: ['key:groq', 'key:together'] };
    const { profile, keys } = await setup({ chosen: acme });
    assert.deepEqual([profile, keys], [acme, { together: 'key_of_together' }]);
    assert.deepEqual(reported, [
      'The key of Groq can’t be read from the editor’s secret storage. It is not used until it can.',
    ]);
    assert.equal(late, 0);
  });

  it('wait briefly, and once, for a locked keyring, and use its key once it is unlocked', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    stored.groq = () => promise;
    settings = { failover: ['key:groq'] };
    assert.deepEqual((await setup({ chosen: acme })).keys, {});
    assert.deepEqual((await setup({ chosen: key('together') })).keys, { together: 'key_of_together' });
    resolve('gsk_ada');
    await promise;
    await new Promise(setImmediate);
    assert.equal(late, 1);
    assert.deepEqual((await setup({ chosen: acme })).keys, { groq: 'gsk_ada' });
    assert.deepEqual(asked, ['groq', 'together']);
  });

  it('reject when a server URL is invalid', async () => {
    settings = { servers: { routerUrl: 'nonsense' } };
    await assert.rejects(setup({ chosen: acme }), /routerUrl/);
  });
});
