import type { DatabaseSync } from 'node:sqlite';
import { mostNameChars } from '../limits/bounds.ts';
import type { TallyTotal } from '../limits/requests/requestTally.ts';
import { amount, type Row, text, time } from './storedRow.ts';
import type { TallyHour } from './tallyHours.ts';

export type AddSum = (sum: TallyHour) => void;

/** Adds a sum to its row of `request_hours`. An unknown provider or model is '' there. */
export function sumAdder(database: DatabaseSync): AddSum {
  const statement = database.prepare(
    `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
       completion_tokens, cost_nano_usd, uncosted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hour, billed_to, provider, model) DO UPDATE SET
       requests = requests + excluded.requests, refused = refused + excluded.refused,
       prompt_tokens = prompt_tokens + excluded.prompt_tokens,
       completion_tokens = completion_tokens + excluded.completion_tokens,
       cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, uncosted = uncosted + excluded.uncosted`,
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
    );
  };
}

export function toTallyHour(row: Row): TallyHour {
  return { hour: time(row.hour), ...toTotal(row) };
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
