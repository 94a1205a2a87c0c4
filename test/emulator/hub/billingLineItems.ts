import { iso, monthEnd, monthStart } from '../clock.ts';
import { computeOf } from '../endpoints/hardware.ts';
import type { Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { billedAccount } from './billingAccess.ts';
import { jobItems } from './jobs.ts';

/** Line items (micro-USD) for the billed minutes of the namespace's endpoints. Times are epoch ms. */
export function endpointItems(world: World, namespace: string, from: number, to: number): unknown[] {
  const now = world.clock.now();
  const until = Math.min(to, now);
  return Object.entries(world.state.endpoints).flatMap(([path, endpoint]) => {
    const [owner, name = ''] = path.split('/');
    const compute = computeOf(endpoint);
    if (owner !== namespace || !compute) return [];
    const unitCostMicroUSD = Math.round((compute.pricePerHour * 1e6) / 60);
    return endpoint.billed.flatMap(({ startedAt, stoppedAt }) => {
      const ms = Math.min(stoppedAt ?? now, until) - Math.max(startedAt, from);
      if (ms <= 0) return [];
      const quantity = Math.ceil(ms / 60_000);
      return {
        active: stoppedAt === undefined,
        entityId: `${namespace}/${name}`,
        label: name,
        product: `endpoints/${compute.vendor}/${compute.instanceType}/${compute.instanceSize}`,
        productPrettyName: `Inference Endpoint ${compute.architecture} ${compute.instanceSize}`,
        quantity,
        unitLabel: 'minutes',
        unitCostMicroUSD,
        totalCostMicroUSD: quantity * unitCostMicroUSD,
        startedAt: iso(startedAt),
        ...(stoppedAt !== undefined && { stoppedAt: iso(stoppedAt) }),
      };
    });
  });
}

/** GET …/billing/usage (v1): line items of the current period. */
export function usageV1(exchange: Exchange): void {
  const { world, reply } = exchange;
  const of = billedAccount(exchange);
  if (!of) return;
  const now = world.clock.now();
  const [from, to] = [monthStart(now), monthEnd(now)];
  const endpoints = endpointItems(world, of.name, from, to);
  const jobs = jobItems(of.payer, from, to, now);
  reply.json(200, {
    period: {
      _id: `68e${of.payer.id.slice(3)}`,
      entityId: of.payer.id,
      entityName: of.name,
      entityType: of.type,
      periodStart: iso(from),
      periodEnd: iso(to),
      charges: [],
      invoice: { type: 'no-invoice' },
    },
    usage: {
      ...(endpoints.length > 0 && { Endpoints: endpoints }),
      ...(jobs.length > 0 && { Jobs: jobs }),
    },
  });
}
