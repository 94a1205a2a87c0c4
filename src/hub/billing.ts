import * as v from 'valibot';
import type { Credits, JobsUsage, OtherSpend } from '../limits/account/credits.ts';
import type { HubAccess } from './http.ts';
import {
  amount,
  anyObject,
  check,
  formatChanged,
  fromCents,
  fromMicroUsd,
  fromNanoUsd,
  maybe,
} from './schema.ts';

/**
 * `GET /api/settings/billing/usage-v2`, or the organization's. HF leaves out a category without any use.
 * The period is in epoch seconds: milliseconds make HF answer 500.
 * @throws HubError
 */
export async function monthlyUsage(
  { http, servers, token, signal }: HubAccess,
  {
    organization,
    startSeconds,
    endSeconds,
  }: { organization?: string; startSeconds: number; endSeconds: number },
): Promise<Credits> {
  const owner = organization === undefined ? 'settings' : `organizations/${encodeURIComponent(organization)}`;
  const query = `startDate=${Math.floor(startSeconds)}&endDate=${Math.floor(endSeconds)}`;
  const url = `${servers.hubUrl}/api/${owner}/billing/usage-v2?${query}`;
  return parseMonthlyUsage(await http.getJson(url, { token, signal }));
}

/** @throws HubError `format-changed` */
export function parseMonthlyUsage(body: unknown): Credits {
  const { usage } = check(v.object({ usage: anyObject }), body);
  const find = (name: string) => Object.keys(usage).find(key => key.toLowerCase() === name);
  const spend = (name: string) => {
    const key = find(name);
    return key === undefined ? undefined : categorySpend(usage[key], `usage.${key}`);
  };
  const otherSpend = {
    jobs: spend('jobs'),
    spaces: spend('spaces'),
    endpoints: spend('endpoints'),
    privateStorage: spend('privatestorage'),
  };
  const key = find('inferenceproviders');
  if (key !== undefined) return toCredits(check(inferenceSchema, usage[key], `usage.${key}`), otherSpend);
  // A renamed category is not a month without inference.
  const renamed = Object.keys(usage).find(name => /inference/i.test(name));
  if (renamed !== undefined) throw formatChanged(`usage.${renamed}`);
  return { usedNanoUsd: 0, byProvider: [], otherSpend };
}

/** Inference Providers, in usage-v2 and in the live stream. */
export const inferenceSchema = v.object({
  usedNanoUsd: fromNanoUsd,
  includedNanoUsd: maybe(fromNanoUsd),
  limitNanoUsd: maybe(fromNanoUsd),
  numRequests: maybe(amount),
  providerDetails: maybe(
    v.array(v.object({ provider: v.string(), totalCostNanoUsd: fromNanoUsd, numRequests: maybe(amount) })),
  ),
});

export function toCredits(inference: v.InferOutput<typeof inferenceSchema>, otherSpend: OtherSpend): Credits {
  return {
    usedNanoUsd: inference.usedNanoUsd,
    includedNanoUsd: inference.includedNanoUsd,
    // HF sends 0 for an account without a limit.
    limitNanoUsd: inference.limitNanoUsd || undefined,
    requests: inference.numRequests,
    byProvider: (inference.providerDetails ?? []).map(detail => ({
      provider: detail.provider,
      nanoUsd: detail.totalCostNanoUsd,
      requests: detail.numRequests,
    })),
    otherSpend,
  };
}

const spendSchema = v.object({
  usedMicroUsd: maybe(fromMicroUsd),
  totalCostMicroUSD: maybe(fromMicroUsd),
  totalCostMicroUsd: maybe(fromMicroUsd),
  amountDueCents: maybe(fromCents),
});

/** Nano-USD of a total or of a list of line items; undefined without a cost in a known field. */
function categorySpend(value: unknown, path: string): number | undefined {
  if (value === null) return undefined;
  if (!Array.isArray(value)) return knownSpend(check(anyObject, value, path), path);
  let sum = 0;
  for (const [index, item] of value.entries()) {
    const nanoUsd = knownSpend(item, `${path}.${index}`);
    if (nanoUsd === undefined) return undefined;
    sum += nanoUsd;
  }
  return sum;
}

function knownSpend(value: unknown, path: string): number | undefined {
  const spend = check(spendSchema, value, path);
  return spend.usedMicroUsd ?? spend.totalCostMicroUSD ?? spend.totalCostMicroUsd ?? spend.amountDueCents;
}

/**
 * `GET /api/settings/billing/usage/jobs`: the current month of the account that the token belongs to.
 * @throws HubError
 */
export async function jobsUsage({ http, servers, token, signal }: HubAccess): Promise<JobsUsage> {
  const url = `${servers.hubUrl}/api/settings/billing/usage/jobs`;
  return parseJobsUsage(await http.getJson(url, { token, signal }));
}

const jobsSchema = v.object({
  usedMicroUsd: fromMicroUsd,
  totalMinutes: amount,
  jobDetails: maybe(v.array(v.object({ completedAt: maybe(v.string()) }))),
});

/** @throws HubError `format-changed` */
export function parseJobsUsage(body: unknown): JobsUsage {
  const { hasAccess, usage } = check(
    v.object({ hasAccess: v.boolean(), usage: v.optional(v.unknown()) }),
    body,
  );
  // An account without access to Jobs has run none.
  if (!hasAccess && (usage === undefined || usage === null)) {
    return { usedNanoUsd: 0, minutes: 0, running: 0 };
  }
  const { usedMicroUsd, totalMinutes, jobDetails } = check(jobsSchema, usage, 'usage');
  return {
    usedNanoUsd: usedMicroUsd,
    minutes: totalMinutes,
    running: (jobDetails ?? []).filter(job => job.completedAt === undefined).length,
  };
}
