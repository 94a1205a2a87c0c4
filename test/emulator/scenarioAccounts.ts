import type { Job, Org, PaidPlan, Token, User, ZeroGpu } from './state.ts';

const gib = 2 ** 30;
const noJobs: Job[] = [];

/** A user on HF's free plan, with nothing used yet. */
export function freeUser(id: string, fullname: string): User {
  return {
    id,
    fullname,
    email: `${fullname.split(' ')[0]?.toLowerCase()}@example.org`,
    emailVerified: true,
    isPro: false,
    canPay: false,
    billingMode: 'prepaid',
    periodEnd: null,
    avatarUrl: `/avatars/${id}.svg`,
    credits: { includedNanoUsd: 100_000_000, limitNanoUsd: 100_000_000, prepaidNanoUsd: 0, charges: [] },
    jobs: noJobs,
    storage: {
      privateBytes: 0,
      publicBytes: 3 * gib,
      repos: 4,
      privateLimitBytes: 100 * gib,
      publicLimitBytes: 5000 * gib,
    },
    quotas: { 'aws/intel-icl': 8, 'aws/nvidia-t4': 1, 'aws/nvidia-l4': 1 },
    disabledProviders: [],
    hubTier: 'free',
    zeroGpu: { baseSeconds: 300, usedSeconds: 0, overquotaUsed: 0, runs: { used: 0, limit: 8 } },
    blockedPastWeek: 0,
    customKeyProviders: [],
  };
}

/** A user with a PRO subscription, with nothing used yet. */
export function proUser(id: string, fullname: string): User {
  return {
    ...freeUser(id, fullname),
    isPro: true,
    hubTier: 'pro',
    canPay: true,
    periodEnd: 1_793_491_200,
    credits: { includedNanoUsd: 2_000_000_000, limitNanoUsd: 0, prepaidNanoUsd: 0, charges: [] },
    storage: {
      privateBytes: 41 * gib,
      publicBytes: 212 * gib,
      repos: 38,
      privateLimitBytes: 1024 * gib,
      publicLimitBytes: 10_240 * gib,
    },
    quotas: {
      'aws/intel-icl': 16,
      'aws/nvidia-t4': 4,
      'aws/nvidia-l4': 2,
      'aws/nvidia-a10g': 2,
      'aws/nvidia-a100': 1,
      'gcp/nvidia-l4': 4,
    },
    zeroGpu: { baseSeconds: 2400, usedSeconds: 0, overquotaUsed: 0 },
  };
}

/** ZeroGPU of a member of a paid plan: 40 minutes a day, Enterprise 60, without a limit of runs. */
export function seatZeroGpu(plan: PaidPlan): ZeroGpu {
  return { baseSeconds: plan.startsWith('enterprise') ? 3600 : 2400, usedSeconds: 0, overquotaUsed: 0 };
}

/** An organization on a paid plan, with $2 of credits per seat. */
export function paidOrg(id: string, fullname: string, plan: NonNullable<Org['plan']>, seats: number): Org {
  return {
    id,
    fullname,
    email: null,
    canPay: true,
    plan,
    periodEnd: 1_793_491_200,
    avatarUrl: `/avatars/${id}.png`,
    credits: {
      includedNanoUsd: seats * 2_000_000_000,
      limitNanoUsd: 0,
      prepaidNanoUsd: 50_000_000_000,
      charges: [],
    },
    jobs: noJobs,
    storage: {
      privateBytes: 310 * gib,
      publicBytes: 90 * gib,
      repos: 61,
      privateLimitBytes: 5120 * gib,
      publicLimitBytes: 51_200 * gib,
    },
    quotas: {
      'aws/intel-icl': 32,
      'aws/nvidia-t4': 8,
      'aws/nvidia-l4': 8,
      'aws/nvidia-a10g': 4,
      'aws/nvidia-a100': 8,
      'aws/inf2': 12,
      'gcp/nvidia-l4': 8,
      'gcp/nvidia-h100': 4,
    },
    disabledProviders: [],
    members: {},
    resourceGroups: [],
  };
}

/** An organization on the free plan: no credits, can't be billed. */
export function freeOrg(id: string, fullname: string): Org {
  const { plan: _, ...org } = paidOrg(id, fullname, 'team', 0);
  return {
    ...org,
    canPay: false,
    periodEnd: null,
    credits: { includedNanoUsd: 0, limitNanoUsd: 0, prepaidNanoUsd: 0, charges: [] },
    quotas: {},
  };
}

export function classicToken(owner: string, role: 'read' | 'write', displayName = 'laptop'): Token {
  return { owner, displayName, role, createdAt: '2026-05-01T10:00:00.000Z' };
}

export function fineGrainedToken(
  owner: string,
  scoped: Record<string, string[]>,
  displayName = 'headroom',
): Token {
  return {
    owner,
    displayName,
    role: 'fineGrained',
    createdAt: '2026-06-12T08:30:00.000Z',
    global: [],
    scoped: Object.entries(scoped).map(([entity, permissions]) => ({ entity, permissions })),
  };
}
