import type { EndpointState } from './state.ts';

/** Endpoints of ada and acme. @param now epoch ms at which the scenario is loaded */
export function endpoints(now: number): Record<string, EndpointState> {
  const hour = 3_600_000;
  const l4: EndpointState = {
    type: 'authenticated',
    vendor: 'aws',
    region: 'us-east-1',
    instanceType: 'nvidia-l4',
    instanceSize: 'x1',
    minReplica: 0,
    maxReplica: 2,
    scaleToZeroMinutes: 60,
    repository: 'ada/bert-finetuned',
    task: 'text-classification',
    state: 'running',
    message: 'Endpoint is ready',
    createdAt: now - 40 * 24 * hour,
    updatedAt: now - 3 * hour,
    createdBy: 'ada',
    since: now - 3 * hour,
    lastRequestAt: now,
    billed: [{ startedAt: now - 3 * hour }],
  };
  return {
    'ada/bert-prod': { ...l4, scaleToZeroMinutes: null, minReplica: 1 },
    'ada/nightly': {
      ...l4,
      repository: 'ada/nightly-embed',
      task: 'feature-extraction',
      state: 'scaledToZero',
      message: 'Endpoint is scaled to zero',
      since: now - 9 * hour,
      billed: [{ startedAt: now - 10 * hour, stoppedAt: now - 9 * hour }],
    },
    'ada/old-one': {
      ...l4,
      repository: 'ada/old-classifier',
      state: 'paused',
      message: 'Endpoint was paused by ada',
      since: now - 200 * hour,
      billed: [],
    },
    'acme/chat-eu': {
      ...l4,
      region: 'eu-west-1',
      instanceType: 'nvidia-a100',
      minReplica: 1,
      repository: 'meta-llama/Llama-3.1-8B-Instruct',
      task: 'text-generation',
      scaleToZeroMinutes: null,
    },
    'acme/broken': {
      ...l4,
      instanceType: 'nvidia-a10g',
      repository: 'acme/Model-70B',
      task: 'text-generation',
      state: 'failed',
      message:
        'Endpoint failed to start: CUDA out of memory. Tried to allocate 2.50 GiB on a GPU of 22.20 GiB',
      failsWith:
        'Endpoint failed to start: CUDA out of memory. Tried to allocate 2.50 GiB on a GPU of 22.20 GiB',
      since: now - 5 * hour,
      billed: [],
    },
  };
}
