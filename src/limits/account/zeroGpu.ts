/** Daily ZeroGPU time, `GET /api/spaces/zero-gpu/quota`. */
export interface ZeroGpuQuota {
  readonly totalSeconds: number;
  readonly remainingSeconds: number;
  /** Epoch ms; null: no window runs and the quota is full; undefined: not known. */
  readonly resetsAt?: number | null;
  /** Paid seconds beyond the quota. */
  readonly overquotaSeconds?: number;
  /** Free accounts have a limited number of runs, too. */
  readonly runs?: { readonly used: number; readonly limit: number; readonly resetsAt: number | null };
}

/**
 * The quota at `now`: full again after its reset, which HF sets 24 h after the first use. HF counts runs over
 * rolling 24 h, so after their reset their number is not known.
 */
export function zeroGpuAt(quota: ZeroGpuQuota, now: number): ZeroGpuQuota {
  const { runs, ...time } = quota;
  const runsNow = runs && (runs.resetsAt === null || runs.resetsAt > now) ? { runs } : {};
  if (typeof time.resetsAt !== 'number' || time.resetsAt > now) return { ...time, ...runsNow };
  const { totalSeconds } = time;
  return { totalSeconds, remainingSeconds: totalSeconds, resetsAt: null, ...runsNow };
}

/**
 * The same for a quota as of `asOf`: only a reset that lay ahead then can have come since. All times are by
 * HF's clock, which sets the reset.
 */
export function zeroGpuSince(quota: ZeroGpuQuota, asOf: number, now: number): ZeroGpuQuota {
  const ahead = typeof quota.resetsAt === 'number' && quota.resetsAt > asOf;
  return ahead ? zeroGpuAt(quota, now) : quota;
}
