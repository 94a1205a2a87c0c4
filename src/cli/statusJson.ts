import type { Part, Problem, Snapshot } from '../account/snapshot.ts';
import type { Payer } from '../billing/profile.ts';
import { type LearnedWindows, NOTHING_LEARNED } from '../gateway/learnedWindows.ts';
import type { Organization } from '../limits/account.ts';
import { billability } from '../limits/billability.ts';
import { creditBalance, monthStart } from '../limits/credits.ts';
import { usdPerHour } from '../limits/endpointCost.ts';
import { type Endpoint, type HardwareQuota, quotaEffect } from '../limits/endpoints.ts';
import { mergeWindows } from '../limits/mergeWindows.ts';
import type { Plan } from '../limits/plans.ts';
import { type ProviderWindow, shownUntil, windowNow, windowWords } from '../limits/providerWindow.ts';
import type { RateWindow } from '../limits/rateLimit.ts';
import type { Refusal } from '../limits/refusal.ts';
import { zeroGpuSince } from '../limits/zeroGpu.ts';
import { statusErrors } from './statusErrors.ts';
import type { StatusJson } from './statusShape.ts';

/** HF's windows are fixed ones of 5 minutes: what a gauge counted longer ago was in another window. */
const GAUGE_LIFE_MS = 300_000;
/** `headroom refusals` lists more. */
const mostListed = 50;

/**
 * Everything that is known, in the shape of `headroom status --json`.
 * @param problems every call that fails at present, by its name, as `AccountService.problems` tells them
 * @param now epoch ms
 */
export function statusJson(
  snapshot: Snapshot,
  problems: ReadonlyMap<string, Problem>,
  payer: Payer,
  now: number,
  learned: LearnedWindows = NOTHING_LEARNED,
): StatusJson {
  const account = snapshot.account.value;
  const endpoints = ofNamespaces(snapshot.endpoints);
  const hardware = ofNamespaces(snapshot.hardware);
  const catalogueOf = catalogues(hardware ?? []);
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
    providerWindows: learned.providers
      .filter(window => shownUntil(window) > now)
      .map(window => providerWindowJson(window, now)),
    endpoints: endpoints?.map(endpoint => endpointJson(endpoint, catalogueOf(endpoint.namespace))) ?? null,
    hardwareQuotas: hardware?.map(hardwareJson) ?? null,
    refusals: snapshot.refusals.slice(0, mostListed).map(refusalJson),
    errors: statusErrors(snapshot, problems),
  };
}

function billingJson({ chosen, standIn }: Payer) {
  return {
    profile: chosen,
    standIn: standIn ? { profile: standIn.profile, reason: standIn.reason, since: iso(standIn.since) } : null,
  };
}

/** HF's own word; it has none for an account that it did not tell of. */
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

/** HF counts months by its own clock, and what last month cost says nothing of this one. */
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

/** The bill tells what Jobs cost, too, where their own call does not answer. */
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

function rateWindowsJson({ gauges, headerWindows }: Snapshot, { hub }: LearnedWindows, now: number) {
  const headers = [...headerWindows, ...hub];
  if (!gauges.value && headers.length === 0) return null;
  const current = (gauges.value?.windows ?? []).map(gauge =>
    now - gauge.asOf > GAUGE_LIFE_MS ? limitOf(gauge) : gauge,
  );
  return mergeWindows(current, headers, now).map(window => {
    // What was used of a window that began unseen is not known.
    const { used, remaining } = window.rolledOver ? {} : window;
    return {
      bucket: window.bucket,
      used: used ?? null,
      remaining: remaining ?? null,
      limit: window.limit ?? null,
      windowSeconds: window.windowSeconds ?? null,
      resetsAt: iso(window.resetsAt),
      source: window.source,
    };
  });
}

function providerWindowJson(window: ProviderWindow, now: number) {
  const { used, remaining, limit, resetsAt } = windowNow(window, now);
  return {
    provider: window.provider,
    model: window.model ?? null,
    window: windowWords(window),
    shared: window.isShownOnly === true,
    used: used ?? null,
    remaining: remaining ?? null,
    limit: limit ?? null,
    windowSeconds: window.windowSeconds ?? null,
    resetsAt: iso(resetsAt),
    asOf: iso(window.asOf),
  };
}

function limitOf({ bucket, limit, asOf, source }: RateWindow): RateWindow {
  return { bucket, limit, asOf, source };
}

/**
 * The hardware for a namespace's endpoints. HF's prices are the same for everybody: another namespace's catalogue
 * serves where one's own is missing.
 */
function catalogues(hardware: readonly HardwareQuota[]): (namespace: string) => readonly HardwareQuota[] {
  const made = new Map<string, readonly HardwareQuota[]>();
  return namespace => {
    let catalogue = made.get(namespace);
    if (!catalogue) {
      catalogue = [...hardware.filter(compute => compute.namespace === namespace), ...hardware];
      made.set(namespace, catalogue);
    }
    return catalogue;
  };
}

function endpointJson(endpoint: Endpoint, hardware: readonly HardwareQuota[]) {
  return {
    namespace: endpoint.namespace,
    name: endpoint.name,
    state: endpoint.state,
    countsTowardsQuota: quotaEffect(endpoint).counts ?? null,
    readyReplicas: endpoint.readyReplicas ?? null,
    targetReplicas: endpoint.targetReplicas ?? null,
    instance: `${endpoint.instanceType} ${endpoint.instanceSize}`,
    usdPerHour: usdPerHour(endpoint, hardware) ?? null,
  };
}

function hardwareJson({ namespace, id, used, max, usdPerHour: price }: HardwareQuota) {
  return { namespace, id, used: used ?? null, max: max ?? null, usdPerHour: price ?? null };
}

export function refusalJson(refusal: Refusal) {
  return {
    at: new Date(refusal.at).toISOString(),
    status: refusal.status,
    cause: refusal.cause,
    by: refusal.by,
    scope: refusal.scope ?? null,
    resetsAt: iso(refusal.resetsAt),
    billedTo: refusal.billedTo ?? null,
    model: refusal.model ?? null,
    source: refusal.source,
    message: refusal.message,
  };
}

/** What the namespaces of the account hold together; undefined: none has answered. */
function ofNamespaces<T>(parts: Readonly<Record<string, Part<readonly T[]>>>): T[] | undefined {
  const known = Object.values(parts).flatMap(({ value }) => (value ? [value] : []));
  return known.length === 0 ? undefined : known.flat();
}

function iso(epochMs: number | null | undefined): string | null {
  // A server's wait may reach beyond the last date that there is, for which there is no ISO form.
  if (epochMs === null || epochMs === undefined || Number.isNaN(new Date(epochMs).getTime())) return null;
  return new Date(epochMs).toISOString();
}
