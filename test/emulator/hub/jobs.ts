import { iso, monthEnd, monthStart } from '../clock.ts';
import { spentThisMonth } from '../credits.ts';
import { type Exchange, jsonBody } from '../http/exchange.ts';
import { invalidCredentials, isAccount, payerNamed, permits, roleIn } from '../identity.ts';
import { featureRefusal, isSpent } from '../orgLimits.ts';
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
  const { world, reply, params } = exchange;
  const namespace = params[0] ?? '';
  const payer = ownerOf(exchange);
  if (!payer) return;
  const json = jsonBody(exchange);
  const body = isObject(json) ? json : {};
  const refused = refusalInOrg(exchange, namespace, body.resourceGroupId);
  if (refused) return reply.error(403, refused);
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
  const id = `68f1c0ffee00000000${String(payer.jobs.length).padStart(6, '0')}`;
  const job: Job = {
    id,
    flavor: typeof body.flavor === 'string' ? body.flavor : 'cpu-basic',
    startedAt: now,
    ...(typeof body.dockerImage === 'string' && { image: body.dockerImage }),
    ...(Array.isArray(body.command) && { command: body.command.map(String) }),
  };
  payer.jobs = [...payer.jobs, job];
  reply.json(200, described(exchange, payer, job));
}

/** GET /api/jobs/{namespace} */
export function listJobs(exchange: Exchange) {
  const payer = ownerOf(exchange);
  if (!payer) return;
  exchange.reply.json(
    200,
    payer.jobs.map(job => described(exchange, payer, job)),
  );
}

/** GET /api/jobs/{namespace}/{id}, `hf jobs inspect`. The 404's URL tells huggingface_hub which job is missing. */
export function showJob(exchange: Exchange) {
  const { params, reply } = exchange;
  const payer = ownerOf(exchange);
  if (!payer) return;
  const job = payer.jobs.find(({ id }) => id === params[1]);
  if (!job) return reply.error(404, 'Job not found');
  reply.json(200, described(exchange, payer, job));
}

/** Fields as huggingface_hub's JobInfo reads them. */
function described({ world, params }: Exchange, payer: Payer, job: Job) {
  const { id, flavor, startedAt, completedAt, image = 'python:3.12', command = [] } = job;
  const namespace = params[0] ?? '';
  const running = Math.floor(((completedAt ?? world.clock.now()) - startedAt) / 1000);
  return {
    id,
    createdAt: iso(startedAt),
    startedAt: iso(startedAt),
    ...(completedAt !== undefined && { finishedAt: iso(completedAt) }),
    dockerImage: image,
    command,
    arguments: [],
    environment: {},
    secrets: {},
    flavor,
    status: { stage: completedAt === undefined ? 'RUNNING' : 'COMPLETED', message: null },
    durations: { schedulingSecs: 0, runningSecs: running, totalSecs: running },
    owner: { id: payer.id, name: namespace, type: world.state.orgs[namespace] ? 'org' : 'user' },
  };
}

/** The owner of the path's namespace. Returns undefined after refusing a caller without the right to its Jobs. */
function ownerOf({ world, identity, reply, params }: Exchange): Payer | undefined {
  const namespace = params[0] ?? '';
  if (!isAccount(identity)) {
    reply.error(401, invalidCredentials);
    return undefined;
  }
  const org = world.state.orgs[namespace];
  const role = org && roleIn(org, identity.name);
  const mayUse = identity.name === namespace || role === 'admin' || role === 'write';
  const payer = payerNamed(world.state, namespace);
  if (mayUse && payer && permits(identity.token, namespace, 'job.write')) return payer;
  reply.error(403, `You don't have the rights to run Jobs in the namespace ${namespace}`);
  return undefined;
}

/** Feature access and the resource group's limit, which only an organization has. */
function refusalInOrg(
  { world, identity }: Exchange,
  namespace: string,
  groupId: unknown,
): string | undefined {
  const org = world.state.orgs[namespace];
  if (!org || !isAccount(identity)) return undefined;
  const group = org.resourceGroups.find(({ id }) => id === groupId);
  if (group && isSpent(org, group, world.clock.now())) return 'Resource group spend limit reached';
  return featureRefusal(org, identity.name, 'jobs');
}
