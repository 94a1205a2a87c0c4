/** Daily ZeroGPU time, `GET /api/spaces/zero-gpu/quota`. */
export interface ZeroGpuQuota {
  readonly totalSeconds: number;
  readonly remainingSeconds: number;
  /** Epoch ms; null: no window is running and the quota is full; undefined: not told. */
  readonly resetsAt?: number | null;
  /** Paid seconds beyond the quota. */
  readonly overquotaSeconds?: number;
  /** Free accounts also have a number of runs. */
  readonly runs?: { readonly used: number; readonly limit: number; readonly resetsAt: number | null };
}

/**
 * The quota as it stands at `now`: full again after its reset, which HF sets 24 h after the first use. Runs
 * are counted over rolling 24 h, so after their reset how many are used is not known.
 */
export function zeroGpuAt(quota: ZeroGpuQuota, now: number): ZeroGpuQuota {
  const { runs, ...time } = quota;
  const runsNow = runs && (runs.resetsAt === null || runs.resetsAt > now) ? { runs } : {};
  if (typeof time.resetsAt !== 'number' || time.resetsAt > now) return { ...time, ...runsNow };
  return {
    totalSeconds: time.totalSeconds,
    remainingSeconds: time.totalSeconds,
    resetsAt: null,
    ...runsNow,
  };
}

/**
 * The same for a quota that was told at `toldAt`: only a reset that lay ahead then can have come meanwhile. HF's
 * clock sets the reset, so both times are by that clock.
 */
export function zeroGpuSince(quota: ZeroGpuQuota, toldAt: number, now: number): ZeroGpuQuota {
  const ahead = typeof quota.resetsAt === 'number' && quota.resetsAt > toldAt;
  return ahead ? zeroGpuAt(quota, now) : quota;
}
