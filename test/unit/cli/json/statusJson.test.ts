import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Snapshot } from '../../../../src/account/snapshot.ts';
import { type Payer, personalProfile } from '../../../../src/billing/profile.ts';
import { type StatusJson, statusJson } from '../../../../src/cli/json/statusJson.ts';
import type { RateWindow } from '../../../../src/limits/headers/rateLimit.ts';
import { hardware, nothing } from '../../view/builders.ts';
import { ada, credits, endpoint, now } from '../snapshots.ts';

function json(values: Partial<Snapshot>, at = now): StatusJson {
  return statusJson({ ...nothing, ...values }, new Map(), { chosen: personalProfile }, at);
}

/** All names of fields in a JSON value. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = Object.entries(value);
  return [
    ...(Array.isArray(value) ? [] : Object.keys(value)),
    ...fields.flatMap(([, field]) => keysOf(field)),
  ];
}

const hour = 3_600_000;
const l4 = hardware({ namespace: 'acme', used: undefined, max: undefined });

describe('statusJson:', () => {
  it('has every key, and null for unknown values', () => {
    assert.deepEqual(json({}), {
      account: { name: null, type: null, plan: null, organizations: null },
      billing: { profile: { kind: 'personal' }, standIn: null },
      credits: {
        usedNanoUsd: null,
        includedNanoUsd: null,
        chargedNanoUsd: null,
        remainingNanoUsd: null,
        limitNanoUsd: null,
        heldNanoUsd: null,
        heldUntil: null,
        requests: null,
        resetsAt: null,
        asOf: null,
        byProvider: null,
      },
      jobs: { usedNanoUsd: null, minutes: null },
      zeroGpu: { totalSeconds: null, remainingSeconds: null, resetsAt: null },
      rateWindows: null,
      providerWindows: [],
      endpoints: null,
      hardwareQuotas: null,
      refusals: [],
      errors: [],
    });
  });

  it('docs/cli.md names every key', () => {
    const window = { used: 1, remaining: 9, limit: 10, windowSeconds: 60, asOf: now } as const;
    const hub = { ...window, bucket: 'api', source: 'header' } as const;
    const standIn = { profile: personalProfile, reason: 'credits', since: now } as const;
    const snapshot: Snapshot = {
      ...nothing,
      account: { value: ada, asOf: now },
      credits: { value: credits({ byProvider: [{ provider: 'groq', nanoUsd: 1 }] }), asOf: now },
      endpoints: { ada: { value: [endpoint()], asOf: now } },
      hardware: { ada: { value: [l4], asOf: now } },
      refusals: [{ at: now, status: 429, cause: 'rate', by: 'groq', source: 'headroom', message: 'x' }],
      ledgerProblem: 'The disk is full.',
    };
    const payer: Payer = { chosen: { kind: 'provider-key', provider: 'groq' }, standIn };
    const status = statusJson(snapshot, new Map(), payer, now, {
      hub: [hub],
      providers: [{ ...hub, provider: 'groq' }],
    });
    const lists = [status.providerWindows, status.endpoints, status.hardwareQuotas, status.refusals];
    for (const list of [...lists, status.rateWindows, status.errors]) assert.equal(list?.length, 1);
    const page = readFileSync(path.join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');
    const documented = new Set(
      [...page.matchAll(/`([\w.[\]]+)`/g)].flatMap(([, name = '']) => name.split(/\W+/)),
    );
    assert.deepEqual(
      keysOf(status).filter(key => !documented.has(key)),
      [],
    );
  });

  it('billing has the profile, the stand-in and since when', () => {
    const payer: Payer = {
      chosen: { kind: 'resource-group', organization: 'acme', id: 'research' },
      standIn: { profile: { kind: 'provider-key', provider: 'groq' }, reason: 'credits', since: now },
    };
    assert.deepEqual(statusJson(nothing, new Map(), payer, now).billing, {
      profile: { kind: 'resource-group', organization: 'acme', id: 'research' },
      standIn: {
        profile: { kind: 'provider-key', provider: 'groq' },
        reason: 'credits',
        since: '2026-11-22T12:00:00.000Z',
        creditsAreBack: false,
      },
    });
  });

  it('canBill is null without a role', () => {
    const { organizations } = json({ account: { value: ada, asOf: now } }).account;
    assert.deepEqual(organizations, [
      { name: 'acme', plan: 'team', role: null, canBill: null, reason: null },
    ]);
  });

  it('an unknown plan is null', () => {
    const account = { value: { ...ada, plan: 'unknown' as const }, asOf: now };
    assert.equal(json({ account }).account.plan, null);
  });

  it('charged and remaining are null without the included credits', () => {
    const status = json({ credits: { value: credits({ usedNanoUsd: 5 }), asOf: now } });
    assert.equal(status.credits.usedNanoUsd, 5);
    assert.equal(status.credits.chargedNanoUsd, null);
    assert.equal(status.credits.remainingNanoUsd, null);
    assert.deepEqual(status.credits.byProvider, []);
  });

  it("values of last month, by the server's clock, are dropped", () => {
    const first = Date.UTC(2026, 11, 1);
    const part = { value: credits({ usedNanoUsd: 5 }), asOf: first - 1000 };
    assert.equal(json({ credits: part }, first - 500).credits.usedNanoUsd, 5);
    assert.equal(json({ credits: part }, first + 500).credits.usedNanoUsd, null);
    const jobs = { value: { usedNanoUsd: 7, minutes: 1, running: 0 }, asOf: first - 1000 };
    assert.deepEqual(json({ jobs }, first + 500).jobs, { usedNanoUsd: null, minutes: null });
    const late = json({ credits: part, clockSkewMs: -hour }, first + 500).credits;
    assert.deepEqual([late.usedNanoUsd, late.resetsAt], [5, '2026-12-01T00:00:00.000Z']);
  });

  it('the cost of Jobs comes from the bill when their own call failed', () => {
    const bill = { value: credits({ otherSpend: { jobs: 240_000_000 } }), asOf: now };
    assert.deepEqual(json({ credits: bill }).jobs, { usedNanoUsd: 240_000_000, minutes: null });
  });

  it('the ZeroGPU quota is full after a reset that came since the report', () => {
    const value = { totalSeconds: 300, remainingSeconds: 10, resetsAt: now };
    const full = { totalSeconds: 300, remainingSeconds: 300, resetsAt: null };
    assert.deepEqual(json({ zeroGpu: { value, asOf: now - hour } }, now + 1).zeroGpu, full);
    const told = json({ zeroGpu: { value, asOf: now + hour } }, now + hour).zeroGpu;
    assert.deepEqual(told, { totalSeconds: 300, remainingSeconds: 10, resetsAt: '2026-11-22T12:00:00.000Z' });
  });

  it('an ended header window and a gauge older than a window keep only the limit', () => {
    const header: RateWindow = {
      bucket: 'api',
      used: 9,
      remaining: 1,
      limit: 10,
      windowSeconds: 300,
      resetsAt: now - 1,
      asOf: now - 200_000,
      source: 'header',
    };
    const gauge: RateWindow = {
      bucket: 'pages',
      used: 3,
      remaining: 7,
      limit: 10,
      asOf: now - hour,
      source: 'gauge',
    };
    const { rateWindows } = json({
      headerWindows: [header],
      gauges: { value: { windows: [gauge] }, asOf: now - hour },
    });
    const unknown = { used: null, remaining: null, limit: 10, resetsAt: null };
    assert.deepEqual(rateWindows, [
      { bucket: 'api', ...unknown, windowSeconds: 300, source: 'header' },
      { bucket: 'pages', ...unknown, windowSeconds: null, source: 'gauge' },
    ]);
  });

  it("a gateway's newer window of the Hub replaces the gauge; providers' windows stay apart", () => {
    const api = { bucket: 'api', limit: 2_500 };
    const gauge = { ...api, used: 10, asOf: now - 20_000, source: 'gauge' } as const;
    const snapshot = { ...nothing, gauges: { value: { windows: [gauge] }, asOf: now } };
    const told = { ...api, used: 100, remaining: 2_400, resetsAt: now + 1_000, source: 'header' } as const;
    const tokens = { provider: 'groq', bucket: 'tokens', remaining: 5, limit: 9, source: 'header' } as const;
    const learned = (asOf: number) => ({
      hub: [{ ...told, asOf }],
      providers: [{ ...tokens, windowSeconds: 60, asOf, isShownOnly: true as const }],
    });
    const of = (asOf: number) =>
      statusJson(snapshot, new Map(), { chosen: personalProfile }, now, learned(asOf));
    const newer = of(now - 10_000);
    assert.deepEqual(
      newer.rateWindows?.map(({ bucket, used, source, resetsAt }) => [bucket, used, source, resetsAt]),
      [['api', 100, 'header', '2026-11-22T12:00:01.000Z']],
    );
    assert.deepEqual(newer.providerWindows, [
      {
        provider: 'groq',
        model: null,
        window: 'tokens per minute',
        shared: true,
        used: 4,
        remaining: 5,
        limit: 9,
        windowSeconds: 60,
        resetsAt: null,
        asOf: '2026-11-22T11:59:50.000Z',
      },
    ]);
    const older = of(now - 60_000);
    assert.deepEqual(
      older.rateWindows?.map(({ used, source }) => [used, source]),
      [[10, 'gauge']],
    );
    assert.deepEqual(older.providerWindows, []);
  });

  it('each bucket is listed once', () => {
    const gauge: RateWindow = {
      bucket: 'api',
      used: 12,
      remaining: 988,
      limit: 1000,
      asOf: now - 1,
      source: 'gauge',
    };
    const header: RateWindow = {
      bucket: 'api',
      used: 1,
      remaining: 999,
      limit: 1000,
      windowSeconds: 300,
      resetsAt: now + 242_000,
      asOf: now,
      source: 'header',
    };
    const { rateWindows } = json({
      gauges: { value: { windows: [gauge] }, asOf: now },
      headerWindows: [header],
    });
    assert.deepEqual(rateWindows, [
      {
        bucket: 'api',
        used: 1,
        remaining: 999,
        limit: 1000,
        windowSeconds: 300,
        resetsAt: '2026-11-22T12:04:02.000Z',
        source: 'header',
      },
    ]);
  });

  it("an endpoint without its own catalogue is priced by another namespace's", () => {
    const status = json({
      account: { value: ada, asOf: now },
      endpoints: { ada: { value: [endpoint({ readyReplicas: 2 })], asOf: now } },
      hardware: { acme: { value: [l4], asOf: now } },
    });
    assert.equal(status.endpoints?.[0]?.usdPerHour, 1.6);
    assert.deepEqual(status.hardwareQuotas, [
      { namespace: 'acme', id: l4.id, used: null, max: null, usdPerHour: 0.8 },
    ]);
  });

  it('without a price the cost is null, but a paused endpoint costs 0', () => {
    const parts = { ada: { value: [endpoint(), endpoint({ state: 'paused' })], asOf: now } };
    const told = json({ endpoints: parts }).endpoints?.map(each => [
      each.countsTowardsQuota,
      each.usdPerHour,
    ]);
    assert.deepEqual(told, [
      [true, null],
      [false, 0],
    ]);
  });

  it('resetsAt is null beyond the last date', () => {
    const { refusals } = json({
      refusals: [
        { at: now, status: 429, cause: 'rate', by: 'groq', source: 'headroom', message: 'x', resetsAt: 9e15 },
      ],
    });
    assert.equal(refusals[0]?.resetsAt, null);
  });
});
