import type { Part, Problem, Snapshot } from '../../account/snapshot.ts';
import { type Payer, personalProfile } from '../../billing/profile.ts';
import { type LearnedWindows, nothingLearned } from '../../gateway/pacing/learnedWindows.ts';
import type { Account, Organization } from '../../limits/account/account.ts';
import { billability } from '../../limits/account/billability.ts';
import {
  type CreditBalance,
  creditBalance,
  monthStart,
  type ProviderSpend,
} from '../../limits/account/credits.ts';
import type { Plan } from '../../limits/account/plans.ts';
import { type ZeroGpuQuota, zeroGpuSince } from '../../limits/account/zeroGpu.ts';
import { creditsAreBack as areBack } from '../../view/account/creditsBack.ts';
import { heldMoney } from '../../view/account/heldMoney.ts';
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
  return {
    account: accountJson(snapshot.account.value),
    billing: statusBilling(payer, snapshot, now),
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

/** With whether the next request tries the chosen payer again. */
function statusBilling(payer: Payer, snapshot: Snapshot, now: number) {
  const { profile, standIn } = billingJson(payer);
  const creditsAreBack = areBack(payer, snapshot, now + (snapshot.clockSkewMs ?? 0));
  return { profile, standIn: standIn && { ...standIn, creditsAreBack } };
}

/** HF's own word; it has none for an unknown plan. */
function planWord(plan: Plan | undefined): Plan | null {
  return plan === undefined || plan === 'unknown' ? null : plan;
}

function accountJson(account: Partial<Account> = {}) {
  const { name = null, type = null, plan, organizations } = account;
  return { name, type, plan: planWord(plan), organizations: organizations?.map(organizationJson) ?? null };
}

function organizationJson(organization: Organization) {
  const { name, plan, role = null } = organization;
  const { canBill = null, reason = null } = billability(organization);
  return { name, plan: planWord(plan), role, canBill, reason };
}

/** A value of last month, by HF's clock, says nothing about this one. */
function ofThisMonth<T>({ value, asOf = 0 }: Part<T>, now: number, clockSkewMs: number): T | undefined {
  return asOf + clockSkewMs < monthStart(now + clockSkewMs) ? undefined : value;
}

function creditsJson(snapshot: Snapshot, now: number) {
  const { credits: part, clockSkewMs = 0 } = snapshot;
  const held = heldMoney(personalProfile, { snapshot, now, serverNow: now + clockSkewMs });
  const credits = ofThisMonth(part, now, clockSkewMs);
  const balance: Partial<CreditBalance> = credits ? creditBalance(credits, now + clockSkewMs) : {};
  const { usedNanoUsd = null, includedNanoUsd = null, chargedNanoUsd = null } = balance;
  const { remainingNanoUsd = null, limitNanoUsd = null, resetsAt } = balance;
  return {
    usedNanoUsd,
    includedNanoUsd,
    chargedNanoUsd,
    remainingNanoUsd,
    limitNanoUsd,
    heldNanoUsd: held?.nanoUsd ?? null,
    heldUntil: iso(held?.until),
    requests: credits?.requests ?? null,
    resetsAt: iso(resetsAt),
    asOf: credits ? iso(part.asOf) : null,
    byProvider: credits?.byProvider.map(providerJson) ?? null,
  };
}

function providerJson(spend: ProviderSpend) {
  const { provider, nanoUsd, requests = null } = spend;
  return { provider, nanoUsd, requests };
}

/** The bill has the cost of Jobs, too: it is used when their own call fails. */
function jobsJson({ jobs, credits, clockSkewMs = 0 }: Snapshot, now: number) {
  const own = ofThisMonth(jobs, now, clockSkewMs);
  const billed = ofThisMonth(credits, now, clockSkewMs)?.otherSpend.jobs;
  return { usedNanoUsd: own?.usedNanoUsd ?? billed ?? null, minutes: own?.minutes ?? null };
}

function zeroGpuJson({ zeroGpu: { value, asOf = 0 }, clockSkewMs = 0 }: Snapshot, now: number) {
  const quota: Partial<ZeroGpuQuota> = value
    ? zeroGpuSince(value, asOf + clockSkewMs, now + clockSkewMs)
    : {};
  const { totalSeconds = null, remainingSeconds = null, resetsAt } = quota;
  return { totalSeconds, remainingSeconds, resetsAt: iso(resetsAt) };
}
