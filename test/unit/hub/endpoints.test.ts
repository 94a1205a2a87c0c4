import assert from 'node:assert/strict';
import { parseEndpoints, parseHardware } from '../../../src/hub/endpoints.ts';
import { throwsHubError } from './hubErrors.ts';

const endpoint = {
  name: 'my-ep',
  type: 'authenticated',
  provider: { vendor: 'aws', region: 'us-east-1' },
  compute: {
    accelerator: 'gpu',
    instanceType: 'nvidia-l4',
    instanceSize: 'x1',
    scaling: { minReplica: 0, maxReplica: 2, scaleToZeroTimeout: 60 },
  },
  model: { repository: 'acme/m', revision: 'main', task: 'text-generation' },
  status: {
    state: 'running',
    message: 'Endpoint is ready',
    url: 'https://abc.endpoints.huggingface.cloud',
    readyReplica: 1,
    targetReplica: 1,
  },
};

const compute = {
  id: 'aws-us-east-1-nvidia-l4-x1',
  accelerator: 'gpu',
  numAccelerators: 1,
  memoryGb: 30,
  instanceType: 'nvidia-l4',
  instanceSize: 'x1',
  architecture: 'NVIDIA L4',
  status: 'available',
  pricePerHour: 0.8,
  quota: { maxAccelerators: 2, usedAccelerators: 1 },
};

function catalogue(...computes: unknown[]): unknown {
  return { vendors: [{ name: 'aws', status: 'available', regions: [{ name: 'us-east-1', computes }] }] };
}

describe('list of Inference Endpoints', () => {
  it('reads an endpoint', () => {
    assert.deepEqual(parseEndpoints({ items: [endpoint] }, 'acme'), {
      items: [
        {
          namespace: 'acme',
          name: 'my-ep',
          state: 'running',
          message: 'Endpoint is ready',
          url: 'https://abc.endpoints.huggingface.cloud',
          vendor: 'aws',
          region: 'us-east-1',
          accelerator: 'gpu',
          instanceType: 'nvidia-l4',
          instanceSize: 'x1',
          readyReplicas: 1,
          targetReplicas: 1,
          minReplicas: 0,
          maxReplicas: 2,
          scaleToZeroMinutes: 60,
          repository: 'acme/m',
          task: 'text-generation',
        },
      ],
      problems: [],
    });
  });

  it('keeps a new state, and leaves missing replica counts undefined', () => {
    const { items } = parseEndpoints(
      {
        items: [
          { ...endpoint, compute: { ...endpoint.compute, scaling: null }, status: { state: 'hibernating' } },
        ],
      },
      'acme',
    );
    assert.equal(items[0]?.state, 'hibernating');
    assert.equal(items[0]?.readyReplicas, undefined);
    assert.equal(items[0]?.scaleToZeroMinutes, undefined);
  });

  it('lists the readable endpoints, and names the field of the unreadable one', () => {
    const broken = { ...endpoint, status: { state: 'running', readyReplica: 'one' } };
    const { items, problems } = parseEndpoints({ items: [broken, endpoint, 'nonsense'] }, 'acme');
    assert.deepEqual(
      items.map(({ name }) => name),
      ['my-ep'],
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['response format changed: items.0.status.readyReplica', 'response format changed: items.2'],
    );
  });

  it('rejects a body without a list', () => {
    for (const body of [{}, { items: {} }, { items: null }]) {
      throwsHubError(() => parseEndpoints(body, 'acme'), 'format-changed', 'items');
    }
    throwsHubError(() => parseEndpoints(null, 'acme'), 'format-changed', 'the whole body');
  });
});

describe('hardware quota', () => {
  it('reads computes of all vendors and regions', () => {
    assert.deepEqual(parseHardware(catalogue(compute), 'acme'), {
      items: [
        {
          namespace: 'acme',
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
        },
      ],
      problems: [],
    });
  });

  it('leaves a missing quota and price undefined', () => {
    const { quota: _, pricePerHour: __, ...bare } = compute;
    const [item] = parseHardware(catalogue(bare), 'acme').items;
    assert.equal(item?.used, undefined);
    assert.equal(item?.max, undefined);
    assert.equal(item?.usdPerHour, undefined);
  });

  it('lists the readable computes, and names the fields of the unreadable ones', () => {
    const { items, problems } = parseHardware(
      {
        vendors: [
          {
            name: 'aws',
            regions: [
              {
                name: 'us-east-1',
                computes: [
                  { ...compute, pricePerHour: '0.8' },
                  { ...compute, quota: { maxAccelerators: 2, usedAccelerators: null } },
                  { ...compute, id: 'good' },
                ],
              },
              { name: 'eu-west-1' },
            ],
          },
          { name: 'gcp', regions: 'none' },
        ],
      },
      'acme',
    );
    assert.deepEqual(
      items.map(({ id }) => id),
      ['good'],
    );
    assert.deepEqual(
      problems.map(({ details }) => details.field),
      [
        'vendors.0.regions.0.computes.0.pricePerHour',
        'vendors.0.regions.0.computes.1.quota.usedAccelerators',
        'vendors.0.regions.1.computes',
        'vendors.1.regions',
      ],
    );
  });

  it('rejects a body without a catalogue', () => {
    throwsHubError(() => parseHardware({ vendors: {} }, 'acme'), 'format-changed', 'vendors');
  });
});
