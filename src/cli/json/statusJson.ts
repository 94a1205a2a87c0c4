import type { Part, Problem, Snapshot } from '../../account/snapshot.ts';
import type { Payer } from '../../billing/profile.ts';
import { type LearnedWindows, nothingLearned } from '../../gateway/pacing/learnedWindows.ts';
import type { Organization } from '../../limits/account/account.ts';
import { billability } from '../../limits/account/billability.ts';
import { creditBalance, monthStart } from '../../limits/account/credits.ts';
import type { Plan } from '../../limits/account/plans.ts';
import { zeroGpuSince } from '../../limits/account/zeroGpu.ts';
import { billingJson } from './billingJson.ts';
import { endpointsJson, hardwareQuotasJson } from './endpointsJson.ts';
import { iso } from './iso.ts';
import { refusalJson } from './refusalJson.ts';
import { statusErrors } from './statusErrors.ts';
import { providerWindowsJson, rateWindowsJson } from './windowsJson.ts';

/** `headroom refusals` lists more. */
const mostListed = 50;

/** A contract with other programs: docs/cli.md says what each key means. */
export type StatusJson = ReturnType<typeof statusJson>;
export type OrganizationJson = ReturnType<typeof organizationJson>;

/**
 * The output of `headroom status --json`. Every key is always present. Null: unknown; an empty list: known to be empty.
 * @param problems `AccountService.problems`: failing calls by name
 * @param now epoch ms
 */
export function statusJson(
  snapshot: Snapshot,
  problems: ReadonlyMap<string, Problem>,
  payer: Payer,
  now: number,
  learned: LearnedWindows = nothingLearned,
) {
  const account = snapshot.account.value;
  return {
    account: {
      name: account?.name ?? null,
      type: account?.type ?? null,
      plan: planWord(account?.plan),
      organizations: account?.organizations.map(organizationJson) ?? null,
    },
    billing: billingJson(payer),
    credits: creditsJson(snapshot, now),
    jobs: jobsJson(snapshot, now),
    zeroGpu: zeroGpuJson(snapshot, now),
    rateWindows: rateWindowsJson(snapshot, learned, now),
    providerWindows: providerWindowsJson(learned, now),
    endpoints: endpointsJson(snapshot),
    hardwareQuotas: hardwareQuotasJson(snapshot),
    refusals: snapshot.refusals.slice(0, mostListed).map(refusalJson),
    errors: statusErrors(snapshot, problems),
  };
}

/** HF's own word; it has none for an unknown plan. */
function planWord(plan: Plan | undefined): Plan | null {
  return plan === undefined || plan === 'unknown' ? null : plan;
}

function organizationJson(organization: Organization) {
  const { canBill, reason } = billability(organization);
  return {
    name: organization.name,
    plan: planWord(organization.plan),
    role: organization.role ?? null,
    canBill: canBill ?? null,
    reason: reason ?? null,
  };
}

/** A value of last month, by HF's clock, says nothing about this one. */
function ofThisMonth<T>(part: Part<T>, serverNow: number, clockSkewMs: number): T | undefined {
  return (part.asOf ?? 0) + clockSkewMs < monthStart(serverNow) ? undefined : part.value;
}

function creditsJson({ credits: part, clockSkewMs = 0 }: Snapshot, now: number) {
  const serverNow = now + clockSkewMs;
  const credits = ofThisMonth(part, serverNow, clockSkewMs);
  const balance = credits && creditBalance(credits, serverNow);
  return {
    usedNanoUsd: balance?.usedNanoUsd ?? null,
    includedNanoUsd: balance?.includedNanoUsd ?? null,
    chargedNanoUsd: balance?.chargedNanoUsd ?? null,
    remainingNanoUsd: balance?.remainingNanoUsd ?? null,
    limitNanoUsd: balance?.limitNanoUsd ?? null,
    requests: credits?.requests ?? null,
    resetsAt: iso(balance?.resetsAt),
    asOf: credits ? iso(part.asOf) : null,
    byProvider:
      credits?.byProvider.map(({ provider, nanoUsd, requests }) => ({
        provider,
        nanoUsd,
        requests: requests ?? null,
      })) ?? null,
  };
}

/** The bill has the cost of Jobs, too: it is used when their own call fails. */
function jobsJson({ jobs, credits, clockSkewMs = 0 }: Snapshot, now: number) {
  const serverNow = now + clockSkewMs;
  const own = ofThisMonth(jobs, serverNow, clockSkewMs);
  const billed = ofThisMonth(credits, serverNow, clockSkewMs)?.otherSpend.jobs;
  return { usedNanoUsd: own?.usedNanoUsd ?? billed ?? null, minutes: own?.minutes ?? null };
}

function zeroGpuJson({ zeroGpu: { value, asOf = 0 }, clockSkewMs = 0 }: Snapshot, now: number) {
  const quota = value && zeroGpuSince(value, asOf + clockSkewMs, now + clockSkewMs);
  return {
    totalSeconds: quota?.totalSeconds ?? null,
    remainingSeconds: quota?.remainingSeconds ?? null,
    resetsAt: iso(quota?.resetsAt),
  };
}
