import type { Plan } from './plans.ts';

/**
 * Requests per fixed window of 5 minutes, by bucket; in an organization for each member. Read on 2026-08-22 from
 * https://huggingface.co/docs/hub/rate-limits. No document has `media`, `search` and `sensitive`: they are from a free
 * account's live usage of 2026-10-14.
 */
const windowLimits: Readonly<Partial<Record<Plan, Readonly<Record<string, number>>>>> = {
  anonymous: { api: 500, resolvers: 3_000, pages: 100 },
  free: { api: 1_000, resolvers: 5_000, pages: 200, media: 10_000, search: 300, sensitive: 50 },
  pro: { api: 2_500, resolvers: 12_000, pages: 400 },
  team: { api: 3_000, resolvers: 20_000, pages: 400 },
  academia: { api: 3_000, resolvers: 20_000, pages: 400 },
  enterprise: { api: 6_000, resolvers: 50_000, pages: 600 },
  'enterprise-plus': { api: 10_000, resolvers: 100_000, pages: 1_000 },
};

/** The published requests per window of a bucket; undefined where HF publishes none. */
export function publishedWindowLimit(plan: Plan, bucket: string): number | undefined {
  const limits = windowLimits[plan];
  return limits && Object.hasOwn(limits, bucket) ? limits[bucket] : undefined;
}
