import { iso, monthEnd, monthStart } from '../clock.ts';
import { spentThisMonth } from '../credits.ts';
import { type Exchange, jsonBody } from '../http/exchange.ts';
import { invalidCredentials, isAccount, payerNamed, permits, roleIn } from '../identity.ts';
import { isObject } from '../patch.ts';
import type { Job, Payer } from '../state.ts';
import { billedAccount } from './billingAccess.ts';

/** A few of HF's flavors, prices in USD per hour. */
const hardware = [
  { name: 'cpu-basic', prettyName: 'CPU Basic', usdPerHour: 0.01 },
  { name: 't4-small', prettyName: 'Nvidia T4 - small', usdPerHour: 0.4 },
  { name: 'l4x1', prettyName: '1x Nvidia L4', usdPerHour: 0.8 },
  { name: 'a10g-small', prettyName: 'Nvidia A10G - small', usdPerHour: 1 },
  { name: 'a100-large', prettyName: 'Nvidia A100 - large', usdPerHour: 2.5 },
];

function microUsdPerMinute(flavor: string): number {
  return ((hardware.find(({ name }) => name === flavor)?.usdPerHour ?? 0) * 1e6) / 60;
}

function detail(job: Job, now: number) {
  const totalMinutes = Math.ceil(((job.completedAt ?? now) - job.startedAt) / 60_000);
  return {
    jobId: job.id,
    hardwareFlavor: job.flavor,
    startedAt: iso(job.startedAt),
    ...(job.completedAt !== undefined && { completedAt: iso(job.completedAt) }),
    totalMinutes,
    totalCostMicroUsd: Math.floor(totalMinutes * microUsdPerMinute(job.flavor)),
  };
}

/** Jobs that ended between two times, or are still running. */
function jobsIn(jobs: readonly Job[], from: number, to: number, now: number) {
  return jobs
    .filter(({ completedAt }) => (completedAt ?? now) >= from && (completedAt ?? now) <= Math.max(to, now))
    .map(job => detail(job, now));
}

export function jobsCost(jobs: readonly Job[], from: number, to: number, now: number) {
  const details = jobsIn(jobs, from, to, now);
  return {
    usedMicroUsd: details.reduce((sum, { totalCostMicroUsd }) => sum + totalCostMicroUsd, 0),
    totalMinutes: details.reduce((sum, { totalMinutes }) => sum + totalMinutes, 0),
  };
}

export function jobItems(payer: Payer, from: number, to: number, now: number): unknown[] {
  return jobsIn(payer.jobs, from, to, now).map(
    ({ jobId, hardwareFlavor, totalMinutes, totalCostMicroUsd, startedAt }) => ({
      active: false,
      entityId: jobId,
      product: `jobs/${hardwareFlavor}/minutes`,
      productPrettyName: `Job ${hardwareFlavor}`,
      quantity: totalMinutes,
      unitLabel: 'minutes',
      unitCostMicroUSD: Math.round(microUsdPerMinute(hardwareFlavor)),
      totalCostMicroUSD: totalCostMicroUsd,
      startedAt,
    }),
  );
}

/** GET /api/settings/billing/usage/jobs */
export function usageJobs(exchange: Exchange) {
  const of = billedAccount(exchange);
  if (!of) return;
  const now = exchange.world.clock.now();
  const [from, to] = [monthStart(now), monthEnd(now)];
  exchange.reply.json(200, {
    hasAccess: of.payer.canPay,
    usage: {
      ...jobsCost(of.payer.jobs, from, to, now),
      periodStart: iso(from),
      periodEnd: iso(to),
      jobDetails: jobsIn(of.payer.jobs, from, to, now),
    },
  });
}

/** GET /api/jobs/hardware */
export function jobHardware({ reply }: Exchange) {
  const flavors = hardware.map(({ name, prettyName, usdPerHour }) => ({
    name,
    prettyName,
    unitCostMicroUSD: Math.round((usdPerHour * 1e6) / 60),
    unitCostUSD: usdPerHour / 60,
    unitLabel: 'minute',
  }));
  reply.json(200, flavors);
}

/** POST /api/jobs/{namespace}: 402 without a balance. The free $0.10 is for Inference Providers only. */
export function createJob(exchange: Exchange) {
  const { world, identity, reply, params } = exchange;
  const namespace = params[0] ?? '';
  if (!isAccount(identity)) return reply.error(401, invalidCredentials);
  const org = world.state.orgs[namespace];
  const role = org && roleIn(org, identity.name);
  const mayUse = identity.name === namespace || role === 'admin' || role === 'write';
  if (!mayUse || !permits(identity.token, namespace, 'job.write')) {
    return reply.error(403, `You don't have the rights to run Jobs in the namespace ${namespace}`);
  }
  const payer = payerNamed(world.state, namespace);
  if (!payer) return reply.error(404, `Namespace ${namespace} not found`);
  const now = world.clock.now();
  const { usedNanoUsd } = spentThisMonth(payer.credits, now);
  const jobsNanoUsd = jobsCost(payer.jobs, monthStart(now), monthEnd(now), now).usedMicroUsd * 1000;
  const included = payer.canPay ? payer.credits.includedNanoUsd : 0;
  if (included + payer.credits.prepaidNanoUsd - usedNanoUsd - jobsNanoUsd <= 0) {
    return reply.error(
      402,
      'Pre-paid credit balance is insufficient - add more credits to your account to use Jobs.',
    );
  }
  const body = jsonBody(exchange);
  const flavor = isObject(body) && typeof body.flavor === 'string' ? body.flavor : 'cpu-basic';
  const id = `68f1c0ffee00000000${String(payer.jobs.length).padStart(6, '0')}`;
  payer.jobs = [...payer.jobs, { id, flavor, startedAt: now }];
  reply.json(200, {
    id,
    createdAt: iso(now),
    flavor,
    status: { stage: 'RUNNING', message: null },
    owner: { name: namespace },
  });
}
