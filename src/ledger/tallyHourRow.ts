import type { DatabaseSync } from 'node:sqlite';
import { mostNameChars } from '../limits/bounds.ts';
import type { SpanTotal } from '../limits/requests/countedSpan.ts';
import type { TallyTotal } from '../limits/requests/requestTally.ts';
import { amount, maybe, type Row, text, time } from './storedRow.ts';
import type { TallyHour } from './tallyHours.ts';

export type AddSum = (sum: TallyHour) => void;

/** Adds a sum to its row of `request_hours`. An unknown provider or model is '' there. */
export function sumAdder(database: DatabaseSync): AddSum {
  const statement = database.prepare(
    `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
       completion_tokens, cost_nano_usd, uncosted, timed, duration_ms, streamed, first_byte_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hour, billed_to, provider, model) DO UPDATE SET
       requests = requests + excluded.requests, refused = refused + excluded.refused,
       prompt_tokens = prompt_tokens + excluded.prompt_tokens,
       completion_tokens = completion_tokens + excluded.completion_tokens,
       cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, uncosted = uncosted + excluded.uncosted,
       timed = ifnull(timed, 0) + excluded.timed, duration_ms = ifnull(duration_ms, 0) + excluded.duration_ms,
       streamed = ifnull(streamed, 0) + excluded.streamed,
       first_byte_ms = ifnull(first_byte_ms, 0) + excluded.first_byte_ms`,
  );
  return sum => {
    statement.run(
      sum.hour,
      sum.billedTo,
      sum.provider ?? '',
      sum.model ?? '',
      sum.requests,
      sum.refused,
      sum.promptTokens,
      sum.completionTokens,
      sum.costNanoUsd,
      sum.uncosted,
      sum.timed,
      sum.durationMs,
      sum.streamed,
      sum.firstByteMs,
    );
  };
}

export function toTallyHour(row: Row): TallyHour {
  return { hour: time(row.hour), ...toSpanTotal(row) };
}

/** Times are missing in rows of an older program. */
export function toSpanTotal(row: Row): SpanTotal {
  return {
    ...toTotal(row),
    timed: maybe(row.timed, amount) ?? 0,
    durationMs: maybe(row.duration_ms, amount) ?? 0,
    streamed: maybe(row.streamed, amount) ?? 0,
    firstByteMs: maybe(row.first_byte_ms, amount) ?? 0,
  };
}

export function toTotal(row: Row): TallyTotal {
  const provider = text(row.provider, mostNameChars);
  const model = text(row.model, mostNameChars);
  return {
    billedTo: text(row.billed_to, mostNameChars),
    ...(provider !== '' && { provider }),
    ...(model !== '' && { model }),
    requests: amount(row.requests),
    refused: amount(row.refused),
    promptTokens: amount(row.prompt_tokens),
    completionTokens: amount(row.completion_tokens),
    costNanoUsd: amount(row.cost_nano_usd),
    uncosted: amount(row.uncosted),
  };
}
