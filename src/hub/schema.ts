import * as v from 'valibot';
import { centsToNano, microUsdToNano, wholeNano } from '../limits/account/money.ts';
import { redactKeys } from '../limits/refusals/redact.ts';
import { HubError } from './hubError.ts';

/**
 * The value as `schema` describes it. Fields that HF adds are dropped.
 * @param path where `input` sits in the response, such as `usage.jobs`
 * @throws HubError `format-changed` with the path of the first field that doesn't fit
 */
export function check<S extends v.GenericSchema>(schema: S, input: unknown, path = ''): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  throw formatChanged([path, v.getDotPath(result.issues[0])].filter(Boolean).join('.'));
}

export function formatChanged(field: string): HubError {
  // a key of a record may be anything
  const shown = redactKeys(field.slice(0, 200), '…') || 'the whole body';
  return new HubError('format-changed', `response format changed: ${shown}`, { field: shown });
}

/** The readable items of a list, and an error for each unreadable one, which hides no other. */
export interface Items<T> {
  readonly items: readonly T[];
  readonly problems: readonly HubError[];
}

/** Runs `read` and keeps its HubError instead of throwing it. */
export function collect<T>(problems: HubError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    problems.push(error);
    return undefined;
  }
}

/** The items that fit `schema`, each with its path. Errors of the others go to `problems`. */
export function* readItems<S extends v.GenericSchema>(
  problems: HubError[],
  schema: S,
  list: readonly unknown[],
  path: string,
): Generator<{ readonly item: v.InferOutput<S>; readonly path: string }, void, void> {
  for (const [index, input] of list.entries()) {
    const itemPath = `${path}.${index}`;
    const read = collect(problems, () => ({ item: check(schema, input, itemPath), path: itemPath }));
    if (read) yield read;
  }
}

/** A finite number ≥ 0: an amount of money, a count, seconds. Never coerced. */
export const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

/** HF's three money units, each to integers of nano-USD. */
export const fromNanoUsd = money(wholeNano);
export const fromMicroUsd = money(microUsdToNano);
export const fromCents = money(centsToNano);

/** Rejects what is no exact integer of nano-USD. */
function money(toNanoUsd: (amount: number) => number) {
  return v.pipe(
    amount,
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return toNanoUsd(dataset.value);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        addIssue({ message: error.message });
        return NEVER;
      }
    }),
  );
}

/** ISO-8601 to epoch ms. */
export const fromIsoTime = v.pipe(
  v.string(),
  v.transform(text => Date.parse(text)),
  v.number(),
);

/** Absent and `null` both read as undefined: HF did not say. */
export function maybe<S extends v.GenericSchema>(schema: S) {
  return v.pipe(
    v.nullish(schema),
    v.transform(value => value ?? undefined),
  );
}

/** An object with any keys; no array. */
export const anyObject = v.custom<Record<string, unknown>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
);
