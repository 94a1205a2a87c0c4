import { iso, monthEnd, monthStart } from '../clock.ts';
import { spentThisMonth } from '../credits.ts';
import type { Exchange } from '../http/exchange.ts';
import { tierOf } from '../identity.ts';
import { type BilledAccount, billedAccount } from './billingAccess.ts';
import { jobsCost } from './jobs.ts';
import { buckets, limitOf, usedOf } from './rateLimits.ts';
import { remainingSeconds } from './zeroGpu.ts';

/**
 * GET …/billing/usage/live: an endless stream. The first event lacks some parts; complete events and
 * keep-alives follow.
 */
export async function liveUsage(exchange: Exchange): Promise<void> {
  const { world, reply, headers } = exchange;
  const of = billedAccount(exchange);
  if (!of) return;
  if (!headers.accept?.includes('text/event-stream')) {
    return reply.error(400, 'This endpoint streams events: send Accept: text/event-stream');
  }
  const stream = reply.stream();
  const { live } = world.state;
  const first = Object.entries(snapshot(exchange, of)).filter(([part]) => live.firstParts.includes(part));
  if (!live.silent) stream.event('usage', Object.fromEntries(first));
  for (let turn = 0; !stream.signal.aborted; turn += 1) {
    await world.clock.wait(world.state.live.intervalMs / 2, stream.signal);
    if (turn % 2 === 0) stream.comment('keep-alive');
    else stream.event('ping', { at: iso(world.clock.reportedNow()) });
    await world.clock.wait(world.state.live.intervalMs / 2, stream.signal);
    if (!world.state.live.silent) stream.event('usage', snapshot(exchange, of));
    stream.event('count', { listeners: 1 });
  }
}

function snapshot(
  { world, identity, ip }: Exchange,
  { payer, type }: BilledAccount,
): Record<string, unknown> {
  const now = world.clock.now();
  const lastUpdated = iso(world.clock.reportedNow());
  const spent = spentThisMonth(payer.credits, now);
  const parts = {
    inference: {
      usedNanoUsd: spent.usedNanoUsd,
      numRequests: spent.requests,
      includedNanoUsd: payer.credits.includedNanoUsd,
      limitNanoUsd: payer.credits.limitNanoUsd,
      periodStart: iso(monthStart(now)),
      periodEnd: iso(monthEnd(now)),
      lastUpdated,
      providerDetails: spent.providers,
    },
    storage: storage(payer.storage),
    jobs: { usedMicroUsd: jobsCost(payer.jobs, monthStart(now), monthEnd(now), now).usedMicroUsd },
  };
  if (type === 'org' || !('zeroGpu' in payer)) return parts;
  const gauge = (bucket: (typeof buckets)[number]) => ({
    used: usedOf(world, identity, ip, bucket),
    limit: limitOf(world, tierOf(identity), bucket),
  });
  return {
    ...parts,
    zeroGpu: { base: payer.zeroGpu.baseSeconds, current: remainingSeconds(payer, now), lastUpdated },
    rateLimits: {
      instant: Object.fromEntries(buckets.map(bucket => [bucket, gauge(bucket)])),
      blockedPastWeek: payer.blockedPastWeek,
    },
  };
}

function storage(of: BilledAccount['payer']['storage']): unknown {
  const model = {
    used: of.privateBytes + of.publicBytes,
    usedPrivate: of.privateBytes,
    usedPublic: of.publicBytes,
    count: of.repos,
  };
  const none = { used: 0, usedPrivate: 0, usedPublic: 0, count: 0 };
  return {
    ...model,
    privateStorageLimit: of.privateLimitBytes,
    publicStorageLimit: of.publicLimitBytes,
    summary: { model, dataset: none, space: none, bucket: none },
  };
}
