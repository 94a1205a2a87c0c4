import { iso } from '../clock.ts';
import { spending } from '../credits.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Storage } from '../state.ts';
import { billedAccount } from './billingAccess.ts';
import { endpointItems } from './billingLineItems.ts';
import { jobsCost } from './jobs.ts';

/**
 * GET …/billing/usage-v2: nano-USD, micro-USD and cents; keys in lower and upper case, as HF sends them.
 * `periodEnd` echoes the requested end; it is no reset time.
 */
export function usageV2(exchange: Exchange) {
  const { world, reply, query } = exchange;
  const of = billedAccount(exchange);
  if (!of) return;
  const period = epochSeconds(exchange);
  if (!period) return;
  const now = world.clock.now();
  const { credits, jobs } = of.payer;
  const { usedNanoUsd, requests, providers } = spending(credits, period.from, period.to, now);
  const { usedMicroUsd, totalMinutes } = jobsCost(jobs, period.from, period.to, now);
  reply.json(200, {
    usage: {
      inferenceProviders: {
        usedNanoUsd,
        includedNanoUsd: credits.includedNanoUsd,
        limitNanoUsd: credits.limitNanoUsd,
        numRequests: requests,
        periodStart: iso(Number(query.get('startDate')) * 1000),
        periodEnd: iso(Number(query.get('endDate')) * 1000),
        providerDetails: providers,
      },
      jobs: { usedMicroUsd, totalMinutes },
      privateStorage: { amountDueCents: storageCents(of.payer.storage) },
      Spaces: [],
      Endpoints: endpointItems(world, of.name, period.from, period.to),
    },
  });
}

/** `startDate` and `endDate`, sent in epoch seconds, as epoch ms. HF answers milliseconds with 500. */
function epochSeconds({ query, reply }: Exchange): { from: number; to: number } | undefined {
  const [start, end] = [query.get('startDate'), query.get('endDate')];
  if (!start || !end || !/^\d+$/.test(start) || !/^\d+$/.test(end)) {
    reply.error(400, 'startDate and endDate must be epoch seconds');
    return undefined;
  }
  const [from, to] = [Number(start) * 1000, Number(end) * 1000];
  if (from > 8e13 || to > 8e13) {
    reply.error(500, 'Internal Server Error');
    return undefined;
  }
  if (from < 1 || to <= from) {
    reply.error(400, 'endDate must be after startDate');
    return undefined;
  }
  // The last second is included.
  return { from, to: to + 999 };
}

/** GET …/billing/usage-by-inference-session: ISO dates, cents. Unsettled requests are missing. */
export function usageBySession(exchange: Exchange) {
  const { world, reply, query } = exchange;
  const of = billedAccount(exchange);
  if (!of) return;
  const [start, end] = [query.get('startDate') ?? '', query.get('endDate') ?? ''];
  const [from, to] = [Date.parse(start), Date.parse(end)];
  if (!/^\d{4}-.*Z$/.test(start) || !/^\d{4}-.*Z$/.test(end) || !(to > from)) {
    return reply.error(400, 'startDate and endDate must be ISO-8601 dates');
  }
  const now = world.clock.now();
  const sessions = new Map<string, { id: string; requestCount: number; costCents: number }>();
  for (const { at, session, requests, costNanoUsd, settlesAt } of of.payer.credits.charges) {
    if (session === undefined || at < from || at > to || now < settlesAt) continue;
    const sum = sessions.get(session) ?? { id: session, requestCount: 0, costCents: 0 };
    sum.requestCount += requests;
    sum.costCents += costNanoUsd / 1e7;
    sessions.set(session, sum);
  }
  reply.json(200, { currency: 'USD', periods: [{ period: iso(from), sessions: [...sessions.values()] }] });
}

/** Cents for private storage beyond the plan's, at $18 per TB. */
function storageCents({ privateBytes, privateLimitBytes }: Storage): number {
  return Math.round(Math.max(0, privateBytes - privateLimitBytes) / 1e12) * 1800;
}
