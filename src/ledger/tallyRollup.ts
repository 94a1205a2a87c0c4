import { isRefused, isUncosted, type RequestTally, type TallyTotal } from '../limits/requestTally.ts';
import { hourOf } from './store.ts';

/** The total of one hour. */
export interface TallyHour extends TallyTotal {
  /** Its start, epoch ms. */
  readonly hour: number;
}

/** Totals of request tallies by hour, payer, provider and model. */
export class TallyRollup {
  readonly #hours = new Map<string, TallyHour>();

  get hours(): TallyHour[] {
    return [...this.#hours.values()];
  }

  add(hours: readonly TallyHour[]): void {
    for (const hour of hours) addTo(this.#hours, `${hour.hour} ${keyOf(hour)}`, hour);
  }

  /** `since` in epoch ms is rounded down to the hour. */
  totals(since: number): TallyTotal[] {
    const totals = new Map<string, TallyTotal>();
    for (const { hour, ...total } of this.#hours.values()) {
      if (hour >= hourOf(since)) addTo(totals, keyOf(total), total);
    }
    return [...totals.values()];
  }

  forgetBefore(oldest: number): void {
    for (const [key, { hour }] of this.#hours) if (hour < oldest) this.#hours.delete(key);
  }
}

export function hoursOf(tallies: readonly RequestTally[]): TallyHour[] {
  const rollup = new TallyRollup();
  rollup.add(tallies.map(toHour));
  return rollup.hours;
}

function toHour(tally: RequestTally): TallyHour {
  return {
    hour: hourOf(tally.at),
    billedTo: tally.billedTo,
    ...(tally.provider !== undefined && { provider: tally.provider }),
    ...(tally.model !== undefined && { model: tally.model }),
    requests: 1,
    refused: isRefused(tally) ? 1 : 0,
    promptTokens: tally.promptTokens ?? 0,
    completionTokens: tally.completionTokens ?? 0,
    costNanoUsd: tally.costNanoUsd ?? 0,
    uncosted: isUncosted(tally) ? 1 : 0,
  };
}

function keyOf({ billedTo, provider, model }: TallyTotal): string {
  return JSON.stringify([billedTo, provider, model]);
}

function addTo<T extends TallyTotal>(totals: Map<string, T>, key: string, more: T): void {
  const total = totals.get(key);
  totals.set(key, total ? { ...total, ...sum(total, more) } : more);
}

function sum(one: TallyTotal, other: TallyTotal) {
  return {
    requests: one.requests + other.requests,
    refused: one.refused + other.refused,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    costNanoUsd: one.costNanoUsd + other.costNanoUsd,
    uncosted: one.uncosted + other.uncosted,
  };
}
