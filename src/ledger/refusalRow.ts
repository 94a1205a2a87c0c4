import { mostHeadersChars, mostNameChars, mostTextChars } from '../limits/bounds.ts';
import { parseObject } from '../limits/parseObject.ts';
import { countOf, lastOf, type Refusal, refusalSources } from '../limits/refusals/refusal.ts';
import { refusalCauses } from '../limits/refusals/refusalRule.ts';
import { callerPayer, isCallerPayer } from './otherSums.ts';
import { type Sighting, type SightingCounts, witnessBits } from './sameRefusal.ts';
import {
  amount,
  cut,
  isTime,
  maybe,
  number,
  oneOf,
  type Row,
  text,
  time,
  withoutUndefined,
} from './storedRow.ts';

/** A row in the table. */
export interface StoredSighting extends Sighting {
  readonly id: Row[string];
}

export function sightingOf(refusal: Refusal): Sighting {
  return { refusal: withoutUndefined<Refusal>(refusal), counts: { [refusal.source]: countOf(refusal) } };
}

/** Without the names that callers can vary. */
export function nameless({ refusal, counts }: Sighting): Sighting {
  const { model: _model, scope: _scope, program: _program, headers: _headers, billedTo, ...rest } = refusal;
  const payer = billedTo !== undefined && isCallerPayer(billedTo) ? callerPayer : billedTo;
  return { refusal: { ...rest, ...(payer !== undefined && { billedTo: payer }) }, counts };
}

export const columns = [
  'at',
  'last_at',
  'seen_count',
  'counts',
  'witnesses',
  'status',
  'cause',
  'refused_by',
  'scope',
  'limit_value',
  'remaining',
  'window_seconds',
  'resets_at',
  'billed_to',
  'model',
  'source',
  'program',
  'message',
  'headers',
] as const;

/** In the order of `columns`. */
export function values({ refusal, counts }: Sighting): (string | number | null)[] {
  const { at, status, cause, by, limit, remaining, windowSeconds, resetsAt, source, message } = refusal;
  const sources = refusalSources.filter(each => counts[each] !== undefined);
  return [
    at,
    lastOf(refusal),
    countOf(refusal),
    JSON.stringify(counts),
    sources.reduce((bits, each) => bits | witnessBits[each], 0),
    status,
    cause,
    cut(by, mostNameChars),
    cutOrNull(refusal.scope, mostTextChars),
    limit ?? null,
    remaining ?? null,
    windowSeconds ?? null,
    isTime(resetsAt) ? resetsAt : null,
    cutOrNull(refusal.billedTo, mostNameChars),
    cutOrNull(refusal.model, mostNameChars),
    source,
    cutOrNull(refusal.program, mostTextChars),
    cut(message, mostTextChars),
    headersText(refusal.headers),
  ];
}

function cutOrNull(value: string | undefined, most: number): string | null {
  return value === undefined ? null : cut(value, most);
}

function headersText(headers: Refusal['headers']): string | null {
  const json = headers && JSON.stringify(headers);
  return json === undefined || json.length > mostHeadersChars ? null : json;
}

export function toStored(row: Row): StoredSighting {
  const resetsAt = maybe(row.resets_at, number);
  const at = time(row.at);
  const count = maybe(row.seen_count, amount) ?? 1;
  const source = oneOf(refusalSources, row.source);
  const refusal = withoutUndefined<Refusal>({
    at,
    ...(count > 1 && { count, lastAt: Math.max(at, maybe(row.last_at, time) ?? at) }),
    status: number(row.status),
    cause: oneOf(refusalCauses, row.cause),
    by: text(row.refused_by, mostNameChars),
    scope: maybe(row.scope, value => text(value, mostTextChars)),
    limit: maybe(row.limit_value, number),
    remaining: maybe(row.remaining, number),
    windowSeconds: maybe(row.window_seconds, number),
    resetsAt: isTime(resetsAt) ? resetsAt : undefined,
    billedTo: maybe(row.billed_to, value => text(value, mostNameChars)),
    model: maybe(row.model, value => text(value, mostNameChars)),
    source,
    program: maybe(row.program, value => text(value, mostTextChars)),
    message: text(row.message, mostTextChars),
    headers: maybe(row.headers, value => toHeaders(text(value, mostHeadersChars))),
  });
  return { id: row.id ?? null, refusal, counts: toCounts(row, { [source]: count }) };
}

export function toSighting(row: Row): Sighting {
  const { refusal, counts } = toStored(row);
  return { refusal, counts };
}

/** An older program writes bits only. */
function toCounts(row: Row, own: SightingCounts): SightingCounts {
  const stored = parseObject(String(row.counts));
  const bits = typeof row.witnesses === 'bigint' ? Number(row.witnesses) : 0;
  const counts: Partial<Record<string, number>> = {};
  for (const source of refusalSources) {
    const count = stored[source] ?? (bits & witnessBits[source] ? 1 : undefined);
    if (typeof count === 'number' && count > 0) counts[source] = count;
  }
  return { ...own, ...counts };
}

/** Empty when another version wrote another form. */
function toHeaders(json: string): Record<string, string> {
  const entries = Object.entries(parseObject(json));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
