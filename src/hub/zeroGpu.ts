import * as v from 'valibot';
import type { ZeroGpuQuota } from '../limits/account/zeroGpu.ts';
import type { HubAccess } from './http.ts';
import { amount, check, fromIsoTime, maybe } from './schema.ts';

/**
 * `GET /api/spaces/zero-gpu/quota`.
 * @throws HubError
 */
export async function zeroGpuQuota({ http, servers, token, signal }: HubAccess): Promise<ZeroGpuQuota> {
  const url = `${servers.hubUrl}/api/spaces/zero-gpu/quota`;
  return parseZeroGpuQuota(await http.getJson(url, { token, signal }));
}

const quotaSchema = v.object({
  base: amount,
  // Seconds left, not seconds used.
  current: amount,
  resetsAt: maybe(fromIsoTime),
  overquotaUsed: maybe(amount),
  runs: maybe(v.object({ used: amount, limit: amount, resetsAt: maybe(fromIsoTime) })),
});

/** @throws HubError `format-changed` */
export function parseZeroGpuQuota(body: unknown): ZeroGpuQuota {
  const { base, current, resetsAt, overquotaUsed, runs } = check(quotaSchema, body);
  return {
    totalSeconds: base,
    remainingSeconds: current,
    resetsAt: resetsAt ?? null,
    overquotaSeconds: overquotaUsed,
    runs: runs && { used: runs.used, limit: runs.limit, resetsAt: runs.resetsAt ?? null },
  };
}
