import { type Route, route } from '../http/exchange.ts';
import { usageBySession, usageV2 } from './billing.ts';
import { usageV1 } from './billingLineItems.ts';
import { fileRoutes } from './files.ts';
import { gitRoutes } from './gitHttp.ts';
import { createJob, jobHardware, listJobs, showJob, usageJobs } from './jobs.ts';
import { listingRoutes } from './listings.ts';
import { liveUsage } from './liveUsage.ts';
import { whoami } from './whoami.ts';
import { zeroGpuQuota } from './zeroGpu.ts';

const billing = (scope: string) => [
  route('GET', `${scope}/billing/usage`, usageV1),
  route('GET', `${scope}/billing/usage-v2`, usageV2),
  route('GET', `${scope}/billing/usage-by-inference-session`, usageBySession),
  route('GET', `${scope}/billing/usage/live`, liveUsage),
  route('GET', `${scope}/billing/usage/jobs`, usageJobs),
];

export const hubRoutes: readonly Route[] = [
  route('GET', '/api/whoami-v2', whoami),
  ...billing('/api/settings'),
  ...billing('/api/organizations/{org}'),
  route('GET', '/api/users/{user}/billing/usage/live', liveUsage),
  route('GET', '/api/settings/metrics/live', liveUsage),
  route('GET', '/api/spaces/zero-gpu/quota', zeroGpuQuota),
  route('GET', '/api/jobs/hardware', jobHardware),
  route('POST', '/api/jobs/{namespace}', createJob),
  route('GET', '/api/jobs/{namespace}', listJobs),
  route('GET', '/api/jobs/{namespace}/{id}', showJob),
  ...listingRoutes,
  ...gitRoutes,
  ...fileRoutes,
];
