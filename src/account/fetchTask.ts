import { jobsUsage, monthlyUsage } from '../hub/billing.ts';
import { hardwareQuotas, listEndpoints } from '../hub/endpoints.ts';
import type { Http } from '../hub/http.ts';
import type { HubError } from '../hub/hubError.ts';
import { readLiveUsage } from '../hub/liveUsage.ts';
import type { Servers } from '../hub/servers.ts';
import { zeroGpuQuota } from '../hub/zeroGpu.ts';
import { type Credits, monthStart } from '../limits/account/credits.ts';
import { type LiveReading, mergeLive } from './liveReading.ts';
import type { Readings } from './readings.ts';
import type { Task } from './tasks.ts';

/** HF tells its time in whole seconds, cut off: a report that ends now would miss what was spent a moment ago. */
const clockResolutionSeconds = 1;

export interface HubAccess {
  readonly http: Http;
  readonly servers: Servers;
  readonly token: string;
}

/** What a task brought: a value, and what of it could not be read. */
export interface Answer {
  readonly value: unknown;
  readonly problem?: HubError;
}

export interface FetchContext {
  /** HF's clock in epoch ms, as far as it is known by now: a month must not start early because ours is fast. */
  readonly serverNow: () => number;
  /** What was known before. */
  readonly readings: Readings;
  readonly signal: AbortSignal;
}

/**
 * Runs one task.
 * @throws HubError
 */
export async function fetchTask(task: Task, hub: HubAccess, context: FetchContext): Promise<Answer> {
  const { http, servers, token } = hub;
  const { readings, signal } = context;
  const of = task.of ?? '';
  switch (task.kind) {
    case 'live': {
      const seen = await readLiveUsage(http, servers, token, signal);
      return { value: mergeLive(readings.get<LiveReading>('live').value, seen), problem: seen.problems[0] };
    }
    case 'usage':
      return { value: await thisMonth(hub, context) };
    case 'organization-usage':
      return { value: await thisMonth(hub, context, of) };
    case 'jobs':
      return { value: await jobsUsage(http, servers, token, signal) };
    case 'zero-gpu':
      return { value: await zeroGpuQuota(http, servers, token, signal) };
    case 'endpoints': {
      const { items, problems } = await listEndpoints(http, servers, token, of, signal);
      return { value: items, problem: problems[0] };
    }
    case 'hardware': {
      const { items, problems } = await hardwareQuotas(http, servers, token, of, signal);
      return { value: items, problem: problems[0] };
    }
  }
}

/** More than a call takes. */
const wrongClockMs = 60_000;

async function thisMonth(hub: HubAccess, context: FetchContext, organization?: string): Promise<Credits> {
  const until = async (serverNow: number) => {
    const startSeconds = monthStart(serverNow) / 1000;
    const endSeconds = Math.ceil(serverNow / 1000) + clockResolutionSeconds;
    const period = { organization, startSeconds, endSeconds };
    return await monthlyUsage(hub.http, hub.servers, hub.token, period, context.signal);
  };
  const asked = context.serverNow();
  const credits = await until(asked);
  // the answer's own date may be the first to tell that our clock is wrong, and the period with it
  const told = context.serverNow();
  return Math.abs(told - asked) > wrongClockMs ? await until(told) : credits;
}
