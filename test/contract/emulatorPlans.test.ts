import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, endpointsApi, frozenEmulator, hub } from './emulatorCalls.ts';

const research = '66c0000000000000000000a1';

describe('emulator, what a plan or an organization does not include:', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const space = (name: string, more: Record<string, string>, token: string = tokens.bob) =>
    hub(emulator, '/api/repos/create', { body: { type: 'space', name, ...more }, token });
  const job = (namespace: string, more: Record<string, string> = {}, token?: string) =>
    hub(emulator, `/api/jobs/${namespace}`, {
      body: { flavor: 'cpu-basic', dockerImage: 'python:3.12', command: ['python'], ...more },
      ...(token && { token }),
    });

  it('Spaces: a free account hosts static ones, and gets a 402 for the others', async () => {
    assert.equal((await space('a', { sdk: 'static' })).status, 200);
    for (const sdk of ['gradio', 'docker', 'streamlit']) {
      const { status, json } = await space(`b-${sdk}`, { sdk });
      assert.deepEqual(
        [status, json.error],
        [
          402,
          'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro',
        ],
      );
    }
    assert.equal((await space('c', {})).status, 400, 'without an SDK');
  });

  it('Spaces: PRO hosts all, and a free account two on ZeroGPU', async () => {
    assert.equal((await space('a', { sdk: 'gradio' }, tokens.ada)).status, 200);
    const onZeroGpu = async (name: string) =>
      (await space(name, { sdk: 'gradio', hardware: 'zero-a10g' })).status;
    assert.deepEqual([await onZeroGpu('a'), await onZeroGpu('b'), await onZeroGpu('c')], [200, 200, 402]);
  });

  it('Jobs: an organization may keep them from its members, and a resource group may be at its limit', async () => {
    await admin(emulator, '/state', {
      orgs: { acme: { restrictedFeatures: ['jobs'], members: { eve: { role: 'write' } } } },
      tokens: { [tokens.eve]: { role: 'write' } },
    });
    const restricted = await job('acme', {}, tokens.eve);
    assert.deepEqual(
      [restricted.status, /^Access to Jobs is restricted/.test(restricted.json.error)],
      [403, true],
    );
    assert.equal((await job('acme')).status, 200, 'an admin');
    const charge = {
      provider: 'novita',
      requests: 1,
      placeholderNanoUsd: 0,
      costNanoUsd: 5e10,
      resourceGroup: research,
    };
    const now = emulator.world.clock.now();
    await admin(emulator, '/state', {
      orgs: { acme: { credits: { charges: [{ ...charge, at: now, settlesAt: now }] } } },
    });
    const spent = await job('acme', { resourceGroupId: research });
    assert.deepEqual([spent.status, spent.json.error], [403, 'Resource group spend limit reached']);
  });

  it('Endpoints: an organization may keep them from its members, who still see them', async () => {
    await admin(emulator, '/state', {
      orgs: { acme: { restrictedFeatures: ['endpoints'], members: { eve: { role: 'write' } } } },
      tokens: { [tokens.eve]: { role: 'write' } },
    });
    const token = tokens.eve;
    const create = await endpointsApi(emulator, '/endpoint/acme', { body: { name: 'x' }, token });
    assert.deepEqual(
      [create.status, /^Access to Inference Endpoints is restricted/.test(create.json.error)],
      [403, true],
    );
    assert.equal((await endpointsApi(emulator, '/endpoint/acme', { token })).status, 200);
  });

  it('Jobs: one is shown as huggingface_hub reads it; an unknown one gets a 404', async () => {
    await admin(emulator, '/state', { users: { ada: { credits: { prepaidNanoUsd: 5e9 } } } });
    const created = await job('ada');
    const shown = await hub(emulator, `/api/jobs/ada/${created.json.id}`);
    assert.deepEqual(shown.json, created.json);
    assert.deepEqual(shown.json.status, { stage: 'RUNNING', message: null });
    const id = emulator.world.state.users.ada?.id;
    assert.deepEqual(shown.json.owner, { id, name: 'ada', type: 'user' });
    assert.equal((await hub(emulator, '/api/jobs/ada/666666666666666666666666')).status, 404);
    assert.equal((await hub(emulator, '/api/jobs/ada', { token: tokens.bob })).status, 403);
    assert.equal((await hub(emulator, '/api/jobs/ada')).json.at(-1).id, created.json.id);
  });

  for (const [scenario, base] of Object.entries({
    free: 300,
    pro: 2400,
    team: 2400,
    'org-member': 2400,
    enterprise: 3600,
  })) {
    it(`ZeroGPU: ${base} seconds a day in the scenario ${scenario}, a limit of runs only for free`, async () => {
      await admin(emulator, '/scenario', { name: scenario });
      const { json } = await hub(emulator, '/api/spaces/zero-gpu/quota');
      assert.deepEqual([json.base, json.runs !== undefined], [base, scenario === 'free']);
    });
  }
});
