import assert from 'node:assert/strict';
import { parseLiveUsage } from '../../../src/hub/liveUsage.ts';

const parts = {
  inference: {
    usedNanoUsd: 60000000,
    numRequests: 7,
    includedNanoUsd: 100000000,
    limitNanoUsd: 100000000,
    providerDetails: [],
  },
  zeroGpu: { base: 300, current: 213.4 },
  jobs: { usedMicroUsd: 3 },
  rateLimits: {
    instant: { api: { used: 12, limit: 1000 }, sensitive: { used: 51, limit: 50 } },
    blockedPastWeek: 2,
  },
};

describe('event of live usage', () => {
  it('reads every part', () => {
    assert.deepEqual(parseLiveUsage(parts, 99), {
      credits: {
        usedNanoUsd: 60000000,
        includedNanoUsd: 100000000,
        limitNanoUsd: 100000000,
        requests: 7,
        byProvider: [],
        otherSpend: { jobs: 3000 },
      },
      zeroGpu: { totalSeconds: 300, remainingSeconds: 213.4 },
      windows: [
        { bucket: 'api', used: 12, limit: 1000, remaining: 988, asOf: 99, source: 'gauge' },
        { bucket: 'sensitive', used: 51, limit: 50, remaining: 0, asOf: 99, source: 'gauge' },
      ],
      blockedPastWeek: 2,
      asOf: 99,
      problems: [],
    });
  });

  it('leaves missing parts undefined', () => {
    assert.deepEqual(parseLiveUsage({ zeroGpu: null }, 99), {
      credits: undefined,
      zeroGpu: undefined,
      windows: undefined,
      blockedPastWeek: undefined,
      asOf: 99,
      problems: [],
    });
  });

  it('reports each malformed part and keeps the others', () => {
    const live = parseLiveUsage(
      {
        inference: { usedNanoUsd: '6' },
        zeroGpu: parts.zeroGpu,
        jobs: [],
        rateLimits: { instant: { api: { used: 'many', limit: 5 }, pages: { used: 1, limit: 200 } } },
      },
      99,
    );
    assert.equal(live.credits, undefined);
    assert.equal(live.zeroGpu?.totalSeconds, 300);
    assert.deepEqual(
      live.windows?.map(({ bucket }) => bucket),
      ['pages'],
    );
    assert.deepEqual(
      live.problems.map(({ details }) => details.field),
      ['inference.usedNanoUsd', 'jobs.usedMicroUsd', 'rateLimits.instant.api.used'],
    );
  });

  it('takes no boolean as blockedPastWeek', () => {
    const live = parseLiveUsage({ rateLimits: { blockedPastWeek: true } }, 99);
    assert.equal(live.blockedPastWeek, undefined);
    assert.deepEqual(live.problems, []);
  });
});
