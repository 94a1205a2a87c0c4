import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { call, endpointsApi, frozenEmulator, hub, thisMonth } from './emulatorCalls.ts';

interface Compute {
  id: string;
  pricePerHour: number;
  quota?: { maxAccelerators: number; usedAccelerators: number };
}

describe('emulator, Inference Endpoints', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const stateOf = async (path: string) =>
    (await endpointsApi(emulator, `/endpoint/${path}`)).json.status.state;
  const l4 = async () => {
    const { json } = await endpointsApi(emulator, '/provider/ada');
    return json.vendors[0].regions[0].computes.find(({ id }: Compute) => id === 'aws-us-east-1-nvidia-l4-x1')
      .quota;
  };

  it('GET endpoint: lists the endpoints of a namespace with state and replicas', async () => {
    const { json } = await endpointsApi(emulator, '/endpoint/ada');
    const rows = json.items.map((item: { name: string; status: Record<string, unknown> }) => [
      item.name,
      item.status.state,
      item.status.readyReplica,
      item.status.targetReplica,
    ]);
    assert.deepEqual(rows, [
      ['bert-prod', 'running', 1, 1],
      ['nightly', 'scaledToZero', 0, 0],
      ['old-one', 'paused', 0, 0],
    ]);
    const acme = await endpointsApi(emulator, '/endpoint/acme');
    assert.match(acme.json.items[1].status.message, /CUDA out of memory/);
  });

  it('access: a namespace without rights or billing gets a 401, a read role a 403 for pause', async () => {
    for (const namespace of ['strangers', 'freebies', 'unknown']) {
      assert.equal((await endpointsApi(emulator, `/endpoint/${namespace}`)).status, 401);
    }
    assert.equal((await endpointsApi(emulator, '/endpoint/ada', { token: tokens.adaNothing })).status, 401);
    assert.equal((await endpointsApi(emulator, '/endpoint/ada', { token: null })).status, 401);
    const read = await endpointsApi(emulator, '/endpoint/acme/chat-eu/pause', {
      method: 'POST',
      token: tokens.eve,
    });
    assert.equal(read.status, 403);
    assert.equal((await endpointsApi(emulator, '/endpoint/ada/none')).status, 404);
  });

  it('GET provider: the catalogue is public, the quota needs a namespace', async () => {
    const open = await endpointsApi(emulator, '/provider', { token: null });
    const compute = open.json.vendors[0].regions[0].computes.find(({ id }: Compute) =>
      id.endsWith('nvidia-l4-x1'),
    );
    assert.equal(compute.pricePerHour, 0.8);
    assert.equal(compute.quota, undefined);
    assert.deepEqual(await l4(), { maxAccelerators: 2, usedAccelerators: 2 });
  });

  it('quota: an endpoint scaled to zero counts, a paused one does not', async () => {
    await endpointsApi(emulator, '/endpoint/ada/bert-prod/scale-to-zero', { method: 'POST' });
    assert.deepEqual(await l4(), { maxAccelerators: 2, usedAccelerators: 2 });
    await endpointsApi(emulator, '/endpoint/ada/bert-prod/pause', { method: 'POST' });
    assert.deepEqual(await l4(), { maxAccelerators: 2, usedAccelerators: 1 });
    const resumed = await endpointsApi(emulator, '/endpoint/ada/old-one/resume', { method: 'POST' });
    assert.equal(resumed.json.status.state, 'pending');
    const full = await endpointsApi(emulator, '/endpoint/ada/bert-prod/resume', { method: 'POST' });
    assert.equal(full.status, 400);
    assert.match(full.json.error, /^Quota exceeded/);
  });

  it("resume: pending, initializing and running on the emulator's clock, then scaled to zero when idle", async () => {
    await endpointsApi(emulator, '/endpoint/ada/nightly/pause', { method: 'POST' });
    await endpointsApi(emulator, '/endpoint/ada/nightly/resume', { method: 'POST' });
    assert.equal(await stateOf('ada/nightly'), 'pending');
    emulator.world.clock.set({ advanceMs: 20_000 });
    assert.equal(await stateOf('ada/nightly'), 'initializing');
    emulator.world.clock.set({ advanceMs: 70_000 });
    assert.equal(await stateOf('ada/nightly'), 'running');
    const again = await endpointsApi(emulator, '/endpoint/ada/nightly/resume', { method: 'POST' });
    assert.equal(again.status, 400);
    assert.match(again.json.error, /already running/);
    emulator.world.clock.set({ advanceMs: 60 * 60_000 });
    assert.equal(await stateOf('ada/nightly'), 'scaledToZero');
  });

  it('resume: an endpoint that can not start ends in state failed', async () => {
    await endpointsApi(emulator, '/endpoint/acme/broken/resume', { method: 'POST' });
    emulator.world.clock.set({ advanceMs: 90_000 });
    assert.equal(await stateOf('acme/broken'), 'failed');
  });

  it('stuck: a pause and a start are accepted, and never completed', async () => {
    const change = (path: string) => endpointsApi(emulator, `/endpoint/${path}`, { method: 'POST' });
    emulator.world.patch({
      endpoints: { 'ada/bert-prod': { stuck: true }, 'ada/nightly': { stuck: true, state: 'paused' } },
    });
    assert.equal((await change('ada/bert-prod/pause')).json.status.state, 'running');
    assert.equal((await change('ada/nightly/resume')).json.status.state, 'pending');
    emulator.world.clock.set({ advanceMs: 3_600_000 });
    assert.deepEqual([await stateOf('ada/bert-prod'), await stateOf('ada/nightly')], ['running', 'pending']);
  });

  it('a resource group beyond its limit: starts and requests are rejected, a pause is not', async () => {
    const id = '66c0000000000000000000a1';
    emulator.world.patch({
      orgs: { acme: { resourceGroups: [{ id, name: 'research', members: {}, spendLimitCents: 0 }] } },
      endpoints: { 'acme/chat-eu': { resourceGroup: id } },
    });
    const { json } = await endpointsApi(emulator, '/endpoint/acme/chat-eu');
    const asked = await call(emulator, `${json.status.url}/v1/chat/completions`, { body: { model: 'x' } });
    assert.deepEqual([asked.status, asked.json.error], [403, 'Resource group spend limit reached']);
    const change = (action: string) =>
      endpointsApi(emulator, `/endpoint/acme/chat-eu/${action}`, { method: 'POST' });
    assert.equal((await change('pause')).status, 200);
    assert.equal((await change('resume')).status, 403);
  });

  it('request to an endpoint: wakes one that is scaled to zero (503), then gets a completion', async () => {
    const { json } = await endpointsApi(emulator, '/endpoint/ada/nightly');
    const ask = (token?: string | null) =>
      call(emulator, `${json.status.url}/v1/chat/completions`, {
        body: { model: 'x' },
        ...(token !== undefined && { token }),
      });
    assert.equal((await ask(null)).json.error, 'UNAUTHORIZED');
    const denied = await ask(tokens.adaNoBilling);
    assert.deepEqual(
      [denied.status, denied.json.error],
      [403, 'missing permissions: inference.endpoints.infer.write'],
    );
    assert.equal((await ask()).status, 503);
    emulator.world.clock.set({ advanceMs: 90_000 });
    assert.equal((await ask()).status, 200);
    const streamed = await call(emulator, `${json.status.url}/v1/chat/completions`, {
      body: { model: 'x', messages: [], stream: true },
    });
    assert.match(streamed.text, /^data: \{[\s\S]*data: \[DONE\]\n\n$/);
  });

  it('GET open-metrics: counts requests by replica, and a new start has other replicas', async () => {
    const metrics = async (path = 'acme/chat-eu', options = {}) =>
      await endpointsApi(emulator, `/endpoint/${path}/open-metrics`, options);
    const counts = async () => [...(await metrics()).text.matchAll(/^http_requests\{.*$/gm)].map(String);
    const { json } = await endpointsApi(emulator, '/endpoint/acme/chat-eu');
    const ask = () => call(emulator, `${json.status.url}/v1/chat/completions`, { body: { model: 'x' } });
    assert.match((await metrics()).text, /^# TYPE http_requests counter$/m);
    assert.deepEqual(await counts(), []);
    emulator.world.patch({ endpoints: { 'acme/chat-eu': { minReplica: 2 } } });
    for (let times = 0; times < 3; times++) await ask();
    const [one = '', two = ''] = await counts();
    assert.match(one, /^http_requests\{replica_id="[a-z0-9]{8}-[a-z0-9]{5}",status_code="200"\} 2$/);
    assert.match(two, /\} 1$/);
    await endpointsApi(emulator, '/endpoint/acme/chat-eu/pause', { method: 'POST' });
    await endpointsApi(emulator, '/endpoint/acme/chat-eu/resume', { method: 'POST' });
    assert.deepEqual(await counts(), []);
    emulator.world.clock.set({ advanceMs: 90_000 });
    await ask();
    const [after = ''] = await counts();
    assert.notEqual(after.slice(0, 40), one.slice(0, 40));
    assert.match(after, /\} 1$/);
  });

  it('GET open-metrics: needs a paid plan of the namespace, and rights in it', async () => {
    const status = async (path: string, token?: string | null) =>
      (
        await endpointsApi(emulator, `/endpoint/${path}/open-metrics`, {
          ...(token !== undefined && { token }),
        })
      ).status;
    assert.equal(await status('acme/chat-eu'), 200);
    assert.equal(await status('ada/bert-prod'), 403);
    assert.equal(await status('acme/none'), 404);
    assert.equal(await status('acme/chat-eu', null), 401);
    assert.equal(await status('acme/chat-eu', tokens.adaNothing), 401);
  });

  it('billing: minutes count while running, not while paused', async () => {
    const minutes = async () => {
      const { json } = await hub(emulator, `/api/settings/billing/usage-v2?${thisMonth(emulator)}`);
      return json.usage.Endpoints.find((item: { label: string }) => item.label === 'bert-prod').quantity;
    };
    assert.equal(await minutes(), 180);
    emulator.world.clock.set({ advanceMs: 10 * 60_000 });
    assert.equal(await minutes(), 190);
    await endpointsApi(emulator, '/endpoint/ada/bert-prod/pause', { method: 'POST' });
    emulator.world.clock.set({ advanceMs: 10 * 60_000 });
    assert.equal(await minutes(), 190);
  });

  it('POST and DELETE endpoint: create within the quota, 400 beyond it, 409 for a taken name', async () => {
    const wanted = {
      name: 'small',
      type: 'private',
      provider: { vendor: 'aws', region: 'us-east-1' },
      compute: {
        accelerator: 'cpu',
        instanceType: 'intel-icl',
        instanceSize: 'x1',
        scaling: { minReplica: 0, maxReplica: 1 },
      },
      model: { repository: 'ada/bert-finetuned', task: 'text-classification' },
    };
    const created = await endpointsApi(emulator, '/endpoint/ada', { body: wanted });
    assert.equal(created.json.status.state, 'pending');
    assert.equal(created.json.type, 'private');
    assert.equal(created.json.status.url, undefined);
    const tooBig = {
      ...wanted,
      name: 'big',
      compute: { ...wanted.compute, instanceType: 'nvidia-l4', instanceSize: 'x4' },
    };
    assert.equal((await endpointsApi(emulator, '/endpoint/ada', { body: tooBig })).status, 400);
    assert.equal((await endpointsApi(emulator, '/endpoint/ada', { body: wanted })).status, 409);
    assert.equal((await endpointsApi(emulator, '/endpoint/ada/small', { method: 'DELETE' })).status, 202);
    assert.equal((await endpointsApi(emulator, '/endpoint/ada/small')).status, 404);
  });
});
