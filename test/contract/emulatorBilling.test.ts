import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, chat, frozenEmulator, hub, thisMonth } from './emulatorCalls.ts';

describe('emulator, billing', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const usage = (path = '/api/settings', token?: string) => {
    return hub(
      emulator,
      `${path}/billing/usage-v2?${thisMonth(emulator)}`,
      token === undefined ? {} : { token },
    );
  };

  it('usage-v2: amounts in nano-USD, micro-USD and cents, keys in lower and upper case', async () => {
    const { status, json } = await usage();
    assert.equal(status, 200);
    assert.deepEqual(json.usage.inferenceProviders, {
      usedNanoUsd: 1_020_000_000,
      includedNanoUsd: 2_000_000_000,
      limitNanoUsd: 0,
      numRequests: 412,
      periodStart: '2026-10-01T00:00:00.000Z',
      periodEnd: '2026-10-14T09:30:00.000Z',
      providerDetails: [
        { provider: 'novita', numRequests: 350, totalCostNanoUsd: 800_000_000 },
        { provider: 'groq', numRequests: 62, totalCostNanoUsd: 220_000_000 },
      ],
    });
    assert.deepEqual(json.usage.jobs, { usedMicroUsd: 413_333, totalMinutes: 31 });
    assert.deepEqual(json.usage.privateStorage, { amountDueCents: 0 });
    assert.deepEqual(Object.keys(json.usage).slice(3), ['Spaces', 'Endpoints']);
    assert.equal(json.usage.Endpoints[0].product, 'endpoints/aws/nvidia-l4/x1');
  });

  it('usage-v2: periodEnd echoes endDate, and later charges are left out', async () => {
    const { json } = await hub(
      emulator,
      '/api/settings/billing/usage-v2?startDate=1790812800&endDate=1790816400&page=1',
    );
    assert.equal(json.usage.inferenceProviders.periodEnd, '2026-10-01T01:00:00.000Z');
    assert.equal(json.usage.inferenceProviders.usedNanoUsd, 0);
  });

  it('usage-v2: dates in epoch seconds only; milliseconds get a 500, other formats a 400', async () => {
    const status = async (query: string) =>
      (await hub(emulator, `/api/settings/billing/usage-v2${query}`)).status;
    assert.equal(await status('?startDate=1790812800000&endDate=1791970200000'), 500);
    assert.equal(await status(''), 400);
    assert.equal(await status('?startDate=2026-10-01&endDate=2026-10-14'), 400);
    assert.equal(await status('?startDate=1791970200&endDate=1790812800'), 400);
    assert.equal(await status('?startDate=0&endDate=1790812800'), 400);
  });

  it('usage-v2: a fine-grained token needs user.billing.read', async () => {
    assert.equal((await usage('/api/settings', tokens.adaFineGrained)).status, 200);
    assert.equal((await usage('/api/settings', tokens.adaNoBilling)).status, 403);
    assert.equal((await usage('/api/settings', 'hf_wrong')).status, 401);
  });

  it('usage-v2: an organization is readable by its admins and its own token only', async () => {
    const acme = await usage('/api/organizations/acme');
    assert.equal(acme.json.usage.inferenceProviders.includedNanoUsd, 10_000_000_000);
    assert.equal((await usage('/api/organizations/freebies')).status, 403);
    assert.equal((await usage('/api/organizations/acme', tokens.eve)).status, 403);
    assert.equal((await usage('/api/organizations/acme', tokens.acme)).status, 200);
    assert.equal((await usage('/api/organizations/unknown')).status, 404);
  });

  it('settlement: a request costs $0.01 at once, and its real cost once it is settled', async () => {
    const before = (await usage()).json.usage.inferenceProviders.usedNanoUsd;
    await chat(emulator, 'openai/gpt-oss-120b:novita');
    assert.equal((await usage()).json.usage.inferenceProviders.usedNanoUsd, before + 10_000_000);
    emulator.world.clock.set({ advanceMs: 61_000 });
    const settled = (await usage()).json.usage.inferenceProviders;
    assert.ok(
      settled.usedNanoUsd > before && settled.usedNanoUsd < before + 100_000,
      String(settled.usedNanoUsd),
    );
    assert.equal(settled.numRequests, 413);
  });

  it('usage-v2: a new month starts at 0', async () => {
    emulator.world.clock.set({ now: Date.UTC(2026, 10, 2) });
    const { json } = await hub(
      emulator,
      '/api/settings/billing/usage-v2?startDate=1793491200&endDate=1793577600',
    );
    assert.equal(json.usage.inferenceProviders.usedNanoUsd, 0);
  });

  it('jobs: usage in micro-USD; a new job runs with credits and gets a 402 without', async () => {
    const { json } = await hub(emulator, '/api/settings/billing/usage/jobs');
    assert.equal(json.hasAccess, true);
    assert.equal(json.usage.jobDetails[0].hardwareFlavor, 'l4x1');
    assert.equal(json.usage.periodEnd, '2026-10-31T23:59:59.999Z');
    assert.equal((await hub(emulator, '/api/jobs/ada', { body: { flavor: 't4-small' } })).status, 200);
    emulator.world.clock.set({ advanceMs: 10 * 60_000 });
    const after = await hub(emulator, '/api/settings/billing/usage/jobs');
    assert.equal(after.json.usage.totalMinutes, 41);
    assert.equal(after.json.usage.jobDetails[1].completedAt, undefined);
    const bob = await hub(emulator, '/api/jobs/bob', { body: {}, token: tokens.bob });
    assert.equal(bob.status, 402);
    assert.match(bob.json.error, /^Pre-paid credit balance is insufficient/);
  });

  it('usage (v1): line items of the period', async () => {
    const { json } = await hub(emulator, '/api/settings/billing/usage');
    assert.equal(json.period.entityType, 'user');
    assert.equal(json.usage.Jobs[0].product, 'jobs/l4x1/minutes');
    assert.equal(json.usage.Jobs[0].totalCostMicroUSD, 413_333);
  });

  it('usage-by-inference-session: cents per X-HF-Session-id, without unsettled requests', async () => {
    const session = '6f1c0000-0000-4000-8000-000000000001';
    await chat(emulator, 'Qwen/Qwen3-Coder-480B-A35B-Instruct:novita', {
      headers: { 'x-hf-session-id': session },
    });
    const path = '/api/settings/billing/usage-by-inference-session';
    const query = '?startDate=2026-10-01T00:00:00.000Z&endDate=2026-10-31T00:00:00.000Z';
    assert.deepEqual((await hub(emulator, path + query)).json.periods[0].sessions, []);
    emulator.world.clock.set({ advanceMs: 61_000 });
    const { json } = await hub(emulator, path + query);
    assert.equal(json.currency, 'USD');
    assert.equal(json.periods[0].sessions[0].id, session);
    assert.ok(json.periods[0].sessions[0].costCents > 0);
    assert.equal((await hub(emulator, `${path}?startDate=1790812800&endDate=1791970200`)).status, 400);
  });

  it('POST /state: sets the used credits', async () => {
    await admin(emulator, '/state', { users: { ada: { credits: { usedNanoUsd: 1_999_000_000 } } } });
    assert.equal((await usage()).json.usage.inferenceProviders.usedNanoUsd, 1_999_000_000);
  });
});
