import assert from 'node:assert/strict';
import { parseZeroGpuQuota } from '../../../src/hub/zeroGpu.ts';
import { malformedAmounts, throwsHubError } from './hubErrors.ts';

const quota = {
  base: 300,
  current: 213.4,
  resetsAt: '2026-10-15T08:12:44.000Z',
  overquotaUsed: 0,
  runs: { used: 2, limit: 8, remaining: 6, resetsAt: null },
};

describe('ZeroGPU quota', () => {
  it('reads seconds, runs and resets', () => {
    assert.deepEqual(parseZeroGpuQuota(quota), {
      totalSeconds: 300,
      remainingSeconds: 213.4,
      resetsAt: Date.UTC(2026, 9, 15, 8, 12, 44),
      overquotaSeconds: 0,
      runs: { used: 2, limit: 8, resetsAt: null },
    });
  });

  it('has no reset while no window runs, and no runs on a paid plan', () => {
    assert.deepEqual(parseZeroGpuQuota({ base: 2400, current: 2400, resetsAt: null }), {
      totalSeconds: 2400,
      remainingSeconds: 2400,
      resetsAt: null,
      overquotaSeconds: undefined,
      runs: undefined,
    });
  });

  it('never turns malformed seconds into 0', () => {
    for (const value of [...malformedAmounts, undefined, null]) {
      throwsHubError(() => parseZeroGpuQuota({ ...quota, current: value }), 'format-changed', 'current');
    }
    for (const value of malformedAmounts) {
      throwsHubError(
        () => parseZeroGpuQuota({ ...quota, overquotaUsed: value }),
        'format-changed',
        'overquotaUsed',
      );
    }
  });

  it('rejects a malformed time', () => {
    throwsHubError(() => parseZeroGpuQuota({ ...quota, resetsAt: 'later' }), 'format-changed', 'resetsAt');
    throwsHubError(() => parseZeroGpuQuota({ ...quota, resetsAt: 5 }), 'format-changed', 'resetsAt');
  });
});
