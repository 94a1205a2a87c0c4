import { requestCount } from '../hub/endpointMetrics.ts';
import type { HubAccess } from '../hub/http.ts';
import { HubError, type HubErrorKind } from '../hub/hubError.ts';
import type { Account } from '../limits/account/account.ts';
import { isSameEndpoint } from '../limits/account/endpointChange.ts';
import type { Endpoint, HardwareQuota } from '../limits/account/endpoints.ts';
import { type EndpointUses, runsUntilStopped, useOf, withReading } from '../limits/account/endpointUse.ts';
import { mostCountedEndpoints } from '../limits/bounds.ts';
import { isNetworkProblem } from './problem.ts';
import type { Readings } from './readings.ts';
import { taskKey, tasksFor } from './tasks.ts';

const hourMs = 3_600_000;
/** An endpoint of an older list may be paused or deleted by now, and be refused for that. */
const longestListAgeMs = hourMs;
/** How long a namespace without metrics is left alone. A new token has readings of its own. */
const unavailableMs = 24 * hourMs;

/** Answers to an account without metrics: HF's documentation does not say which one it is. */
const denials: ReadonlySet<HubErrorKind> = new Set([
  'invalid-token',
  'missing-permission',
  'payment-required',
  'not-found',
]);

/** Endpoints whose requests are to be counted now: those asked longest ago, so that all have their turn. */
export function endpointsToCount(readings: Readings, now: number): Endpoint[] {
  const { endpoints, unavailable } = lastUses(readings, now);
  const left = new Set(unavailable.map(({ namespace }) => namespace));
  return runningEndpoints(readings, now - longestListAgeMs)
    .filter(({ namespace }) => !left.has(namespace))
    .map(endpoint => ({ endpoint, askedAt: useOf(endpoint, endpoints)?.askedAt ?? 0 }))
    .toSorted((one, other) => one.askedAt - other.askedAt)
    .slice(0, mostCountedEndpoints)
    .map(({ endpoint }) => endpoint);
}

/**
 * Reads the counts of some endpoints. The history of an endpoint ends when it no longer runs.
 * @param serverNow HF's clock in epoch ms
 * @throws HubError when HF limits the calls, or no answer came
 */
export async function readEndpointUse(
  hub: HubAccess,
  readings: Readings,
  serverNow: () => number,
): Promise<{ value: EndpointUses; problem: HubError | undefined }> {
  const now = hub.http.now();
  const before = lastUses(readings, now);
  const answers = await Promise.all(
    endpointsToCount(readings, now).map(async ({ namespace, name }) => {
      const known = useOf({ namespace, name }, before.endpoints)?.history;
      // one that fails has had its turn, too
      const use = { namespace, name, askedAt: now, history: known };
      try {
        const count = await requestCount(hub, { namespace, name });
        const history = count ? withReading(known, count, serverNow()) : known;
        return { use: { ...use, history }, answered: namespace };
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        // where counts were read before, the endpoint was deleted a moment ago
        if (error.kind === 'not-found' && hasCounts(namespace, before)) return { use };
        return denials.has(error.kind) ? { denied: namespace } : { use, error };
      }
    }),
  );
  const uses = answers.flatMap(({ use }) => use ?? []);
  const denied = new Set(answers.flatMap(({ denied }) => denied ?? []));
  const errors = answers.flatMap(({ error }) => error ?? []);
  const limited = errors.find(({ kind }) => kind === 'rate-limited');
  if (limited) throw limited;
  const isOffline = errors.length === answers.length && errors.every(({ kind }) => isNetworkProblem(kind));
  if (errors[0] && isOffline) throw errors[0];
  for (const { answered } of answers) if (answered !== undefined) denied.delete(answered);
  const others = before.endpoints.filter(each => useOf(each, uses) === undefined);
  const running = runningEndpoints(readings);
  const value = {
    endpoints: [...uses, ...others].filter(use => running.some(endpoint => isSameEndpoint(endpoint, use))),
    unavailable: [...before.unavailable, ...[...denied].map(namespace => ({ namespace, at: now }))],
  };
  return { value, problem: errors[0] };
}

function hasCounts(namespace: string, { endpoints }: EndpointUses): boolean {
  return endpoints.some(each => each.namespace === namespace && each.history !== undefined);
}

/** Those that run until they are stopped, of lists that are not older. @param listedSince epoch ms */
function runningEndpoints(readings: Readings, listedSince = 0): Endpoint[] {
  return tasksFor(readings.get<Account>('whoami').value).flatMap(({ kind, of }) => {
    if (kind !== 'endpoints') return [];
    const { value = [], asOf = 0 } = readings.get<readonly Endpoint[]>(taskKey({ kind, of }));
    if (asOf < listedSince) return [];
    const hardware = readings.get<readonly HardwareQuota[]>(taskKey({ kind: 'hardware', of })).value ?? none;
    return value.filter(endpoint => runsUntilStopped(endpoint, hardware));
  });
}

/** One array: prices are indexed by it. */
const none: readonly HardwareQuota[] = [];

function lastUses(readings: Readings, now: number): EndpointUses {
  const { endpoints = [], unavailable = [] } = readings.get<EndpointUses>('endpoint-use').value ?? {};
  return { endpoints, unavailable: unavailable.filter(({ at }) => at <= now && now - at < unavailableMs) };
}
