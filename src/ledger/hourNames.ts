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
    if (!isBeyond(hour, sum)) {
      // Another process may have added names.
      for (const names of this.#read(sum.hour)) add(hour, names);
    }
    const placed = isBeyond(hour, sum) ? other(hour, sum) : sum;
    add(hour, placed);
    return placed;
  }

  #begin(at: number): Hour {
    const hour: Hour = { keys: new Set(), names: 0, payers: new Set(), callers: new Set() };
    const [oldest] = this.#hours.keys();
    if (this.#hours.size >= mostHours && oldest !== undefined) this.#hours.delete(oldest);
    this.#hours.set(at, hour);
    return hour;
  }
}

function payersOf(hour: Hour, billedTo: string): Set<string> {
  return isCallerPayer(billedTo) ? hour.callers : hour.payers;
}

/** Rows of an hour never become fewer, so this stays true. */
function isBeyond(hour: Hour, sum: TallyHour): boolean {
  if (hour.keys.has(keyOf(sum))) return false;
  const payers = payersOf(hour, sum.billedTo);
  const isNewPayer = !payers.has(sum.billedTo);
  return (isNewPayer && payers.size >= mostPayersInHour) || (isNamed(sum) && hour.names >= mostNamesInHour);
}

function other(hour: Hour, { provider: _provider, model: _model, ...sum }: TallyHour): TallyHour {
  const { billedTo } = sum;
  const payers = payersOf(hour, billedTo);
  if (payers.has(billedTo) || payers.size < mostPayersInHour) return sum;
  return { ...sum, billedTo: isCallerPayer(billedTo) ? callerPayer : otherPayer };
}

function isNamed({ provider, model }: Names): boolean {
  return Boolean(provider || model);
}

function add(hour: Hour, names: Names): void {
  const key = keyOf(names);
  if (hour.keys.has(key)) return;
  hour.keys.add(key);
  if (isNamed(names)) hour.names += 1;
  payersOf(hour, names.billedTo).add(names.billedTo);
}

function keyOf({ billedTo, provider = '', model = '' }: Names): string {
  return `${billedTo}\n${provider}\n${model}`;
}
