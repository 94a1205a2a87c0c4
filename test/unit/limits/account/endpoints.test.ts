import assert from 'node:assert/strict';
import {
  hardwarePressure,
  startingUsdPerHour,
  totalUsdPerHour,
  usdPerHour,
} from '../../../../src/limits/account/endpointCost.ts';
import { type Endpoint, type HardwareQuota, quotaEffect } from '../../../../src/limits/account/endpoints.ts';

const l4: HardwareQuota = {
  namespace: 'ada',
  id: 'aws-us-east-1-nvidia-l4-x1',
  vendor: 'aws',
  region: 'us-east-1',
  accelerator: 'gpu',
  architecture: 'NVIDIA L4',
  instanceType: 'nvidia-l4',
  instanceSize: 'x1',
  numAccelerators: 1,
  status: 'available',
  used: 1,
  max: 2,
  usdPerHour: 0.8,
};
const endpoint = (change: Partial<Endpoint> = {}): Endpoint => ({
  namespace: 'ada',
  name: 'bert-prod',
  state: 'running',
  vendor: 'aws',
  region: 'us-east-1',
  accelerator: 'gpu',
  instanceType: 'nvidia-l4',
  instanceSize: 'x1',
  readyReplicas: 1,
  targetReplicas: 1,
  ...change,
});

describe('the quota of Inference Endpoints', () => {
  for (const [state, counts, reason] of [
    ['running', true, 'running'],
    ['pending', true, 'starting'],
    ['initializing', true, 'starting'],
    ['updating', true, 'updating'],
    ['scaledToZero', true, 'scaled-to-zero'],
    ['paused', false, 'paused'],
    ['failed', undefined, 'failed'],
    ['hibernating', undefined, 'unknown-state'],
  ] as const) {
    it(`${counts === undefined ? 'is not documented' : counts ? 'is taken up' : 'is free'} when ${state}`, () => {
      assert.deepEqual(quotaEffect(endpoint({ state })), { counts, reason });
    });
  }

  it('is taken up after a failed update while the old version serves', () => {
    assert.equal(quotaEffect(endpoint({ state: 'updateFailed', readyReplicas: 1 })).counts, true);
    assert.equal(quotaEffect(endpoint({ state: 'updateFailed', readyReplicas: 0 })).counts, undefined);
  });
});

describe('the cost of Inference Endpoints', () => {
  it('is the price of each ready replica', () => {
    assert.equal(usdPerHour(endpoint({ readyReplicas: 2, targetReplicas: 3 }), [l4]), 1.6);
  });

  it('of starting replicas is separate', () => {
    assert.equal(startingUsdPerHour(endpoint({ readyReplicas: 2, targetReplicas: 3 }), [l4]), 0.8);
    assert.equal(usdPerHour(endpoint({ state: 'initializing', readyReplicas: 0 }), [l4]), 0);
    assert.equal(startingUsdPerHour(endpoint({ state: 'initializing', readyReplicas: 0 }), [l4]), 0.8);
    assert.equal(startingUsdPerHour(endpoint({ state: 'failed', readyReplicas: 0 }), [l4]), 0);
  });

  it('is 0 when paused or scaled to zero, even without a price', () => {
    assert.equal(usdPerHour(endpoint({ state: 'paused' }), []), 0);
    assert.equal(usdPerHour(endpoint({ state: 'scaledToZero', readyReplicas: undefined }), []), 0);
    assert.equal(startingUsdPerHour(endpoint({ state: 'scaledToZero' }), []), 0);
  });

  it('is unknown without a price or a count', () => {
    assert.equal(usdPerHour(endpoint(), []), undefined);
    assert.equal(usdPerHour(endpoint({ region: 'eu-west-1' }), [l4]), undefined);
    assert.equal(usdPerHour(endpoint(), [{ ...l4, usdPerHour: undefined }]), undefined);
    assert.equal(usdPerHour(endpoint({ readyReplicas: undefined }), [l4]), undefined);
  });

  it('adds up, and says whether the cost of some is unknown', () => {
    const known = [
      endpoint({ readyReplicas: 2 }),
      endpoint({ name: 'nightly', state: 'scaledToZero' }),
      endpoint({ name: 'old-one', state: 'paused' }),
    ];
    assert.deepEqual(totalUsdPerHour(known, [l4]), { usd: 1.6, isComplete: true });
    const unknown = endpoint({ namespace: 'acme', instanceType: 'nvidia-h900' });
    assert.deepEqual(totalUsdPerHour([unknown, ...known], [l4]), { usd: 1.6, isComplete: false });
  });
});

describe('hardware quotas', () => {
  it('are sorted from the fullest to the unknown ones', () => {
    const quota = (id: string, used?: number, max?: number) => ({ ...l4, id, used, max });
    const sorted = hardwarePressure([
      quota('unknown'),
      quota('empty', 0, 8),
      quota('none-allowed', 0, 0),
      quota('half', 1, 2),
      quota('full-small', 1, 1),
      quota('full-large', 4, 4),
    ]);
    assert.deepEqual(
      sorted.map(({ id }) => id),
      ['full-large', 'full-small', 'half', 'empty', 'none-allowed', 'unknown'],
    );
  });
});
