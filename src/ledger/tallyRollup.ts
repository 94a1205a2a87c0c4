import {
  isRefused,
  isUncosted,
  type RequestTally,
  type TallyTotal,
} from '../limits/requests/requestTally.ts';
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

/** On the way of every batch: adds up in place, and makes an object only for what differs. */
export function hoursOf(tallies: readonly RequestTally[]): TallyHour[] {
  const hours = new Map<string, Growing>();
  for (const tally of tallies) {
    const hour = hourOf(tally.at);
    // of these only a model's name may hold a line break
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
  }
  return [...hours.values()];
}

type Growing = { -readonly [Key in keyof TallyHour]: TallyHour[Key] };

function emptyHour(hour: number, { billedTo, provider, model }: RequestTally): Growing {
  return {
    hour,
    billedTo,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    requests: 0,
    refused: 0,
    promptTokens: 0,
    completionTokens: 0,
    costNanoUsd: 0,
    uncosted: 0,
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
