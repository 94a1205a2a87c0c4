import { jobsUsage, monthlyUsage } from '../hub/billing.ts';
import { hardwareQuotas, listEndpoints } from '../hub/endpoints.ts';
import type { HubAccess } from '../hub/http.ts';
import type { HubError } from '../hub/hubError.ts';
import { readLiveUsage } from '../hub/liveUsage.ts';
import { zeroGpuQuota } from '../hub/zeroGpu.ts';
import { type Credits, monthStart } from '../limits/account/credits.ts';
import { readEndpointUse } from './endpointUse.ts';
import { type LiveReading, mergeLive } from './liveReading.ts';
import type { Readings } from './readings.ts';
import type { Task } from './tasks.ts';

/** HF cuts its time to whole seconds: a report that ends now would miss what was spent a moment ago. */
const clockResolutionSeconds = 1;

export interface TaskResult {
  readonly value: unknown;
  /** A part of the response that could not be read. */
  readonly problem?: HubError;
}

/**
 * Runs one task.
 * @param readings those so far
 * @param serverNow HF's clock in epoch ms, as far as it is known: a month must not start early because ours is fast
 * @throws HubError
 */
export async function fetchTask(
  task: Task,
  hub: HubAccess,
  readings: Readings,
  serverNow: () => number,
): Promise<TaskResult> {
  const of = task.of ?? '';
  switch (task.kind) {
    case 'live': {
      const seen = await readLiveUsage(hub);
      const before = readings.get<LiveReading>('live').value;
      return { value: mergeLive(before, seen), problem: seen.problems[0] };
    }
    case 'usage':
      return { value: await thisMonth(hub, serverNow) };
    case 'organization-usage':
      return { value: await thisMonth(hub, serverNow, of) };
    case 'jobs':
      return { value: await jobsUsage(hub) };
    case 'zero-gpu':
      return { value: await zeroGpuQuota(hub) };
    case 'endpoints': {
      const { items, problems } = await listEndpoints(hub, of);
      return { value: items, problem: problems[0] };
    }
    case 'hardware': {
      const { items, problems } = await hardwareQuotas(hub, of);
      return { value: items, problem: problems[0] };
    }
    case 'endpoint-use':
      return await readEndpointUse(hub, readings, serverNow);
  }
}

/** More than a call takes. */
const wrongClockMs = 60_000;

async function thisMonth(hub: HubAccess, serverNow: () => number, organization?: string): Promise<Credits> {
  const until = (now: number) => {
    const startSeconds = monthStart(now) / 1000;
    const endSeconds = Math.ceil(now / 1000) + clockResolutionSeconds;
    return monthlyUsage(hub, { organization, startSeconds, endSeconds });
  };
  const before = serverNow();
  const credits = await until(before);
  // The response's date may be the first to show that our clock is wrong, and the period with it.
  const after = serverNow();
  return Math.abs(after - before) > wrongClockMs ? await until(after) : credits;
}
