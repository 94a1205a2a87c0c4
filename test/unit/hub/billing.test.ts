import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJobsUsage, parseMonthlyUsage } from '../../../src/hub/billing.ts';
import { malformedAmounts, throwsHubError } from './hubErrors.ts';

const inferenceProviders = {
  usedNanoUsd: 1234567890,
  includedNanoUsd: 2000000000,
  limitNanoUsd: 0,
  numRequests: 412,
  periodStart: '2026-10-01T00:00:00.000Z',
  periodEnd: '2026-10-14T09:30:00.000Z',
  providerDetails: [
    { provider: 'novita', numRequests: 400, totalCostNanoUsd: 1200000000 },
    { provider: 'groq', numRequests: 12, totalCostNanoUsd: 34567890, duration: 7 },
  ],
};

describe('usage-v2', () => {
  it('reads nano-USD, micro-USD and cents into nano-USD', () => {
    const usage = {
      inferenceProviders,
      jobs: { usedMicroUsd: 240000, totalMinutes: 36 },
      privateStorage: { amountDueCents: 125 },
      Spaces: [{ totalCostMicroUSD: 1500 }, { totalCostMicroUSD: 500 }],
      Endpoints: [],
    };
    assert.deepEqual(parseMonthlyUsage({ usage }), {
      usedNanoUsd: 1234567890,
      includedNanoUsd: 2000000000,
      limitNanoUsd: undefined,
      requests: 412,
      byProvider: [
        { provider: 'novita', nanoUsd: 1200000000, requests: 400 },
        { provider: 'groq', nanoUsd: 34567890, requests: 12 },
      ],
      otherSpend: { jobs: 240_000_000, spaces: 2_000_000, endpoints: 0, privateStorage: 1_250_000_000 },
    });
  });

  it('accepts any capitalization of categories', () => {
    const usage = { InferenceProviders: inferenceProviders, Jobs: { usedMicroUsd: 1 }, spaces: [] };
    const credits = parseMonthlyUsage({ usage });
    assert.equal(credits.usedNanoUsd, 1234567890);
    assert.equal(credits.otherSpend.jobs, 1000);
    assert.equal(credits.otherSpend.spaces, 0);
  });

  it('reads a month without the inference category as 0 used', () => {
    assert.deepEqual(parseMonthlyUsage({ usage: {} }), {
      usedNanoUsd: 0,
      byProvider: [],
      otherSpend: { jobs: undefined, spaces: undefined, endpoints: undefined, privateStorage: undefined },
    });
  });

  it('rejects a renamed inference category with format-changed', () => {
    const usage = { inferenceRouter: inferenceProviders };
    throwsHubError(() => parseMonthlyUsage({ usage }), 'format-changed', 'usage.inferenceRouter');
  });

  it('leaves missing fields undefined', () => {
    const credits = parseMonthlyUsage({
      usage: { inferenceProviders: { usedNanoUsd: 5, limitNanoUsd: null } },
    });
    assert.equal(credits.includedNanoUsd, undefined);
    assert.equal(credits.limitNanoUsd, undefined);
    assert.equal(credits.requests, undefined);
    assert.deepEqual(credits.byProvider, []);
  });

  it('leaves the spend of a category undefined when an item has no cost', () => {
    const credits = parseMonthlyUsage({ usage: { Spaces: [{ price: 5 }], jobs: { totalMinutes: 3 } } });
    assert.equal(credits.otherSpend.spaces, undefined);
    assert.equal(credits.otherSpend.jobs, undefined);
  });

  it('rounds fractions of a nano-USD', () => {
    const usage = { inferenceProviders: { usedNanoUsd: 10.6 }, jobs: { usedMicroUsd: 0.0004 } };
    assert.equal(parseMonthlyUsage({ usage }).usedNanoUsd, 11);
    assert.equal(parseMonthlyUsage({ usage }).otherSpend.jobs, 0);
  });

  const at: [string, (value: unknown) => object][] = [
    ['usage.inferenceProviders.usedNanoUsd', value => ({ inferenceProviders: { usedNanoUsd: value } })],
    [
      'usage.inferenceProviders.includedNanoUsd',
      value => ({ inferenceProviders: { ...inferenceProviders, includedNanoUsd: value } }),
    ],
    [
      'usage.inferenceProviders.limitNanoUsd',
      value => ({ inferenceProviders: { ...inferenceProviders, limitNanoUsd: value } }),
    ],
    [
      'usage.inferenceProviders.providerDetails.0.totalCostNanoUsd',
      value => ({
        inferenceProviders: {
          ...inferenceProviders,
          providerDetails: [{ provider: 'groq', totalCostNanoUsd: value }],
        },
      }),
    ],
    ['usage.jobs.usedMicroUsd', value => ({ jobs: { usedMicroUsd: value } })],
    ['usage.privateStorage.amountDueCents', value => ({ privateStorage: { amountDueCents: value } })],
    [
      'usage.Spaces.1.totalCostMicroUSD',
      value => ({ Spaces: [{ totalCostMicroUSD: 1 }, { totalCostMicroUSD: value }] }),
    ],
  ];
  for (const [field, usageWith] of at) {
    it(`never turns a malformed amount into 0: ${field}`, () => {
      for (const value of malformedAmounts) {
        throwsHubError(() => parseMonthlyUsage({ usage: usageWith(value) }), 'format-changed', field);
      }
    });
  }

  it('rejects an amount beyond exact integers', () => {
    for (const [field, usageWith] of at) {
      throwsHubError(() => parseMonthlyUsage({ usage: usageWith(1e300) }), 'format-changed', field);
    }
  });

  it('names a missing required amount', () => {
    const field = 'usage.inferenceProviders.usedNanoUsd';
    for (const inference of [{}, { usedNanoUsd: null }, []]) {
      const usage = { inferenceProviders: inference };
      throwsHubError(() => parseMonthlyUsage({ usage }), 'format-changed', field);
    }
  });

  it('rejects a body without usage or with another type of it', () => {
    for (const usage of [undefined, null, [], 'none', 0]) {
      throwsHubError(() => parseMonthlyUsage({ usage }), 'format-changed', 'usage');
    }
    throwsHubError(() => parseMonthlyUsage({ usage: { jobs: 'none' } }), 'format-changed', 'usage.jobs');
  });

  it('reads any JSON or fails with format-changed and a field', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (providers, jobs) => {
        try {
          const { usedNanoUsd } = parseMonthlyUsage({ usage: { inferenceProviders: providers, jobs } });
          assert.ok(Number.isInteger(usedNanoUsd) && usedNanoUsd >= 0);
        } catch (error) {
          assert.match(String(error), /^HubError: response format changed: usage\./);
        }
      }),
    );
  });
});

describe('jobs usage', () => {
  const usage = {
    usedMicroUsd: 413333,
    totalMinutes: 31,
    jobDetails: [
      { jobId: 'a', completedAt: '2026-10-02T08:31:00.000Z' },
      { jobId: 'b' },
      { completedAt: null },
    ],
  };

  it('reads the spend and counts the jobs that have not completed', () => {
    assert.deepEqual(parseJobsUsage({ hasAccess: true, usage }), {
      usedNanoUsd: 413_333_000,
      minutes: 31,
      running: 2,
    });
  });

  it('is 0 for an account without access to Jobs', () => {
    assert.deepEqual(parseJobsUsage({ hasAccess: false }), {
      usedNanoUsd: 0,
      minutes: 0,
      running: 0,
    });
  });

  it('names a field of another type', () => {
    throwsHubError(() => parseJobsUsage({ usage }), 'format-changed', 'hasAccess');
    throwsHubError(() => parseJobsUsage({ hasAccess: true }), 'format-changed', 'usage');
    for (const value of malformedAmounts) {
      throwsHubError(
        () => parseJobsUsage({ hasAccess: true, usage: { ...usage, usedMicroUsd: value } }),
        'format-changed',
        'usage.usedMicroUsd',
      );
    }
  });
});
