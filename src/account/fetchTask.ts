import { jobsUsage, monthlyUsage } from '../hub/billing.ts';
import { hardwareQuotas, listEndpoints } from '../hub/endpoints.ts';
import type { Http } from '../hub/http.ts';
import type { HubError } from '../hub/hubError.ts';
import { type LiveUsage, readLiveUsage } from '../hub/liveUsage.ts';
import type { Servers } from '../hub/servers.ts';
import { zeroGpuQuota } from '../hub/zeroGpu.ts';
import { monthStart } from '../limits/credits.ts';
import type { Task } from './tasks.ts';

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

/** What is kept of a look at the live stream. */
export type LiveReading = Omit<LiveUsage, 'problems'>;

/**
 * Runs one task. `serverNow` is HF's clock in epoch ms: a month must not start early because ours is fast.
 * @throws HubError
 */
export async function fetchTask(
  task: Task,
  hub: HubAccess,
  serverNow: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { http, servers, token } = hub;
  const of = task.of ?? '';
  const month = {
    startSeconds: Math.floor(monthStart(serverNow) / 1000),
    endSeconds: Math.floor(serverNow / 1000),
  };
  switch (task.kind) {
    case 'live': {
      const { problems, ...value } = await readLiveUsage(http, servers, token, {}, signal);
      return { value: value satisfies LiveReading, problem: problems[0] };
    }
    case 'usage':
      return { value: await monthlyUsage(http, servers, token, month, signal) };
    case 'organization-usage':
      return { value: await monthlyUsage(http, servers, token, { ...month, organization: of }, signal) };
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
