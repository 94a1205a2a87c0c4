import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from './hubServer.ts';

/** The response of a path in place of the documented example. */
export interface PlainAnswer {
  readonly status?: number;
  readonly body: unknown;
}

export interface PlainHub {
  readonly environment: Record<string, string>;
  readonly paths: () => string[];
  close(): Promise<void>;
}

export const plainToken = 'hf_plainhubtokenofada';
const unknownToken = { error: 'Invalid credentials in Authorization header' };

/**
 * A second Hugging Face, independent of the emulator: the documented examples word for word, each with unknown
 * fields added. The live stream sends `events`, then stays open and silent.
 */
export async function startPlainHub(
  options: { answers?: Record<string, PlainAnswer>; events?: string } = {},
): Promise<PlainHub> {
  const { answers = {}, events = completeEvent } = options;
  const server = await listen((request, response) => {
    const path = (request.url ?? '').split('?', 1).join('');
    const { status = 200, body } = answers[path] ?? { body: examples[path] };
    if (request.headers.authorization !== `Bearer ${plainToken}`) send(response, 401, unknownToken);
    else if (body !== undefined) send(response, status, body);
    else if (path === '/api/settings/billing/usage/live') stream(request, response, events);
    else send(response, 404, { error: 'Not found' });
  });
  return {
    environment: { HF_TOKEN: plainToken, HEADROOM_HUB_URL: server.url, HEADROOM_ENDPOINTS_URL: server.url },
    paths: () => server.requests.map(({ url }) => url ?? ''),
    close: server.close,
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ratelimit: '"api";r=999;t=242',
    'ratelimit-policy': '"fixed window";"api";q=1000;w=300',
    'x-request-id': 'Root=1-0001',
  });
  response.end(JSON.stringify(body));
}

function stream(request: IncomingMessage, response: ServerResponse, events: string): void {
  if (!request.headers.accept?.includes('text/event-stream')) {
    send(response, 400, { error: 'No stream' });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(events);
  const timer = setInterval(() => response.write(': keep-alive\n\n'), 500);
  response.on('close', () => clearInterval(timer));
}

const inference = {
  usedNanoUsd: 60000000,
  numRequests: 7,
  includedNanoUsd: 100000000,
  limitNanoUsd: 100000000,
  periodStart: '2026-10-01T00:00:00.000Z',
  periodEnd: '2026-10-31T23:59:59.999Z',
  lastUpdated: '2026-10-14T09:30:04.000Z',
  providerDetails: [],
};
const streamedZeroGpu = { base: 300, current: 213.4, lastUpdated: '2026-10-14T09:30:04.000Z' };
const rateLimits = {
  instant: {
    api: { used: 12, limit: 1000 },
    sensitive: { used: 1, limit: 50 },
    novelty: { used: 3, limit: 9 },
  },
  blockedPastWeek: 0,
};

function event(data: unknown): string {
  return `event: usage\ndata: ${JSON.stringify(data)}\n\n`;
}

const completeEvent = event({
  inference,
  zeroGpu: streamedZeroGpu,
  jobs: { usedMicroUsd: 0 },
  rateLimits,
  somethingNew: { a: 1 },
});
/** The first event, which often has the credits only, and no other. */
export const partialEvent = event({ inference });
export const onlyComments = ': connected\n\n';

/** Copied from the documentation of HF's APIs. */
const examples: Record<string, unknown> = {
  '/api/whoami-v2': {
    type: 'user',
    id: '650000000000000000000001',
    name: 'ada',
    fullname: 'Ada L',
    email: 'a@example.org',
    emailVerified: true,
    canPay: true,
    billingMode: 'prepaid',
    periodEnd: 1793491200,
    isPro: true,
    avatarUrl: '/avatars/x.svg',
    policy: { blockedPastWeek: false },
    orgs: [
      {
        type: 'org',
        id: '650000000000000000000002',
        name: 'acme',
        fullname: 'Acme',
        canPay: true,
        plan: 'team',
        roleInOrg: 'write',
        securityRestrictions: [],
        somethingNew: 1,
      },
    ],
    auth: {
      type: 'access_token',
      accessToken: {
        displayName: 'laptop',
        role: 'fineGrained',
        createdAt: '2026-05-01T10:00:00.000Z',
        fineGrained: {
          canReadGatedRepos: false,
          global: [],
          scoped: [
            {
              entity: { _id: '650000000000000000000001', type: 'user', name: 'ada' },
              permissions: ['inference.serverless.write', 'user.billing.read'],
            },
          ],
        },
      },
    },
  },
  '/api/settings/billing/usage-v2': {
    usage: {
      inferenceProviders: {
        usedNanoUsd: 1234567890,
        includedNanoUsd: 2000000000,
        limitNanoUsd: 0,
        numRequests: 412,
        periodStart: '2026-10-01T00:00:00.000Z',
        periodEnd: '2026-10-14T09:30:00.000Z',
        providerDetails: [
          { provider: 'novita', numRequests: 400, totalCostNanoUsd: 1200000000, duration: 12 },
          { provider: 'groq', numRequests: 12, totalCostNanoUsd: 34567890 },
        ],
      },
      jobs: { usedMicroUsd: 240000, totalMinutes: 36 },
      privateStorage: { amountDueCents: 0 },
      Spaces: [],
      Endpoints: [],
    },
  },
  '/api/settings/billing/usage/jobs': {
    hasAccess: true,
    usage: {
      usedMicroUsd: 413333,
      totalMinutes: 31,
      periodStart: '2026-10-01T00:00:00.000Z',
      periodEnd: '2026-10-31T23:59:59.999Z',
      jobDetails: [
        {
          jobId: '68f0…',
          hardwareFlavor: 'l4x1',
          startedAt: '2026-10-02T08:00:00.000Z',
          completedAt: '2026-10-02T08:31:00.000Z',
          totalMinutes: 31,
          totalCostMicroUsd: 413333,
        },
      ],
    },
  },
  '/api/spaces/zero-gpu/quota': {
    base: 300,
    current: 213.4,
    resetsAt: '2026-10-15T08:12:44.000Z',
    overquotaUsed: 0,
    runs: { used: 2, limit: 8, remaining: 6, resetsAt: '2026-10-15T08:12:44.000Z' },
  },
  '/v2/endpoint/ada': { items: [] },
  '/v2/endpoint/acme': {
    items: [
      {
        name: 'my-ep',
        type: 'authenticated',
        provider: { vendor: 'aws', region: 'us-east-1' },
        compute: {
          accelerator: 'gpu',
          instanceType: 'nvidia-l4',
          instanceSize: 'x1',
          scaling: { minReplica: 0, maxReplica: 2, scaleToZeroTimeout: 60 },
        },
        model: {
          repository: 'acme/m',
          revision: 'main',
          task: 'text-generation',
          framework: 'pytorch',
          image: { huggingface: {} },
        },
        status: {
          createdAt: '2026-09-01T10:00:00Z',
          createdBy: { id: '1', name: 'ada' },
          updatedAt: '2026-09-02T10:00:00Z',
          updatedBy: { id: '1', name: 'ada' },
          private: null,
          state: 'running',
          message: 'Endpoint is ready',
          url: 'https://abc123.us-east-1.aws.endpoints.huggingface.cloud',
          readyReplica: 1,
          targetReplica: 1,
        },
      },
    ],
  },
  '/v2/provider/ada': provider({ maxAccelerators: 2, usedAccelerators: 0 }),
  '/v2/provider/acme': provider({ maxAccelerators: 2, usedAccelerators: 1 }),
};

function provider(quota: unknown): unknown {
  const compute = {
    id: 'aws-us-east-1-nvidia-l4-x1',
    accelerator: 'gpu',
    numAccelerators: 1,
    memoryGb: 30,
    gpuMemoryGb: 24,
    instanceType: 'nvidia-l4',
    instanceSize: 'x1',
    architecture: 'NVIDIA L4',
    status: 'available',
    pricePerHour: 0.8,
  };
  // HF reports no quota for the second one
  const other = {
    ...compute,
    id: 'aws-us-east-1-nvidia-l4-x4',
    instanceSize: 'x4',
    pricePerHour: 3.8,
    gpuMemoryGb: null,
  };
  const region = {
    name: 'us-east-1',
    label: 'N. Virginia',
    status: 'available',
    computes: [{ ...compute, quota }, other],
  };
  return { vendors: [{ name: 'aws', status: 'available', regions: [region] }] };
}
