import assert from 'node:assert/strict';
import { composeSnapshot, problemsOf } from '../../../src/account/composeSnapshot.ts';
import type { LiveReading } from '../../../src/account/liveReading.ts';
import { mergeLive } from '../../../src/account/liveReading.ts';
import { Readings } from '../../../src/account/readings.ts';
import type { Part, Problem } from '../../../src/account/snapshot.ts';
import { TemporaryLedger } from '../ledger/temporaryLedger.ts';
import { account, credits, fixedNow, gauge, hourMs, minuteMs, organization, usd } from '../view/builders.ts';

const session = {
  id: 'environment:HF_TOKEN',
  label: 'HF_TOKEN',
  source: { kind: 'environment', variable: 'HF_TOKEN' },
} as const;

function failure(since: number, change: Partial<Problem> = {}): Problem {
  return {
    kind: 'server-error',
    message: 'GET … answered 503',
    since,
    at: since,
    failures: 1,
    nextTryAt: since + minuteMs,
    ...change,
  };
}

describe('snapshot', () => {
  let temporary: TemporaryLedger;
  let readings: Readings;
  beforeEach(() => {
    temporary = new TemporaryLedger();
    readings = new Readings(temporary.open(), 'ada', { debug() {}, info() {}, warn() {}, error() {} });
  });
  afterEach(() => temporary.clear());

  const compose = () => composeSnapshot(readings, { session, refusals: [], accepted: [], spend: [] });
  const put = (parts: Record<string, Part<unknown>>) => {
    for (const [name, part] of Object.entries(parts)) readings.put(name, part);
  };
  /** The stream's credits at a time. */
  const streamed = (
    asOf: number,
    usedNanoUsd: number,
    change: Partial<LiveReading> = {},
  ): Part<LiveReading> => ({
    value: {
      asOf,
      credits: { asOf, value: { usedNanoUsd, byProvider: [], otherSpend: { jobs: 7 } } },
      ...change,
    },
    asOf,
  });

  it('has parts without values before any reading', () => {
    const { account: read, credits: bill, endpoints, headerWindows } = compose();
    assert.deepEqual([read, bill, endpoints, headerWindows], [{}, {}, {}, []]);
  });

  it('prefers the bill to the live stream of the same round', () => {
    put({ usage: { value: credits(), asOf: fixedNow }, live: streamed(fixedNow + 15_000, usd(9)) });
    assert.equal(compose().credits.value?.usedNanoUsd, usd(1.02));
  });

  it('takes the live stream when it is newer by a round, completed from the bill', () => {
    put({
      usage: {
        value: credits({ otherSpend: { endpoints: 5, jobs: 6 } }),
        asOf: fixedNow - hourMs,
        problem: failure(fixedNow - minuteMs),
      },
      live: streamed(fixedNow, usd(1.5)),
    });
    assert.deepEqual(compose().credits, {
      value: {
        ...credits(),
        limitNanoUsd: undefined,
        usedNanoUsd: usd(1.5),
        otherSpend: { endpoints: 5, jobs: 7 },
      },
      asOf: fixedNow,
      problem: undefined,
    });
  });

  it("takes nothing of last month's bill into this month", () => {
    const november = Date.UTC(2025, 10, 1);
    put({
      usage: { value: credits(), asOf: november - 5 * minuteMs },
      live: streamed(november + 5 * minuteMs, usd(0.01)),
    });
    assert.deepEqual(compose().credits.value?.byProvider, []);
    put({ 'clock-skew': { value: -hourMs, asOf: november } });
    assert.equal(compose().credits.value?.byProvider.length, 2, 'the month has not turned at HF');
  });

  it("has the bill's problem as soon as the stream fails too", () => {
    const bill = {
      value: credits(),
      asOf: fixedNow - 2 * hourMs,
      problem: failure(fixedNow - 2 * hourMs + minuteMs),
    };
    put({ usage: bill, live: streamed(fixedNow - hourMs, usd(1.5)) });
    assert.equal(compose().credits.problem, undefined);
    put({
      live: { ...streamed(fixedNow - hourMs, usd(1.5)), problem: failure(fixedNow, { kind: 'timeout' }) },
    });
    assert.equal(compose().credits.problem, bill.problem);
    assert.equal(compose().credits.asOf, fixedNow - hourMs);
  });

  it('keeps the reset of ZeroGPU, which the stream lacks, until it has passed', () => {
    const quota = {
      totalSeconds: 2400,
      remainingSeconds: 900,
      resetsAt: fixedNow + minuteMs,
      overquotaSeconds: 0,
    };
    const zeroGpu = (asOf: number) => ({ asOf, value: { totalSeconds: 2400, remainingSeconds: 300 } });
    put({
      'zero-gpu': { value: quota, asOf: fixedNow - hourMs },
      live: streamed(fixedNow, 0, { zeroGpu: zeroGpu(fixedNow) }),
    });
    assert.deepEqual(compose().zeroGpu.value, { ...quota, remainingSeconds: 300 });
    put({ live: streamed(fixedNow + hourMs, 0, { zeroGpu: zeroGpu(fixedNow + hourMs) }) });
    assert.equal(compose().zeroGpu.value?.resetsAt, undefined);
  });

  it('keeps gauges that the last look at the stream lacked, with their own age', () => {
    const windows = [gauge('api', 12, 1000)];
    const first = mergeLive(undefined, { asOf: fixedNow - hourMs, windows, problems: [] });
    const second = mergeLive(first, { asOf: fixedNow, credits: credits(), problems: [] });
    put({ live: { value: second, asOf: fixedNow } });
    const { gauges, credits: streamed } = compose();
    assert.deepEqual(gauges.value?.windows, windows);
    assert.equal(gauges.asOf, fixedNow - hourMs);
    assert.equal(streamed.asOf, fixedNow);
  });

  it("has only the account's namespaces, and only those that the token may read", () => {
    const part = { value: [], asOf: fixedNow };
    const denied = { problem: failure(fixedNow, { kind: 'missing-permission' }) };
    put({
      whoami: {
        value: account({ organizations: [organization('acme'), organization('club')] }),
        asOf: fixedNow,
      },
      'endpoints/ada': denied,
      'endpoints/acme': part,
      'endpoints/club': denied,
      'endpoints/left': part,
      'hardware/left': { problem: failure(fixedNow) },
      'organization-usage/left': part,
    });
    const { endpoints, hardware, organizationCredits } = compose();
    assert.deepEqual(Object.keys(endpoints), ['ada', 'acme']);
    assert.deepEqual([hardware, organizationCredits], [{}, {}]);
    assert.ok(!problemsOf(readings).has('hardware/left'));
    assert.deepEqual([...problemsOf(readings).keys()], ['endpoints/ada'], 'no problem of the club’s');
  });
});
