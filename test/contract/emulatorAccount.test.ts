import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, frozenEmulator, hub } from './emulatorCalls.ts';

describe('emulator, account', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  it('whoami-v2: a PRO user has organizations with plan and role', async () => {
    const { status, json } = await hub(emulator, '/api/whoami-v2');
    assert.equal(status, 200);
    assert.equal(json.type, 'user');
    assert.equal(json.name, 'ada');
    assert.equal(json.isPro, true);
    assert.equal(json.billingMode, 'prepaid');
    const orgs = json.orgs.map((org: Record<string, unknown>) => [
      org.name,
      org.plan,
      org.roleInOrg,
      org.canPay,
    ]);
    assert.deepEqual(orgs, [
      ['acme', 'team', 'admin', true],
      ['freebies', undefined, 'write', false],
      ['locked-down', 'enterprise', 'write', true],
    ]);
    assert.deepEqual(json.orgs[2].securityRestrictions, ['sso']);
    assert.deepEqual(json.auth.accessToken, {
      displayName: 'laptop',
      role: 'write',
      createdAt: '2026-05-01T10:00:00.000Z',
    });
  });

  it('whoami-v2: a fine-grained token has its scoped permissions, and only the organizations in its scopes', async () => {
    const { json } = await hub(emulator, '/api/whoami-v2', { token: tokens.adaFineGrained });
    assert.equal(json.auth.accessToken.role, 'fineGrained');
    const { global, scoped } = json.auth.accessToken.fineGrained;
    assert.deepEqual(global, []);
    assert.deepEqual(scoped[0].entity, { _id: json.id, type: 'user', name: 'ada' });
    assert.ok(scoped[0].permissions.includes('user.billing.read'));
    assert.equal(scoped[1].entity.type, 'org');
    assert.deepEqual(
      json.orgs.map((org: { name: string }) => org.name),
      ['acme'],
    );
  });

  it("whoami-v2: a token without permissions and an organization's token get a 200", async () => {
    assert.equal((await hub(emulator, '/api/whoami-v2', { token: tokens.adaNothing })).status, 200);
    const org = await hub(emulator, '/api/whoami-v2', { token: tokens.acme });
    assert.deepEqual([org.json.type, org.json.name], ['org', 'acme']);
  });

  it('whoami-v2: an unknown, expired or missing token gets a 401', async () => {
    for (const token of ['hf_wrong', tokens.adaExpired]) {
      const { status, json, headers } = await hub(emulator, '/api/whoami-v2', { token });
      assert.equal(status, 401);
      assert.deepEqual(json, { error: 'Invalid credentials in Authorization header' });
      assert.equal(headers.get('x-error-message'), json.error);
      assert.match(headers.get('x-request-id') ?? '', /^Root=1-/);
    }
    const anonymous = await hub(emulator, '/api/whoami-v2', { token: null });
    assert.deepEqual([anonymous.status, anonymous.json.error], [401, 'Invalid username or password.']);
  });

  it('whoami-v2: the sensitive window counts requests by IP, for all tokens together', async () => {
    await admin(emulator, '/state', { whoami: { limit: 2 } });
    await hub(emulator, '/api/whoami-v2', { token: tokens.bob });
    await hub(emulator, '/api/whoami-v2');
    const third = await hub(emulator, '/api/whoami-v2');
    assert.equal(third.status, 429);
    assert.match(third.json.error, /rate limit for the \/whoami-v2 endpoint, which is intentionally strict/);
    assert.equal(third.headers.get('ratelimit'), '"sensitive";r=0;t=300');
    assert.equal((await hub(emulator, '/api/spaces/zero-gpu/quota')).status, 200);
  });

  it('ZeroGPU quota: current is the remaining seconds, and resets 24 h after the first use', async () => {
    const { json } = await hub(emulator, '/api/spaces/zero-gpu/quota');
    assert.deepEqual(json, {
      base: 2400,
      current: 900,
      resetsAt: '2026-10-15T04:30:00.000Z',
      overquotaUsed: 0,
    });
    emulator.world.clock.set({ advanceMs: 19 * 3_600_000 });
    const after = await hub(emulator, '/api/spaces/zero-gpu/quota');
    assert.deepEqual(after.json, { base: 2400, current: 2400, resetsAt: null, overquotaUsed: 0 });
  });

  it('ZeroGPU quota: a free account has a limit of runs', async () => {
    await admin(emulator, '/scenario', { name: 'free' });
    const { json } = await hub(emulator, '/api/spaces/zero-gpu/quota');
    assert.equal(json.current, 213.4);
    assert.deepEqual(json.runs, { used: 2, limit: 8, remaining: 6, resetsAt: '2026-10-15T08:30:00.000Z' });
  });

  it('routes: 404 for an unknown path, 405 with Allow for another method', async () => {
    const unknown = await hub(emulator, '/api/settings/inference-providers/usage-limits');
    assert.equal(unknown.status, 404);
    assert.equal(typeof unknown.json.error, 'string');
    const wrong = await hub(emulator, '/api/whoami-v2', { method: 'POST', body: {} });
    assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET']);
  });
});
