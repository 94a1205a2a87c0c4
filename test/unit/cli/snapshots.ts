import type { Problem } from '../../../src/account/snapshot.ts';
import type { Account } from '../../../src/limits/account/account.ts';
import type { Credits } from '../../../src/limits/account/credits.ts';
import type { Endpoint } from '../../../src/limits/account/endpoints.ts';

/** 22 November 2026, 12:00 UTC. */
export const now = Date.UTC(2026, 10, 22, 12);

export const ada: Account = {
  id: '1',
  name: 'ada',
  type: 'user',
  plan: 'pro',
  organizations: [{ id: '2', name: 'acme', plan: 'team', securityRestrictions: [], resourceGroups: [] }],
  token: { role: 'write', permissions: [] },
};

export function credits(values: Partial<Credits> = {}): Credits {
  return { usedNanoUsd: 0, byProvider: [], otherSpend: {}, ...values };
}

export function endpoint(values: Partial<Endpoint> = {}): Endpoint {
  return {
    namespace: 'ada',
    name: 'my-ep',
    state: 'running',
    vendor: 'aws',
    region: 'us-east-1',
    accelerator: 'gpu',
    instanceType: 'nvidia-l4',
    instanceSize: 'x1',
    readyReplicas: 1,
    targetReplicas: 1,
    ...values,
  };
}

export function problem(values: Partial<Problem> = {}): Problem {
  return {
    kind: 'server-error',
    message: 'GET https://huggingface.co/api answered 500',
    since: now,
    at: now,
    failures: 1,
    nextTryAt: now,
    ...values,
  };
}
