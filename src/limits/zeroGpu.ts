/** Daily ZeroGPU time, `GET /api/spaces/zero-gpu/quota`. */
export interface ZeroGpuQuota {
  readonly totalSeconds: number;
  readonly remainingSeconds: number;
  /** Epoch ms; null: no window is running and the quota is full. */
  readonly resetsAt: number | null;
  /** Paid seconds beyond the quota. */
  readonly overquotaSeconds?: number;
  /** Free accounts also have a number of runs. */
  readonly runs?: { readonly used: number; readonly limit: number; readonly resetsAt: number | null };
}
