import assert from 'node:assert/strict';
import type { StatusJson } from '../../src/cli/json/statusJson.ts';
import { nextMonthStart } from '../../src/limits/account/credits.ts';
import { onlyComments, type PlainAnswer, partialEvent, plainToken, startPlainHub } from './plainHub.ts';
import { filesWith, runCli, temporaryFolder } from './runCli.ts';

interface StatusRun {
  readonly status: StatusJson;
  readonly code: number | null;
  readonly stderr: string;
  readonly paths: readonly string[];
  readonly before: number;
  readonly after: number;
}

async function runStatus(options: Parameters<typeof startPlainHub>[0] = {}): Promise<StatusRun> {
  const hub = await startPlainHub(options);
  const { folder, clean } = temporaryFolder();
  try {
    const before = Date.now();
    const { code, stdout, stderr } = await runCli(['status', '--json', '--state', folder], {
      environment: hub.environment,
      home: folder,
    });
    assert.deepEqual(filesWith(folder, plainToken), []);
    assert.ok(!`${stdout}${stderr}`.includes(plainToken));
    return { status: JSON.parse(stdout), code, stderr, paths: hub.paths(), before, after: Date.now() };
  } finally {
    clean();
    await hub.close();
  }
}

const usagePath = '/api/settings/billing/usage-v2';

async function withAnswer(path: string, answer: PlainAnswer): Promise<StatusRun> {
  return await runStatus({ answers: { [path]: answer } });
}

describe("headroom status --json with the documented examples of HF's API:", function () {
  this.timeout(40_000);

  it('every field of the contract', async () => {
    const { status, code, stderr, paths, before, after } = await runStatus();
    const { rateWindows, credits, ...rest } = status;
    assert.deepEqual(rest, {
      account: {
        name: 'ada',
        type: 'user',
        plan: 'pro',
        organizations: [{ name: 'acme', plan: 'team', role: 'write', canBill: true, reason: null }],
      },
      billing: { profile: { kind: 'personal' }, standIn: null },
      jobs: { usedNanoUsd: 413_333_000, minutes: 31 },
      zeroGpu: { totalSeconds: 300, remainingSeconds: 213.4, resetsAt: '2026-10-15T08:12:44.000Z' },
      endpoints: [
        {
          namespace: 'acme',
          name: 'my-ep',
          state: 'running',
          countsTowardsQuota: true,
          readyReplicas: 1,
          targetReplicas: 1,
          instance: 'nvidia-l4 x1',
          usdPerHour: 0.8,
        },
      ],
      hardwareQuotas: [
        { namespace: 'ada', id: 'aws-us-east-1-nvidia-l4-x1', used: 0, max: 2, usdPerHour: 0.8 },
        { namespace: 'ada', id: 'aws-us-east-1-nvidia-l4-x4', used: null, max: null, usdPerHour: 3.8 },
        { namespace: 'acme', id: 'aws-us-east-1-nvidia-l4-x1', used: 1, max: 2, usdPerHour: 0.8 },
        { namespace: 'acme', id: 'aws-us-east-1-nvidia-l4-x4', used: null, max: null, usdPerHour: 3.8 },
      ],
      providerWindows: [],
      refusals: [],
      errors: [],
    });
    const { asOf, ...amounts } = credits;
    assert.deepEqual(amounts, {
      usedNanoUsd: 1_234_567_890,
      includedNanoUsd: 2_000_000_000,
      chargedNanoUsd: 0,
      remainingNanoUsd: 765_432_110,
      limitNanoUsd: null,
      heldNanoUsd: null,
      heldUntil: null,
      requests: 412,
      resetsAt: new Date(nextMonthStart(after)).toISOString(),
      byProvider: [
        { provider: 'novita', nanoUsd: 1_200_000_000, requests: 400 },
        { provider: 'groq', nanoUsd: 34_567_890, requests: 12 },
      ],
    });
    assert.ok(Date.parse(asOf ?? '') >= before && Date.parse(asOf ?? '') <= after);
    assert.deepEqual(
      rateWindows?.map(({ bucket, limit, windowSeconds }) => ({ bucket, limit, windowSeconds })),
      [
        { bucket: 'api', limit: 1000, windowSeconds: 300 },
        { bucket: 'novelty', limit: 9, windowSeconds: null },
        { bucket: 'sensitive', limit: 50, windowSeconds: null },
      ],
    );
    const [api, , sensitive] = rateWindows ?? [];
    // the gauge says 12 used, the headers 999 left: the later report counts
    assert.deepEqual(
      api?.source === 'gauge' ? [api.used, api.remaining] : [api?.used, api?.remaining],
      api?.source === 'gauge' ? [12, 988] : [1, 999],
    );
    const resetsAt = Date.parse(api?.resetsAt ?? '');
    assert.ok(resetsAt >= before + 242_000 && resetsAt <= after + 242_000);
    assert.deepEqual(sensitive, {
      bucket: 'sensitive',
      used: 1,
      remaining: 49,
      limit: 50,
      windowSeconds: null,
      resetsAt: null,
      source: 'gauge',
    });
    assert.equal(code, 0);
    assert.match(stderr, /^headroom: Servers other than Hugging Face's: .*\n$/);
    assert.equal(paths.filter(path => path === '/api/whoami-v2').length, 1);
    const dates = new URL(paths.find(path => path.startsWith(usagePath)) ?? '', 'http://hub').searchParams;
    for (const name of ['startDate', 'endDate']) assert.match(dates.get(name) ?? '', /^\d{10}$/);
  });

  it('beyond the included credits: charged, 0 remaining', async () => {
    const inferenceProviders = {
      usedNanoUsd: 2_500_000_001,
      includedNanoUsd: 2_000_000_000,
      limitNanoUsd: 9_000_000_000,
    };
    const { status } = await withAnswer(usagePath, { body: { usage: { inferenceProviders } } });
    assert.equal(status.credits.chargedNanoUsd, 500_000_001);
    assert.equal(status.credits.remainingNanoUsd, 0);
    assert.equal(status.credits.limitNanoUsd, 9_000_000_000);
    assert.equal(status.credits.requests, null);
    assert.deepEqual(status.credits.byProvider, []);
  });

  it("a changed field is named, and the live stream's value is used", async () => {
    const inferenceProviders = { usedNanoUsd: 'lots', includedNanoUsd: 2_000_000_000 };
    const { status, code } = await withAnswer(usagePath, { body: { usage: { inferenceProviders } } });
    assert.deepEqual(status.errors, [
      { part: 'credits', message: 'response format changed: usage.inferenceProviders.usedNanoUsd.' },
    ]);
    assert.equal(status.credits.usedNanoUsd, 60_000_000);
    assert.equal(code, 0);
  });

  it('missing organizations, optional fields and one namespace leave the rest', async () => {
    const { status, code } = await runStatus({
      answers: {
        '/api/whoami-v2': { body: { type: 'user', id: '1', name: 'ada' } },
        '/api/spaces/zero-gpu/quota': { body: { base: 2400, current: 2400, resetsAt: null } },
        '/v2/endpoint/ada': { status: 401, body: { error: 'No access' } },
      },
    });
    assert.deepEqual(status.account, { name: 'ada', type: 'user', plan: null, organizations: [] });
    assert.deepEqual(status.zeroGpu, { totalSeconds: 2400, remainingSeconds: 2400, resetsAt: null });
    assert.equal(status.endpoints, null);
    assert.equal(status.hardwareQuotas?.length, 2);
    assert.deepEqual(
      status.errors.map(({ part }) => part),
      ['endpoints/ada'],
    );
    assert.equal(code, 0);
  });

  it("its own 429 is listed, with the server's message", async () => {
    const words =
      'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user';
    const { status } = await withAnswer('/api/spaces/zero-gpu/quota', {
      status: 429,
      body: { error: words },
    });
    assert.equal(status.refusals.length, 1);
    const [refusal] = status.refusals;
    assert.deepEqual(
      { ...refusal, at: '', lastAt: '' },
      {
        at: '',
        lastAt: '',
        count: 1,
        status: 429,
        cause: 'rate',
        by: 'huggingface',
        scope: 'api',
        resetsAt: null,
        billedTo: null,
        model: null,
        source: 'headroom',
        message: words,
      },
    );
    assert.equal(status.errors[0]?.part, 'zeroGpu');
    assert.match(status.errors[0]?.message ?? '', /hit the quota of 1000 api requests/);
  });

  it('without whoami the rest is shown, with an error', async () => {
    const { status, code } = await withAnswer('/api/whoami-v2', {
      status: 500,
      body: { error: 'Internal Error' },
    });
    assert.deepEqual(status.account, { name: null, type: null, plan: null, organizations: null });
    assert.equal(status.credits.usedNanoUsd, 1_234_567_890);
    assert.equal(status.endpoints, null);
    assert.deepEqual(
      status.errors.map(({ part }) => part),
      ['account'],
    );
    assert.equal(code, 0);
  });

  it('a live stream that stays partial or silent ends before the suite’s timeout', async () => {
    const [partial, silent] = await Promise.all([
      runStatus({ events: partialEvent }),
      runStatus({ events: onlyComments }),
    ]);
    for (const { status, code } of [partial, silent]) {
      assert.equal(code, 0);
      assert.equal(status.credits.usedNanoUsd, 1_234_567_890);
      assert.deepEqual(
        status.rateWindows?.map(({ bucket, used, remaining, source }) => ({
          bucket,
          used,
          remaining,
          source,
        })),
        [{ bucket: 'api', used: 1, remaining: 999, source: 'header' }],
      );
    }
    assert.deepEqual(partial.status.errors, []);
    assert.deepEqual(
      silent.status.errors.map(({ part }) => part),
      ['rateWindows'],
    );
  });
});
