import { type Completion, chatChunks, chatCompletion } from './completion.ts';
import type { Exchange } from './exchange.ts';
import { isObject } from './patch.ts';
import type { Headers } from './reply.ts';

export interface Served {
  readonly completion: Completion;
  readonly headers: Headers;
  /** In the clock's ms. */
  readonly latencyMs?: number | undefined;
}

/** A chat completion, whole or streamed as the body asks. */
export async function answerChat(
  exchange: Exchange,
  body: Record<string, unknown>,
  { completion, headers, latencyMs = 0 }: Served,
): Promise<void> {
  if (latencyMs > 0) await exchange.world.clock.wait(latencyMs, exchange.reply.closed);
  if (body.stream !== true) return exchange.reply.json(200, chatCompletion(completion), headers);
  const options = isObject(body.stream_options) ? body.stream_options : {};
  await streamEvents(exchange, headers, chatChunks(completion, options.include_usage === true));
}

/** Events with a `type` are named after it; `router.chunkDelayMs` lies between two. */
export async function streamEvents(
  { world, reply }: Exchange,
  headers: Headers,
  events: Iterable<unknown>,
): Promise<void> {
  const out = reply.stream(headers);
  for (const event of events) {
    if (isObject(event) && typeof event.type === 'string') out.event(event.type, event);
    else out.data(event);
    if (world.state.router.chunkDelayMs > 0)
      await world.clock.wait(world.state.router.chunkDelayMs, out.signal);
  }
  out.end();
}
