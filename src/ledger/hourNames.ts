import type { DatabaseSync } from 'node:sqlite';
import { mostNamesInHour, mostPayersInHour } from '../limits/bounds.ts';
import { callerPayer, isCallerPayer, otherPayer } from './otherSums.ts';
import type { TallyHour } from './tallyHours.ts';

/** Hours in memory: a request is recorded when it has ended, some into the hour before. */
const mostHours = 3;

interface Hour {
  /** Of the rows known to be there. */
  readonly keys: Set<string>;
  names: number;
  readonly payers: Set<string>;
  readonly callers: Set<string>;
}

type Names = Pick<TallyHour, 'billedTo' | 'provider' | 'model'>;

/** Bounds the rows of each hour: sums of further names are added to those without a name. */
export class HourNames {
  readonly #hours = new Map<number, Hour>();
  readonly #read: (hour: number) => Names[];

  constructor(database: DatabaseSync) {
    const select = database.prepare(
      `SELECT billed_to AS billedTo, provider, model FROM request_hours WHERE hour = ? LIMIT ?`,
    );
    const most = mostNamesInHour + 2 * mostPayersInHour + 2;
    this.#read = hour =>
      select.all(hour, most).map(({ billedTo, provider, model }) => ({
        billedTo: String(billedTo),
        provider: String(provider),
        model: String(model),
      }));
  }

  /** The sum under the names of the row that it belongs to. */
  bounded(sum: TallyHour): TallyHour {
    const hour = this.#hours.get(sum.hour) ?? this.#begin(sum.hour);
    if (hour.keys.has(keyOf(sum))) return sum;
    if (hour.names >= mostNamesInHour && hour.keys.has(keyOf({ billedTo: sum.billedTo }))) {
      return nameless(sum, sum.billedTo);
    }
    // Another process may have added names.
    for (const names of this.#read(sum.hour)) add(hour, names);
    const bounded = this.#place(hour, sum);
    add(hour, bounded);
    return bounded;
  }

  #place(hour: Hour, sum: TallyHour): TallyHour {
    if (hour.keys.has(keyOf(sum))) return sum;
    const { billedTo } = sum;
    const payers = isCallerPayer(billedTo) ? hour.callers : hour.payers;
    if (!payers.has(billedTo) && payers.size >= mostPayersInHour) {
      return nameless(sum, isCallerPayer(billedTo) ? callerPayer : otherPayer);
    }
    return hour.names < mostNamesInHour ? sum : nameless(sum, billedTo);
  }

  #begin(at: number): Hour {
    const hour: Hour = { keys: new Set(), names: 0, payers: new Set(), callers: new Set() };
    const [oldest] = this.#hours.keys();
    if (this.#hours.size >= mostHours && oldest !== undefined) this.#hours.delete(oldest);
    this.#hours.set(at, hour);
    return hour;
  }
}

function add(hour: Hour, names: Names): void {
  const key = keyOf(names);
  if (hour.keys.has(key)) return;
  hour.keys.add(key);
  if (names.provider || names.model) hour.names += 1;
  (isCallerPayer(names.billedTo) ? hour.callers : hour.payers).add(names.billedTo);
}

function keyOf({ billedTo, provider = '', model = '' }: Names): string {
  return `${billedTo}\n${provider}\n${model}`;
}

function nameless({ provider: _provider, model: _model, ...sum }: TallyHour, billedTo: string): TallyHour {
  return { ...sum, billedTo };
}
