import assert from 'node:assert/strict';
import { zeroGpuAt, zeroGpuSince } from '../../../../src/limits/account/zeroGpu.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);

describe('ZeroGPU time', () => {
  const quota = { totalSeconds: 300, remainingSeconds: 213.4, resetsAt: now, overquotaSeconds: 12 };

  it('stays as reported until the reset', () => {
    assert.deepEqual(zeroGpuAt(quota, now - 1), quota);
  });

  it('is full again from the reset on, without overquota', () => {
    assert.deepEqual(zeroGpuAt(quota, now), { totalSeconds: 300, remainingSeconds: 300, resetsAt: null });
  });

  it('stays as reported without a reset', () => {
    const untold = { totalSeconds: 300, remainingSeconds: 100 };
    assert.deepEqual(zeroGpuAt(untold, now), untold);
    const full = { totalSeconds: 2400, remainingSeconds: 2400, resetsAt: null };
    assert.deepEqual(zeroGpuAt(full, now), full);
  });

  it('has no number of runs after their own reset', () => {
    const runs = { used: 8, limit: 8, resetsAt: now };
    assert.deepEqual(zeroGpuAt({ ...quota, resetsAt: now + 1, runs }, now).runs, undefined);
    assert.deepEqual(zeroGpuAt({ ...quota, runs: { ...runs, resetsAt: now + 1 } }, now).runs?.used, 8);
  });
});

describe('zeroGpuSince', () => {
  const quota = { totalSeconds: 300, remainingSeconds: 0, resetsAt: 1_000 };

  it('is full again after a reset that lay ahead of the report', () => {
    assert.equal(zeroGpuSince(quota, 999, 1_000).remainingSeconds, 300);
  });
  it('stays as reported when the reset lay before the report', () => {
    assert.deepEqual(zeroGpuSince(quota, 1_000, 2_000), quota);
  });
  it('stays as reported before the reset', () => {
    assert.deepEqual(zeroGpuSince(quota, 0, 999), quota);
  });
});
