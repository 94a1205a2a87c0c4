import type { Plan } from './plans.ts';

/** The limits that HF publishes for a plan. A missing field is not published. */
export interface PublishedTier {
  /** Requests per fixed window of 5 minutes, by bucket. In an organization: for each member. */
  readonly windowLimits?: Readonly<Record<string, number>>;
  /** Included monthly credits. */
  readonly credits?: { readonly nanoUsd: number; readonly perSeat: boolean };
  /** Included ZeroGPU time within 24 h of the first use. */
  readonly zeroGpuSeconds?: number;
}

/**
 * Read on 2026-08-22: the windows from https://huggingface.co/docs/hub/rate-limits, the credits from
 * https://huggingface.co/docs/inference-providers/pricing, ZeroGPU from
 * https://huggingface.co/docs/hub/spaces-zerogpu. No document has `media`, `search` and `sensitive`: they are
 * from a free account's live usage of 2026-10-14.
 */
export const publishedTiers: Readonly<Partial<Record<Plan, PublishedTier>>> = {
  anonymous: {
    windowLimits: { api: 500, resolvers: 3_000, pages: 100 },
    zeroGpuSeconds: 120,
  },
  free: {
    windowLimits: {
      api: 1_000,
      resolvers: 5_000,
      pages: 200,
      media: 10_000,
      search: 300,
      sensitive: 50,
    },
    credits: { nanoUsd: 100_000_000, perSeat: false },
    zeroGpuSeconds: 300,
  },
  pro: {
    windowLimits: { api: 2_500, resolvers: 12_000, pages: 400 },
    credits: { nanoUsd: 2_000_000_000, perSeat: false },
    zeroGpuSeconds: 2_400,
  },
  team: {
    windowLimits: { api: 3_000, resolvers: 20_000, pages: 400 },
    credits: { nanoUsd: 2_000_000_000, perSeat: true },
    zeroGpuSeconds: 2_400,
  },
  academia: {
    windowLimits: { api: 3_000, resolvers: 20_000, pages: 400 },
  },
  enterprise: {
    windowLimits: { api: 6_000, resolvers: 50_000, pages: 600 },
    credits: { nanoUsd: 2_000_000_000, perSeat: true },
    zeroGpuSeconds: 3_600,
  },
  'enterprise-plus': {
    windowLimits: { api: 10_000, resolvers: 100_000, pages: 1_000 },
  },
};

/** The published requests per window of a bucket; undefined where HF publishes none. */
export function publishedWindowLimit(plan: Plan, bucket: string): number | undefined {
  const limits = publishedTiers[plan]?.windowLimits;
  return limits && Object.hasOwn(limits, bucket) ? limits[bucket] : undefined;
}
