import type { DatabaseSync } from 'node:sqlite';
import { mostNamesInHour, mostPayersInHour, mostSums } from '../limits/bounds.ts';
import { transaction } from './locking.ts';
import { callerPayer, isCallerPayer, otherPayer } from './otherSums.ts';
import { anyIntegers, type Row, readRows } from './storedRow.ts';
import { type AddSum, toTallyHour } from './tallyHourRow.ts';
import type { TallyHour } from './tallyHours.ts';

const dayMs = 86_400_000;
const mostInHour = mostNamesInHour + 2 * mostPayersInHour + 2;
/** Hours looked at in one step: each takes some microseconds. */
const hoursInStep = 500;

/**
 * Brings the sums by hour within their bounds, which older programs and several processes at once exceed: names
 * beyond those of one hour become one sum for each payer, then the oldest hours become days, then the oldest days
 * become one sum for each payer. No amount is lost.
 */
export function sumFolder(database: DatabaseSync, addSum: AddSum): (rows: number) => boolean {
  const nextHour = database.prepare(
    'SELECT min(hour) AS hour FROM request_hours WHERE hour > ? AND hour < 9e15',
  );
  const countIn = database.prepare(
    'SELECT count(*) AS rows FROM (SELECT 1 FROM request_hours WHERE hour = ? LIMIT ?)',
  );
  const countAll = database.prepare('SELECT count(*) AS rows FROM (SELECT 1 FROM request_hours LIMIT ?)');
  const inHour = (condition: string) =>
    anyIntegers(database.prepare(`SELECT * FROM request_hours WHERE hour = ? AND ${condition} LIMIT ?`));
  const named = inHour("(provider <> '' OR model <> '')");
  const ofCallers = inHour(`billed_to GLOB '${callerPayer}+*'`);
  const ofPayers = inHour(`billed_to <> '${otherPayer}'`);
  const oldestHours = anyIntegers(
    database.prepare(`SELECT * FROM request_hours WHERE hour % ${dayMs} <> 0 ORDER BY hour LIMIT ?`),
  );
  const oldestDays = anyIntegers(
    database.prepare(
      `SELECT * FROM request_hours WHERE provider <> '' OR model <> '' OR billed_to GLOB '${callerPayer}+*' ORDER BY hour LIMIT ?`,
    ),
  );
  const deleteOldest = database.prepare(
    `DELETE FROM request_hours WHERE (hour, billed_to, provider, model) IN
       (SELECT hour, billed_to, provider, model FROM request_hours ORDER BY hour LIMIT ?)`,
  );
  const remove = database.prepare(
    'DELETE FROM request_hours WHERE hour IS ? AND billed_to IS ? AND provider IS ? AND model IS ?',
  );
  let looked = Number.NEGATIVE_INFINITY;

  function fold(rows: readonly Row[], place: (sum: TallyHour) => TallyHour): void {
    for (const { hour = null, billed_to = null, provider = null, model = null } of rows) {
      remove.run(hour, billed_to, provider, model);
    }
    for (const sum of readRows('request_hours', rows, toTallyHour, () => {})) addSum(place(sum));
  }

  function foldCrowded(hour: number, rows: number): void {
    const count = Number(countIn.get(hour, mostInHour + rows)?.rows);
    const excess = Math.max(1, count - mostInHour);
    const first = [named, ofCallers, ofPayers].map(statement => () => statement.all(hour, excess));
    for (const [index, select] of first.entries()) {
      const found = select();
      if (found.length === 0) continue;
      const payer = (billedTo: string) => (index === 2 ? otherPayer : withoutCaller(billedTo));
      fold(found, sum => ({ ...nameless(sum), billedTo: payer(sum.billedTo) }));
      return;
    }
  }

  /** Goes on where the last step ended; undefined at the end. */
  function crowdedHour(): { readonly hour?: number; readonly more: boolean } {
    for (let step = 0; step < hoursInStep; step++) {
      const next = nextHour.get(looked)?.hour;
      if (typeof next !== 'number') {
        looked = Number.NEGATIVE_INFINITY;
        return { more: false };
      }
      if (Number(countIn.get(next, mostInHour + 1)?.rows) > mostInHour) return { hour: next, more: true };
      looked = next;
    }
    return { more: true };
  }

  return rows =>
    transaction(database, () => {
      const { hour, more } = crowdedHour();
      if (hour !== undefined) foldCrowded(hour, rows);
      if (more) return true;
      if (Number(countAll.get(mostSums + 1)?.rows) <= mostSums) return false;
      const hours = oldestHours.all(rows);
      const days = hours.length > 0 ? [] : oldestDays.all(rows);
      if (hours.length > 0) fold(hours, sum => ({ ...sum, hour: Math.floor(sum.hour / dayMs) * dayMs }));
      else if (days.length === 0) deleteOldest.run(rows);
      else fold(days, sum => ({ ...nameless(sum), billedTo: withoutCaller(sum.billedTo) }));
      return true;
    });
}

function nameless({ provider: _provider, model: _model, ...sum }: TallyHour): TallyHour {
  return sum;
}

function withoutCaller(billedTo: string): string {
  return isCallerPayer(billedTo) ? callerPayer : billedTo;
}
