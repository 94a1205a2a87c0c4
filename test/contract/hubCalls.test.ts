import assert from 'node:assert/strict';
import { jobsUsage, monthlyUsage } from '../../src/hub/billing.ts';
import { hardwareQuotas, listEndpoints } from '../../src/hub/endpoints.ts';
import type { HubAccess } from '../../src/hub/http.ts';
import type { HubErrorKind } from '../../src/hub/hubError.ts';
import { readLiveUsage } from '../../src/hub/liveUsage.ts';
import { parseServers, type Servers } from '../../src/hub/servers.ts';
import { whoami } from '../../src/hub/whoami.ts';
import { zeroGpuQuota } from '../../src/hub/zeroGpu.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { failure, tapped } from './hubServer.ts';

interface Call {
  readonly name: string;
  readonly path: string;
  /** A field that the call needs. */
  readonly field: string;
  run(token: string): Promise<unknown>;
}

describe('call to Hugging Face', () => {
  let emulator: Emulator;
  let servers: Servers;
  let http: ReturnType<typeof tapped>;
  const hub = (token: string): HubAccess => ({ http, servers, token });
  const month = { startSeconds: 1_790_000_000, endSeconds: 1_792_000_000 };

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    servers = parseServers(emulator);
  });
  after(() => emulator.close());
  beforeEach(() => {
    emulator.world.load('pro');
    http = tapped();
  });
  afterEach(async () => {
    emulator.world.faults = [];
    await http.close();
  });

  const calls: Call[] = [
    { name: 'whoami', path: '/api/whoami-v2', field: 'name', run: token => whoami(hub(token)) },
    {
      name: 'monthlyUsage',
      path: '/api/settings/billing/usage-v2',
      field: 'usage.inferenceProviders.usedNanoUsd',
      run: token => monthlyUsage(hub(token), month),
    },
    {
      name: 'monthlyUsage of an organization',
      path: '/api/organizations/acme/billing/usage-v2',
      field: 'usage.inferenceProviders.usedNanoUsd',
      run: token => monthlyUsage(hub(token), { ...month, organization: 'acme' }),
    },
    {
      name: 'jobsUsage',
      path: '/api/settings/billing/usage/jobs',
      field: 'usage.usedMicroUsd',
      run: token => jobsUsage(hub(token)),
    },
    {
      name: 'zeroGpuQuota',
      path: '/api/spaces/zero-gpu/quota',
      field: 'current',
      run: token => zeroGpuQuota(hub(token)),
    },
    {
      name: 'listEndpoints',
      path: '/v2/endpoint/ada',
      field: 'items',
      run: token => listEndpoints(hub(token), 'ada'),
    },
    {
      name: 'hardwareQuotas',
      path: '/v2/provider/ada',
      field: 'vendors',
      run: token => hardwareQuotas(hub(token), 'ada'),
    },
  ];

  const refusals: [number, HubErrorKind][] = [
    [401, 'invalid-token'],
    [402, 'payment-required'],
    [403, 'missing-permission'],
    [404, 'not-found'],
    [429, 'rate-limited'],
    [500, 'server-error'],
    [503, 'server-error'],
  ];
  const words = 'Invalid credentials in Authorization header';

  for (const { name, path, field, run } of calls) {
    describe(name, () => {
      it('sends the token to the documented path', async () => {
        await run(tokens.ada);
        const request = emulator.requests().at(-1);
        assert.equal(request?.path.split('?')[0], path);
        assert.equal(request?.headers.authorization, `Bearer ${tokens.ada}`);
      });

      for (const [status, kind] of refusals) {
        it(`fails with ${kind} at ${status}, with HF's words, and reports the response`, async () => {
          emulator.world.faults = [{ kind: 'status', status, path, body: { error: words } }];
          const error = await failure(run(tokens.ada), kind);
          assert.equal(error.details.words, words);
          assert.equal(http.seen.at(-1)?.status, status);
          assert.match(http.seen.at(-1)?.bodyText ?? '', /Invalid credentials/);
        });
      }

      it('fails with not-json at a captive portal', async () => {
        emulator.world.faults = [{ kind: 'html', path }];
        await failure(run(tokens.ada), 'not-json');
      });

      it('fails with not-json at malformed JSON and with truncated at half a body', async () => {
        emulator.world.faults = [{ kind: 'malformed-json', path }];
        await failure(run(tokens.ada), 'not-json');
        emulator.world.faults = [{ kind: 'half-body', path }];
        await failure(run(tokens.ada), 'truncated');
      });

      it(`fails with format-changed at another type of ${field}, and without it`, async () => {
        for (const value of [false, null]) {
          emulator.world.faults = [{ kind: 'wrong-type', path, field, value }];
          const error = await failure(run(tokens.ada), 'format-changed');
          assert.equal(error.message, `response format changed: ${field}`);
        }
        emulator.world.faults = [{ kind: 'missing-field', path, field }];
        assert.equal((await failure(run(tokens.ada), 'format-changed')).details.field, field);
      });

      it('fails with unreachable at a reset', async () => {
        emulator.world.faults = [{ kind: 'reset', path }];
        await failure(run(tokens.ada), 'unreachable');
      });
    });
  }

  it('fails with invalid-token for an expired token', async () => {
    for (const token of [tokens.adaExpired, 'hf_no_such_token']) {
      await failure(whoami(hub(token)), 'invalid-token');
      await failure(monthlyUsage(hub(token), month), 'invalid-token');
      await failure(readLiveUsage(hub(token)), 'invalid-token');
    }
  });

  it('fails with missing-permission without the permission, or without being admin of the organization', async () => {
    await failure(monthlyUsage(hub(tokens.adaNoBilling), month), 'missing-permission');
    const organization = { ...month, organization: 'acme' };
    await failure(monthlyUsage(hub(tokens.eve), organization), 'missing-permission');
    await failure(readLiveUsage(hub(tokens.adaNoBilling)), 'missing-permission');
  });

  it('fails with missing-permission, not invalid-token, at a 401 of Inference Endpoints for a namespace', async () => {
    const path = '/v2/endpoint/acme';
    emulator.world.faults = [{ kind: 'status', status: 401, path, body: { error: 'No billing' } }];
    await failure(listEndpoints(hub(tokens.ada), 'acme'), 'missing-permission');
  });

  it('fails with the reset of an exhausted window as retryAt', async () => {
    emulator.world.patch({ windows: { api: 2500 } });
    const error = await failure(zeroGpuQuota(hub(tokens.ada)), 'rate-limited');
    const { retryAt = 0, words: said } = error.details;
    const seconds = (retryAt - Date.now()) / 1000;
    assert.ok(seconds > 0 && seconds <= 300, `${seconds} s`);
    assert.match(said ?? '', /rate limit/);
    assert.match(http.seen.at(-1)?.headers.ratelimit ?? '', /"api";r=0/);
  });

  it('escapes the names of organizations and namespaces', async () => {
    await failure(monthlyUsage(hub(tokens.ada), { ...month, organization: '../x?y' }));
    assert.match(emulator.requests().at(-1)?.path ?? '', /^\/api\/organizations\/\.\.%2Fx%3Fy\/billing/);
    await failure(listEndpoints(hub(tokens.ada), 'a/b'));
    assert.equal(emulator.requests().at(-1)?.path, '/v2/endpoint/a%2Fb');
  });

  it('reads the whole account', async () => {
    const { account, problems: unread } = await whoami(hub(tokens.ada));
    assert.deepEqual(unread, []);
    assert.equal(account.name, 'ada');
    assert.equal(account.plan, 'pro');
    assert.deepEqual(
      account.organizations
        .map(({ name, plan, role }) => ({ name, plan, role }))
        .find(o => o.name === 'acme'),
      { name: 'acme', plan: 'team', role: 'admin' },
    );
    const now = emulator.world.clock.now();
    const start = new Date(now);
    const startSeconds = Date.UTC(start.getUTCFullYear(), start.getUTCMonth()) / 1000;
    const period = { startSeconds, endSeconds: Math.ceil(now / 1000) + 1 };
    const credits = await monthlyUsage(hub(tokens.ada), period);
    const payer = emulator.world.state.users.ada?.credits;
    assert.equal(credits.includedNanoUsd, payer?.includedNanoUsd);
    assert.ok(credits.usedNanoUsd > 0);
    const { items, problems } = await listEndpoints(hub(tokens.ada), 'ada');
    assert.ok(items.length > 0);
    assert.deepEqual(problems, []);
    const hardware = await hardwareQuotas(hub(tokens.ada), 'ada');
    assert.deepEqual(hardware.problems, []);
    assert.ok(hardware.items.length > 0);
    assert.ok(hardware.items.every(({ max, usdPerHour }) => max !== undefined && usdPerHour !== undefined));
    assert.ok((await zeroGpuQuota(hub(tokens.ada))).totalSeconds > 0);
    assert.ok((await jobsUsage(hub(tokens.ada))).usedNanoUsd > 0);
  });
});
