import type { SpanTotal } from '../limits/requests/countedSpan.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import { noSums } from '../limits/requests/sums.ts';

/** The total of one hour, payer, provider and model. */
export interface TallyHour extends SpanTotal {
  /** Its start, epoch ms. */
  readonly hour: number;
}

type GrowingHour = { -readonly [Key in keyof TallyHour]: TallyHour[Key] };

const hourMs = 3_600_000;

/** The start of the hour that epoch ms `at` falls into. */
export function hourOf(at: number): number {
  return Math.floor(at / hourMs) * hourMs;
}

/** Adds up in place, without an object for each tally: every batch of the gateway passes here. */
export function hoursOf(tallies: readonly RequestTally[]): TallyHour[] {
  const hours = new Map<string, GrowingHour>();
  for (const tally of tallies) {
    const hour = hourOf(tally.at);
    // Only the model's name may hold a line break.
    const key = `${hour}\n${tally.billedTo}\n${tally.provider ?? ''}\n${tally.model ?? ''}`;
    let total = hours.get(key);
    if (total === undefined) {
      total = emptyHour(hour, tally);
      hours.set(key, total);
    }
    total.requests += 1;
    if (isRefused(tally)) total.refused += 1;
    total.promptTokens += tally.promptTokens ?? 0;
    total.completionTokens += tally.completionTokens ?? 0;
    total.costNanoUsd += tally.costNanoUsd ?? 0;
    if (isUncosted(tally)) total.uncosted += 1;
    if (isTimed(tally)) {
      total.timed += 1;
      total.durationMs += tally.durationMs;
      if (tally.firstByteMs !== undefined) {
        total.streamed += 1;
        total.firstByteMs += tally.firstByteMs;
      }
    }
  }
  return [...hours.values()];
}

function emptyHour(hour: number, { billedTo, provider, model }: RequestTally): GrowingHour {
  return {
    hour,
    billedTo,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...noSums,
  };
}

/** An error says nothing of how fast a model answers, and a damaged clock may run backwards. */
export function isTimed({ status, durationMs }: RequestTally): boolean {
  return status >= 200 && status < 300 && durationMs >= 0;
}

/** 402 or 429: a tally has the status only, and any other status may have another cause than a limit. */
export function isRefused({ status }: RequestTally): boolean {
  return status === 402 || status === 429;
}

/** Whether the cost is unknown. Errors are not billed. */
export function isUncosted({ status, costNanoUsd }: RequestTally): boolean {
  return costNanoUsd === undefined && status < 400;
}
