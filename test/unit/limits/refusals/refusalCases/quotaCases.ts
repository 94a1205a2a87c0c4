import type { Refusal } from '../../../../../src/limits/refusals/refusal.ts';
import { at, hub, json, type RefusalCase } from './refusalCase.ts';

const commit = 'https://huggingface.co/api/models/acme/m/commit/main';
/** ZeroGPU's own library prints its words without a status, inside a success. */
const zeroGpu = (name: string, text: string, expected: Partial<Refusal> | undefined): RefusalCase => ({
  name,
  source: 'PyPI spaces 0.51, spaces/zero/client.py',
  seen: { status: 200, url: 'https://acme-demo.hf.space/queue/data', bodyText: json(text) },
  expected: expected && { by: 'huggingface', ...expected },
});
const refused = (
  name: string,
  source: string,
  status: number,
  text: string,
  expected: Partial<Refusal> | undefined,
  url = commit,
): RefusalCase => ({
  name,
  source,
  seen: { status, url, bodyText: json(text) },
  expected: expected && { status, by: 'huggingface', ...expected },
});

/** Quotas of ZeroGPU, storage and hardware, and what a plan does not include; texts as users and HF's code have them. */
export const quotaCases: readonly RefusalCase[] = [
  zeroGpu(
    'ZeroGPU time of a free account',
    'You have exceeded your free ZeroGPU quota (120s requested vs. 44s left). Try again in 23:14:07. Subscribe to Hugging Face PRO to get 25 min of ZeroGPU quota a day - https://huggingface.co/subscribe/pro',
    { cause: 'quota', scope: 'ZeroGPU', remaining: 44, resetsAt: at + 83_647_000 },
  ),
  zeroGpu(
    'ZeroGPU time of a PRO account without credits',
    'You have exceeded your Pro ZeroGPU quota (60s requested vs. 0s left). Try again in 3:12:05. Add credits to keep using ZeroGPU. $1 for 10 minutes of ZeroGPU inference - https://huggingface.co/settings/billing',
    { cause: 'quota', scope: 'ZeroGPU', remaining: 0, resetsAt: at + 11_525_000 },
  ),
  zeroGpu(
    'ZeroGPU runs of a visitor',
    'You have exceeded your ZeroGPU runs limit. Authenticate with a Hugging Face token for more quota - https://huggingface.co/settings/tokens',
    { cause: 'quota', scope: 'ZeroGPU' },
  ),
  zeroGpu('ZeroGPU runs in the older words', 'You have exceeded your runs limit.', {
    cause: 'quota',
    scope: 'ZeroGPU',
  }),
  zeroGpu(
    "ZeroGPU time of a visitor in an agent's tool",
    'Unlogged user is runnning out of daily ZeroGPU quotas. Signup for free on https://huggingface.co/join or login on https://huggingface.co/login to get more ZeroGPU quota now.',
    { cause: 'quota', scope: 'ZeroGPU' },
  ),
  zeroGpu(
    "a Space's own ZeroGPU time",
    'Space app has reached its GPU limit. Try re-running outside of examples if it happened after clicking one',
    { cause: 'quota', scope: 'ZeroGPU' },
  ),
  zeroGpu(
    'ZeroGPU credits reserved by running calls',
    'You have too many ZeroGPU credits allocated to running tasks. Try again once some of those tasks have completed.',
    { cause: 'concurrency', scope: 'ZeroGPU' },
  ),
  zeroGpu('a ZeroGPU queue that was too long', 'No GPU was available after 60s Retry later', {
    cause: 'capacity',
    scope: 'ZeroGPU',
  }),
  zeroGpu('the title of a ZeroGPU queue that was too long', 'ZeroGPU queue timeout', {
    cause: 'capacity',
    scope: 'ZeroGPU',
  }),
  zeroGpu('a call that waits for a GPU', 'ZeroGPU queue: waiting for a GPU to become available', undefined),
  zeroGpu('what is left of the ZeroGPU time', 'ZeroGPU quota: 213 s of 300 s are left', undefined),
  zeroGpu('an expired proxy token', 'ZeroGPU client error: Expired ZeroGPU proxy token', undefined),
  refused(
    'private storage behind a 400',
    'huggingface_hub#3049',
    400,
    'Private repository storage limit reached, please upgrade your plan to increase your private storage limit',
    { cause: 'quota', scope: 'private storage' },
  ),
  refused(
    'private storage of a named user',
    'GitHub code: "Private storage limit reached for user", 2026-10',
    400,
    'Private storage limit reached for user ada, please upgrade your plan to increase your private storage limit',
    { cause: 'quota', scope: 'private storage' },
  ),
  refused(
    'a repository that is too large to become private',
    'GitHub code: "exceed your private storage limit", 2026-09',
    403,
    'This repository would exceed your private storage limit',
    { cause: 'quota', scope: 'private storage' },
  ),
  refused(
    'public storage',
    'GitHub code: "exceeded your public storage space", 2026-08',
    403,
    'You have exceeded your public storage space.',
    { cause: 'quota', scope: 'public storage' },
  ),
  refused(
    'storage that an organization pays without automatic recharge',
    'GitHub code: "setup automatic credit recharge", 2026-09',
    403,
    'You need to setup automatic credit recharge in order to upload more data. /organizations/acme/settings/billing',
    { cause: 'credits' },
  ),
  refused('a file that is too large', 'docs storage-limits.md', 413, 'File size exceeds 500 GB', undefined),
  refused(
    'a folder with too many files',
    'GitHub code: "over the limit of 10000 files per folder"',
    400,
    'this directory is over the limit of 10000 files per folder',
    undefined,
  ),
  refused(
    'hardware of Spaces',
    'forum "CPU-Basic Spaces hitting quota limits", 2026-04',
    403,
    'You’ve reached your cpu-basic quota limit, please upgrade your account, or pause your previous Spaces to restart this one',
    { cause: 'quota', scope: 'Space hardware' },
  ),
  refused(
    'a Space that Free may not move to cpu-basic',
    'GitHub code: "you can\'t downgrade this Space", 2026-07',
    402,
    "Without a PRO subscription, you can't downgrade this Space to cpu-basic. Pause it instead to stop hardware charges, or subscribe.",
    { cause: 'plan' },
    'https://huggingface.co/api/spaces/acme/s/hardware',
  ),
  refused(
    'a feature that admins keep for some resource groups',
    'docs security-resource-groups.md, Granular feature access',
    403,
    'Access to Jobs is restricted to members of selected Resource Groups.',
    { cause: 'plan', scope: 'Jobs' },
    'https://huggingface.co/api/jobs/acme',
  ),
  refused(
    'a feature without access',
    'docs security-resource-groups.md, Granular feature access',
    403,
    'Feature access to Inference Endpoints is restricted by your organization.',
    { cause: 'plan' },
    hub,
  ),
  refused(
    "a job that its group's spend limit ended",
    'docs security-resource-groups.md, Spend limits',
    403,
    'Resource group spend limit reached',
    { cause: 'spending-limit' },
    'https://huggingface.co/api/jobs/acme',
  ),
  refused(
    "a token that waits for the organization's approval",
    'docs enterprise-tokens-management.md',
    403,
    'Due to the organization token policy, your token needs to be approved by the organization before you can access this resource.',
    undefined,
    hub,
  ),
  refused(
    'a resource group that has the user already',
    'docs programmatic-user-access-control.md',
    403,
    'The user is already in the resource group.',
    undefined,
    hub,
  ),
];
