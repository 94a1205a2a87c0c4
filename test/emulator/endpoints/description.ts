import { iso } from '../clock.ts';
import { payerNamed } from '../identity.ts';
import type { World } from '../world.ts';
import { computeOf } from './hardware.ts';
import { readyReplicas, targetReplicas } from './states.ts';

/** The endpoint in HF's format. */
export function described(world: World, path: string): unknown {
  const endpoint = world.state.endpoints[path];
  if (!endpoint) return undefined;
  const [namespace = '', name] = path.split('/');
  const by = { id: world.state.users[endpoint.createdBy]?.id, name: endpoint.createdBy };
  return {
    name,
    type: endpoint.type,
    accountId: payerNamed(world.state, namespace)?.id,
    provider: { vendor: endpoint.vendor, region: endpoint.region },
    compute: {
      id: `${endpoint.vendor}-${endpoint.region}-${endpoint.instanceType}-${endpoint.instanceSize}`,
      accelerator: computeOf(endpoint)?.accelerator,
      instanceType: endpoint.instanceType,
      instanceSize: endpoint.instanceSize,
      scaling: {
        minReplica: endpoint.minReplica,
        maxReplica: endpoint.maxReplica,
        scaleToZeroTimeout: endpoint.scaleToZeroMinutes,
      },
    },
    model: {
      repository: endpoint.repository,
      revision: 'main',
      task: endpoint.task,
      framework: 'pytorch',
      image: { huggingface: {} },
      secrets: {},
      env: {},
    },
    status: {
      createdAt: iso(endpoint.createdAt),
      createdBy: by,
      updatedAt: iso(endpoint.updatedAt),
      updatedBy: by,
      private: null,
      state: endpoint.state,
      message: endpoint.message,
      ...(endpoint.state !== 'pending' && { url: `${world.urls.endpoints}/serve/${path}` }),
      readyReplica: readyReplicas(endpoint),
      targetReplica: targetReplicas(endpoint),
    },
    tags: [],
  };
}
