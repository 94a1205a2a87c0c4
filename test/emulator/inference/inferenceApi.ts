import type { Exchange } from '../http/exchange.ts';
import type { Headers } from '../http/reply.ts';
import { isObject } from '../patch.ts';
import type { Completion } from './completion.ts';
import type { FieldType } from './fields.ts';

export type JsonBody = Readonly<Record<string, unknown>>;

/** An HTTP API for text completions: its request fields and its response formats. */
export interface InferenceApi {
  readonly promptField: string;
  /** Known fields; those in `required` have to be there. */
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly required: readonly string[];
  /** Fields that limit the completion's tokens; the first one present counts. */
  readonly maxTokensFields: readonly string[];
  whole(completion: Completion): unknown;
  /** Events of the stream. Those with a `type` are named after it. */
  events(completion: Completion, body: JsonBody): Iterable<unknown>;
}

export interface ServedCompletion {
  readonly completion: Completion;
  readonly headers: Headers;
  /** Delay of the response, in ms of the emulator's clock. */
  readonly latencyMs?: number | undefined;
}

export function promptOf(api: InferenceApi, body: JsonBody): { prompt: unknown; maxTokens: number } {
  const limit = api.maxTokensFields.map(field => body[field]).find(value => value !== undefined);
  return { prompt: body[api.promptField], maxTokens: Number(limit ?? Infinity) };
}

/** Sends a completion, whole or as a stream with `router.chunkDelayMs` between two events. */
export async function sendCompletion(
  { world, reply }: Exchange,
  api: InferenceApi,
  body: JsonBody,
  { completion, headers, latencyMs = 0 }: ServedCompletion,
): Promise<void> {
  if (latencyMs > 0) await world.clock.wait(latencyMs, reply.closed);
  if (body.stream !== true) return reply.json(200, api.whole(completion), headers);
  const out = reply.stream(headers);
  for (const event of api.events(completion, body)) {
    if (isObject(event) && typeof event.type === 'string') out.event(event.type, event);
    else out.data(event);
    const { chunkDelayMs } = world.state.router;
    if (chunkDelayMs > 0) await world.clock.wait(chunkDelayMs, out.signal);
  }
  out.end();
}
