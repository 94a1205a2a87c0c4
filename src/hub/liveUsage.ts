import { createParser } from 'eventsource-parser';
import type { Credits } from '../limits/account/credits.ts';
import type { RateWindow } from '../limits/headers/rateLimit.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { Http, HubStream } from './http.ts';
import { HubError } from './hubError.ts';
import { parseLiveUsage } from './livePayload.ts';
import { anyObject, check, collect } from './schema.ts';
import type { Servers } from './servers.ts';

/** What one look at the live stream told. A part that HF did not send, or that can't be read, is missing. */
export interface LiveUsage {
  /** `otherSpend` has only `jobs` here: the stream does not tell the rest. */
  readonly credits?: Credits;
  readonly zeroGpu?: { readonly totalSeconds: number; readonly remainingSeconds: number };
  readonly jobsUsedNanoUsd?: number;
  /** Gauges: without a length and a reset. */
  readonly windows?: readonly RateWindow[];
  readonly blockedPastWeek?: number;
  /** Epoch ms of the last event. */
  readonly asOf: number;
  /** Parts that can't be read, and a connection that broke after something had come. */
  readonly problems: readonly HubError[];
}

const maxStreamBytes = 1024 * 1024;

export interface LiveUsageRequest {
  /** Missing: the account that the token belongs to. */
  readonly organization?: string;
  /** How long the connection may last. HF sends about one event in 10 s. Default 15 s. */
  readonly maxMs?: number;
}

/**
 * A snapshot from `GET /api/settings/billing/usage/live`: reads until inference and rate limits have come, or
 * until `maxMs` with what came till then. The first event is often partial: events are merged by part. A
 * connection on which a third of `maxMs` passes without a usage event is dropped, and tried once more.
 * @throws HubError; `timeout` when nothing came
 */
export async function readLiveUsage(
  http: Http,
  servers: Servers,
  token: string,
  { organization, maxMs = 15_000 }: LiveUsageRequest = {},
  signal?: AbortSignal,
): Promise<LiveUsage> {
  const owner = organization === undefined ? 'settings' : `organizations/${encodeURIComponent(organization)}`;
  const url = `${servers.hubUrl}/api/${owner}/billing/usage/live`;
  const whole = startDeadline(maxMs, signal);
  // An organization's stream has no gauges: they belong to the user.
  const awaited = organization === undefined ? ['inference', 'rateLimits'] : ['inference'];
  const merged: Merged = { parts: {}, problems: [], asOf: undefined };
  try {
    await connect(maxMs / 3).catch(async error => {
      if (!isStall(error, whole)) throw error;
      await connect(maxMs);
    });
  } catch (error) {
    if (whole.ended === 'aborted') throw new HubError('aborted', `GET ${url} was cancelled`);
    if (!(error instanceof HubError)) throw error;
    // The clock's end is how most snapshots end; anything else is worth telling beside what came.
    if (whole.ended !== 'timeout') merged.problems.push(error);
    if (merged.asOf === undefined) {
      throw merged.problems[0] ?? new HubError('timeout', `GET ${url} sent no usage in ${maxMs} ms`);
    }
  } finally {
    whole.dispose();
  }
  return parseLiveUsage(merged.parts, merged.asOf ?? http.now(), merged.problems);

  async function connect(firstEventMs: number): Promise<void> {
    const first = startDeadline(firstEventMs, whole.signal);
    try {
      const stream = await http.openStream(url, {
        token,
        accept: 'text/event-stream',
        signal: first.signal,
        timeoutMs: maxMs,
      });
      await merge(stream, merged, awaited, http.now, () => first.stopClock());
      if (merged.asOf === undefined)
        throw new HubError('truncated', `GET ${url} ended before any usage came`);
    } catch (error) {
      throw first.ended === 'timeout'
        ? new HubError('timeout', `GET ${url} stalled`, {}, { cause: error })
        : error;
    } finally {
      first.dispose();
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
function isStall(error: unknown, whole: Deadline): boolean {
  return (
    !whole.ended && error instanceof HubError && (error.kind === 'timeout' || error.kind === 'truncated')
  );
}

/** Returns when the snapshot is complete or the stream has ended. */
async function merge(
  stream: HubStream,
  merged: Merged,
  awaited: readonly string[],
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
    if (bytes > maxStreamBytes)
      throw new HubError('too-large', `GET ${stream.head.url} sent more than 1 MiB`);
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
