import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeLive } from '../../src/account/liveReading.ts';
import { problemFrom } from '../../src/account/problem.ts';
import type { Part, Snapshot } from '../../src/account/snapshot.ts';
import { statusJson } from '../../src/cli/json/statusJson.ts';
import { statusTable } from '../../src/cli/table/statusTable.ts';
import { parseJobsUsage, parseMonthlyUsage } from '../../src/hub/billing.ts';
import { parseEndpoints, parseHardware } from '../../src/hub/endpoints.ts';
import { clockSkewOf } from '../../src/hub/http.ts';
import { HubError } from '../../src/hub/hubError.ts';
import { parseLiveUsage } from '../../src/hub/liveUsage.ts';
import { type ResponseHead, responseError } from '../../src/hub/responseError.ts';
import { parseWhoami } from '../../src/hub/whoami.ts';
import { parseZeroGpuQuota } from '../../src/hub/zeroGpu.ts';
import { parseProviderHeaders } from '../../src/limits/headers/providerHeaders.ts';
import { parseRateLimitHeaders, type RateWindow } from '../../src/limits/headers/rateLimit.ts';
import { classifyRefusal, type Refusal } from '../../src/limits/refusals/refusal.ts';
import { refusalDocument } from '../../src/view/refusals/refusalDocument.ts';
import { groupRefusals } from '../../src/view/refusals/refusalGroups.ts';
import { refusalReport } from '../../src/view/refusals/refusalReport.ts';
import { badgeModel } from '../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../src/view/status/hoverMarkdown.ts';
import { statusBarModel } from '../../src/view/status/statusBarModel.ts';
import { limitsView } from '../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../src/view/tree/treeNode.ts';
import { aSnapshot, dayMs, fixedNow as now, viewInput } from './view/builders.ts';

/** Epoch ms and durations beyond `Date`, timers, integers and floats, as JSON may hold them: `1e400` is Infinity. */
const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    5e-324,
    2 ** 31,
    2 ** 53,
    8.64e15 + 1,
    9e15,
    1e21,
    1e300,
    Number.POSITIVE_INFINITY,
  ),
  fc.double({ noNaN: true }),
  fc.integer(),
);
const text = fc.oneof(
  number.filter(Number.isFinite).map(String),
  fc.constantFrom(
    ...[12, 15, 16, 400].map(digits => '9'.repeat(digits)),
    ...'0.000000001 999999999999.999999999 1e400 -5'.split(' '),
    'Fri, 31 Dec 9999 23:59:59 GMT',
    'Sat, 01 Jan 0000 00:00:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    '9999-12-31T23:59:59Z',
    '0000-01-01',
    '+275760-09-13T00:00:00.000Z',
    '-271821-04-20T00:00:00.000Z',
    '+275760-09-13T00:00:00.001Z',
    '999999999999h',
    '9h9h9h9h9h9h9h9h9h9h',
    '1ns',
    '999:59:59',
    'in 999999 days',
    '',
  ),
);
const anything = fc.oneof({ arbitrary: number, weight: 3 }, text, fc.constant(null), fc.boolean());

const headers = fc
  .record({ r: text, t: text, q: text, w: text, after: text, date: text, reset: text, left: text })
  .map(({ r, t, q, w, after, date, reset, left }) => ({
    ratelimit: `"api";r=${r};t=${t}, "b";a=${r};w=${t}`,
    'ratelimit-policy': `"fixed window";"api";q=${q};w=${w}, "b";q=${q};w=${w}`,
    'retry-after': after,
    date,
    ...Object.fromEntries(
      ['requests', 'tokens', 'requests-day', 'tokens-minute'].flatMap(bucket => [
        [`x-ratelimit-limit-${bucket}`, q],
        [`x-ratelimit-remaining-${bucket}`, left],
        [`x-ratelimit-reset-${bucket}`, reset],
      ]),
    ),
  }));
const words = fc
  .tuple(text, text)
  .map(([one, other]) => [
    `Rate limit reached on tokens per minute (TPM): Limit ${one}, Used ${other}, Requested ${one}. Please try again in ${other}.`,
    `You have exceeded the rate limit for repository commits (${one} per ${other}). You can retry this action in ${other}.`,
    `We had to rate limit you, you hit the quota of ${one} api requests per ${other} period.`,
    `You have exceeded your free ZeroGPU quota (${one}s requested vs. ${other}s left). Try again in ${other}`,
    `Request was throttled. Your rate limit resets in ~${one}s.`,
    `Retry after ${one} seconds (${other}/${one} requests remaining in current ${other}s window)`,
  ])
  .chain(texts => fc.constantFrom(...texts));

const bodies = fc.record({
  usage: fc.record({
    inferenceProviders: fc.record({
      usedNanoUsd: anything,
      includedNanoUsd: anything,
      limitNanoUsd: anything,
      numRequests: anything,
      periodStart: text,
      periodEnd: text,
    }),
    jobs: fc.record({ usedMicroUsd: anything, totalMinutes: anything }),
    privateStorage: fc.record({ amountDueCents: anything }),
  }),
  jobs: fc.record({ usedMicroUsd: anything, totalMinutes: anything, period: anything }),
  zeroGpu: fc.record({
    base: number,
    current: number,
    resetsAt: anything,
    overquotaUsed: anything,
    runs: fc.option(fc.record({ used: number, limit: number, resetsAt: anything }), { nil: undefined }),
  }),
  live: fc.record({
    inference: fc.record({
      usedNanoUsd: anything,
      includedNanoUsd: anything,
      limitNanoUsd: anything,
      numRequests: anything,
    }),
    zeroGpu: fc.record({ base: anything, current: anything }),
    jobs: fc.record({ usedMicroUsd: anything }),
    rateLimits: fc.record({
      instant: fc.record({ api: fc.record({ used: number, limit: number }) }),
      blockedPastWeek: anything,
    }),
  }),
  expiresAt: anything,
  endpoint: fc.record({
    minReplica: anything,
    maxReplica: anything,
    scaleToZeroTimeout: anything,
    readyReplica: anything,
    targetReplica: anything,
  }),
  compute: fc.record({
    numAccelerators: number,
    pricePerHour: anything,
    maxAccelerators: number,
    usedAccelerators: number,
  }),
});

type Bodies = typeof bodies extends fc.Arbitrary<infer T> ? T : never;

/** Undefined where Headroom says that it can't read the response. */
function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

function part<T>(value: T | undefined): Part<T> {
  return value === undefined ? {} : { value, asOf: now };
}

function snapshotOf(
  body: Bodies,
  windows: readonly RateWindow[],
  refusals: readonly Refusal[],
  clockSkewMs?: number,
): Snapshot {
  const { endpoint, compute, usage, jobs, zeroGpu, live, expiresAt } = body;
  const place = { vendor: 'aws', region: 'us-east-1' };
  const kind = { accelerator: 'gpu', instanceType: 'nvidia-l4', instanceSize: 'x1' };
  const { minReplica, maxReplica, scaleToZeroTimeout, readyReplica, targetReplica } = endpoint;
  const { numAccelerators, pricePerHour, maxAccelerators, usedAccelerators } = compute;
  const scaling = { minReplica, maxReplica, scaleToZeroTimeout };
  const item = {
    name: 'e',
    provider: place,
    compute: { ...kind, scaling },
    status: { state: 'running', readyReplica, targetReplica },
  };
  const computes = [
    {
      id: 'c',
      ...kind,
      architecture: 'NVIDIA L4',
      status: 'available',
      numAccelerators,
      pricePerHour,
      quota: { maxAccelerators, usedAccelerators },
    },
  ];
  const vendors = [{ name: 'aws', regions: [{ name: 'us-east-1', computes }] }];
  const seen = mergeLive(undefined, parseLiveUsage(live, now));
  return aSnapshot()
    .signedIn()
    .with({
      account: part(
        known(
          () =>
            parseWhoami({
              name: 'ada',
              type: 'user',
              periodEnd: expiresAt,
              auth: { type: 'access_token', accessToken: { role: 'read' }, expiresAt },
            }).account,
        ),
      ),
      credits: part(known(() => parseMonthlyUsage({ usage })) ?? seen.credits?.value),
      jobs: part(known(() => parseJobsUsage(jobs))),
      zeroGpu: part(known(() => parseZeroGpuQuota(zeroGpu)) ?? seen.zeroGpu?.value),
      gauges: part(seen.gauges?.value),
      headerWindows: windows,
      endpoints: { ada: part(known(() => parseEndpoints({ items: [item] }, 'ada').items)) },
      hardware: { ada: part(known(() => parseHardware({ vendors }, 'ada').items)) },
      refusals,
      clockSkewMs,
    })
    .build();
}

function textsOf(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap(node => [
    node.label,
    node.description ?? '',
    node.accessibilityLabel,
    node.copyValue,
    node.tooltip(),
    ...textsOf(node.children),
  ]);
}

describe('numbers, times and durations beyond every range', () => {
  it('are read, shown and printed without a throw, and no reset is further than 32 days', () => {
    fc.assert(
      fc.property(
        headers,
        words,
        bodies,
        fc.constantFrom(402, 403, 429, 503),
        fc.constantFrom('en', 'de'),
        (sent, said, body, status, locale) => {
          const skewMs = clockSkewOf(sent.date, now);
          const head: ResponseHead = {
            at: now,
            url: 'https://huggingface.co/api/x',
            status,
            headers: sent,
            clockSkewMs: skewMs,
          };
          const bodyText = JSON.stringify({ error: said });
          const windows = parseRateLimitHeaders(sent.ratelimit, sent['ratelimit-policy'], now);
          const provided = parseProviderHeaders(sent, 'groq', now);
          const refusal = classifyRefusal({ ...head, bodyText, source: 'headroom', at: now });
          const problem = problemFrom(responseError(head, bodyText), { now, random: () => 1 });
          for (const time of [
            problem.retryAt,
            problem.nextTryAt,
            refusal?.resetsAt,
            ...[...windows, ...provided].map(({ resetsAt }) => resetsAt),
          ]) {
            assert.ok(time === undefined || time - now <= 33 * dayMs, `${time}`);
          }
          const refusals = refusal ? [refusal] : [];
          const snapshot = snapshotOf(body, windows, refusals, skewMs);
          const failing = {
            ...snapshot,
            jobs: { ...snapshot.jobs, problem },
            zeroGpu: { ...snapshot.zeroGpu, problem },
          };
          const providerWindows = provided.map(window => ({ ...window, provider: 'groq' }));
          const input = viewInput(failing, { locale, providerWindows });
          const texts = [
            statusBarModel(input).text,
            statusBarModel(input).accessibilityLabel,
            hoverMarkdown(input),
            badgeModel(input)?.tooltip ?? '',
            ...textsOf(limitsView(input).roots),
            ...groupRefusals(refusals).flatMap(group => [
              refusalReport(group),
              refusalDocument(group.newest, group, input),
            ]),
          ];
          const status200 = statusJson(
            failing,
            new Map([['jobs', problem]]),
            { chosen: { kind: 'personal' } },
            now,
            { hub: windows, providers: providerWindows },
          );
          texts.push(JSON.stringify(status200), statusTable(status200, { now, width: 80, color: false }));
          for (const each of texts) assert.doesNotMatch(each, /NaN|undefined|Infinity|Invalid/);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
