import * as v from 'valibot';
import type { RateWindow } from '../limits/headers/rateLimit.ts';
import type { HubError } from './hubError.ts';
import { inferenceSchema, toCredits } from './inferenceUsage.ts';
import type { LiveUsage } from './liveUsage.ts';
import { amount, anyObject, check, collect, fromMicroUsd, maybe } from './schema.ts';

const gaugeSchema = v.object({ used: amount, limit: amount });
// A yes-or-no was reported for `blockedPastWeek`: only a number is a count.
const rateLimitsSchema = v.object({
  instant: maybe(anyObject),
  blockedPastWeek: maybe(v.union([amount, v.boolean()])),
});

/** Reads each part apart from all others. */
export function parseLiveUsage(
  parts: Readonly<Record<string, unknown>>,
  asOf: number,
  earlier: readonly HubError[] = [],
): LiveUsage {
  const problems = [...earlier];
  const part = <S extends v.GenericSchema>(name: string, schema: S): v.InferOutput<S> | undefined => {
    const value = parts[name] ?? undefined;
    return value === undefined ? undefined : collect(problems, () => check(schema, value, name));
  };
  const inference = part('inference', inferenceSchema);
  const zeroGpu = part('zeroGpu', v.object({ base: amount, current: amount }));
  const jobs = part('jobs', v.object({ usedMicroUsd: fromMicroUsd }))?.usedMicroUsd;
  const rateLimits = part('rateLimits', rateLimitsSchema);
  const { blockedPastWeek } = rateLimits ?? {};
  const instant = rateLimits?.instant;
  return {
    credits: inference && toCredits(inference, jobs === undefined ? {} : { jobs }),
    zeroGpu: zeroGpu && { totalSeconds: zeroGpu.base, remainingSeconds: zeroGpu.current },
    jobsUsedNanoUsd: jobs,
    windows: instant && readGauges(instant, asOf, problems),
    blockedPastWeek: typeof blockedPastWeek === 'number' ? blockedPastWeek : undefined,
    asOf,
    problems,
  };
}

function readGauges(instant: Record<string, unknown>, asOf: number, problems: HubError[]): RateWindow[] {
  return Object.entries(instant).flatMap(([bucket, value]) => {
    const gauge = collect(problems, () => check(gaugeSchema, value, `rateLimits.instant.${bucket}`));
    if (!gauge) return [];
    const { used, limit } = gauge;
    return [{ bucket, used, limit, remaining: Math.max(0, limit - used), asOf, source: 'gauge' as const }];
  });
}
