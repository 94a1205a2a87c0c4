import { iso } from '../clock.ts';
import type { Exchange } from '../http/exchange.ts';
import { invalidCredentials, isAccount } from '../identity.ts';
import { freeUser } from '../scenarioAccounts.ts';
import type { User, ZeroGpu } from '../state.ts';

const dayMs = 24 * 3_600_000;

/** The quota resets exactly 24 h after the first use, not at midnight. */
function current({ firstUseAt, ...zeroGpu }: ZeroGpu, now: number): ZeroGpu {
  if (firstUseAt !== undefined && now < firstUseAt + dayMs) return { ...zeroGpu, firstUseAt };
  return {
    ...zeroGpu,
    usedSeconds: 0,
    overquotaUsed: 0,
    ...(zeroGpu.runs && { runs: { ...zeroGpu.runs, used: 0 } }),
  };
}

export function remainingSeconds(user: User, now: number): number {
  const { baseSeconds, usedSeconds } = current(user.zeroGpu, now);
  return Math.max(0, Math.round((baseSeconds - usedSeconds) * 10) / 10);
}

/** GET /api/spaces/zero-gpu/quota: `current` is the remaining seconds. */
export function zeroGpuQuota({ world, identity, reply }: Exchange) {
  if (!isAccount(identity)) return reply.error(401, invalidCredentials);
  const user = identity.kind === 'user' ? identity.user : freeUser(identity.org.id, identity.org.fullname);
  const now = world.clock.now();
  const { baseSeconds, firstUseAt, overquotaUsed, runs } = current(user.zeroGpu, now);
  const resetsAt = firstUseAt === undefined ? null : iso(firstUseAt + dayMs + world.clock.skewMs);
  reply.json(200, {
    base: baseSeconds,
    current: remainingSeconds(user, now),
    resetsAt,
    overquotaUsed,
    ...(runs && { runs: { ...runs, remaining: runs.limit - runs.used, resetsAt } }),
  });
}
