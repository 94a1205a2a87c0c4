import { createParser } from 'eventsource-parser';
import * as v from 'valibot';
import type { Credits } from '../limits/account/credits.ts';
import type { RateWindow } from '../limits/headers/rateLimit.ts';
import { isBucketName } from '../limits/refusals/serverToken.ts';
import { inferenceSchema, toCredits } from './billing.ts';
import { type HubAccess, type HubStream, isTimeout } from './http.ts';
import { HubError } from './hubError.ts';
import { amount, anyObject, check, collect, fromMicroUsd, maybe } from './schema.ts';

/** One look at the live stream, without parts that HF did not send or that can't be read. */
export interface LiveUsage {
  /** `otherSpend` has only `jobs`: the stream has no other. */
  readonly credits?: Credits;
  readonly zeroGpu?: { readonly totalSeconds: number; readonly remainingSeconds: number };
  /** Gauges: without a length and a reset. */
  readonly windows?: readonly RateWindow[];
  readonly blockedPastWeek?: number;
  /** Epoch ms of the last event. */
  readonly asOf: number;
  /** Parts that can't be read, and a connection that broke after an event. */
  readonly problems: readonly HubError[];
}

const maxStreamBytes = 1024 * 1024;
/** The snapshot is complete with these. */
const awaited = ['inference', 'rateLimits'];

/**
 * A snapshot from `GET /api/settings/billing/usage/live`. Reads until inference and rate limits have come, or
 * until `maxMs` (HF sends about one event in 10 s). The first event is often partial: events are merged by
 * part. A connection without a usage event in a third of `maxMs` is dropped, and opened once more.
 * @throws HubError; `timeout` when no event came
 */
export async function readLiveUsage(
  { http, servers, token, signal }: HubAccess,
  maxMs = 15_000,
): Promise<LiveUsage> {
  const url = `${servers.hubUrl}/api/settings/billing/usage/live`;
  const whole = AbortSignal.any([AbortSignal.timeout(maxMs), ...(signal ? [signal] : [])]);
  const merged: Merged = { parts: {}, problems: [], asOf: undefined };
  try {
    await connect(maxMs / 3).catch(async error => {
      if (!isStall(error, whole)) throw error;
      await connect(maxMs);
    });
  } catch (error) {
    if (whole.aborted && !isTimeout(whole)) throw new HubError('aborted', `GET ${url} was cancelled`);
    if (!(error instanceof HubError)) throw error;
    // Most snapshots end with the time limit, which is no problem.
    if (!whole.aborted) merged.problems.push(error);
    if (merged.asOf === undefined) {
      throw merged.problems[0] ?? new HubError('timeout', `GET ${url} sent no usage in ${maxMs} ms`);
    }
  }
  return parseLiveUsage(merged.parts, merged.asOf ?? http.now(), merged.problems);

  async function connect(firstEventMs: number): Promise<void> {
    const stalled = new AbortController();
    const timer = setTimeout(() => stalled.abort(), firstEventMs);
    try {
      const until = AbortSignal.any([whole, stalled.signal]);
      const stream = await http.openStream(url, { token, accept: 'text/event-stream', signal: until });
      await merge(stream, merged, http.now, () => clearTimeout(timer));
      if (merged.asOf === undefined) {
        throw new HubError('truncated', `GET ${url} ended before any usage came`);
      }
    } catch (error) {
      if (!stalled.signal.aborted) throw error;
      throw new HubError('timeout', `GET ${url} stalled`, {}, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Merged {
  parts: Record<string, unknown>;
  readonly problems: HubError[];
  /** Epoch ms of the last event. */
  asOf: number | undefined;
}

/** Only silence and an early end are worth a second connection: a refusal would be repeated. */
function isStall(error: unknown, whole: AbortSignal): boolean {
  if (whole.aborted || !(error instanceof HubError)) return false;
  return error.kind === 'timeout' || error.kind === 'truncated';
}

/** Returns when the snapshot is complete or the stream has ended. */
async function merge(
  stream: HubStream,
  merged: Merged,
  now: () => number,
  onUsage: () => void,
): Promise<void> {
  const parser = createParser({
    onEvent({ event, data }) {
      // `count` and `ping` keep the connection alive.
      if (event !== undefined && event !== 'usage') return;
      onUsage();
      const parts = collect(merged.problems, () => parseEvent(data, stream.head.url));
      if (!parts) return;
      merged.parts = { ...merged.parts, ...parts };
      merged.asOf = now();
    },
  });
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of stream.body) {
    bytes += chunk.length;
    if (bytes > maxStreamBytes) {
      throw new HubError('too-large', `GET ${stream.head.url} sent more than 1 MiB`);
    }
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (awaited.every(part => (merged.parts[part] ?? null) !== null)) return;
  }
}

function parseEvent(data: string, url: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new HubError('not-json', `GET ${url} sent a usage event that is not JSON`);
  }
  return check(anyObject, value, 'usage event');
}

const gaugeSchema = v.object({ used: amount, limit: amount });
// HF was seen to send a boolean as `blockedPastWeek`: only a number is a count.
const rateLimitsSchema = v.object({
  instant: maybe(anyObject),
  blockedPastWeek: maybe(v.union([amount, v.boolean()])),
});

/** Reads each part for itself: one that can't be read is a problem, and hides no other. */
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
  const { instant, blockedPastWeek } = part('rateLimits', rateLimitsSchema) ?? {};
  return {
    credits: inference && toCredits(inference, jobs === undefined ? {} : { jobs }),
    zeroGpu: zeroGpu && { totalSeconds: zeroGpu.base, remainingSeconds: zeroGpu.current },
    windows: instant && readGauges(instant, asOf, problems),
    blockedPastWeek: typeof blockedPastWeek === 'number' ? blockedPastWeek : undefined,
    asOf,
    problems,
  };
}

function readGauges(instant: Record<string, unknown>, asOf: number, problems: HubError[]): RateWindow[] {
  return Object.entries(instant).flatMap(([bucket, value]) => {
    if (!isBucketName(bucket)) return [];
    const gauge = collect(problems, () => check(gaugeSchema, value, `rateLimits.instant.${bucket}`));
    if (!gauge) return [];
    const { used, limit } = gauge;
    return [{ bucket, used, limit, remaining: Math.max(0, limit - used), asOf, source: 'gauge' as const }];
  });
}
