import type { DatabaseSync } from 'node:sqlite';
import { mostNamelessRefusalsInHour, mostRefusals, mostRefusalsInHour } from '../limits/bounds.ts';
import { known, lastOf, type Refusal, type RefusalCause } from '../limits/refusals/refusal.ts';
import { transaction } from './locking.ts';
import { columns, nameless, type StoredSighting, sightingOf, toStored, values } from './refusalRow.ts';
import {
  goesOn,
  isMissing,
  isSeenAgain,
  joined,
  kindred,
  longestEpisodeMs,
  merged,
  mergedBySource,
  type Sighting,
  sightingWindowMs,
} from './sameRefusal.ts';
import { anyIntegers, type OddRowListener, type Row, readRows } from './storedRow.ts';

/** Rows that may be of one episode: more only in a storm of different refusals. */
const mostAlike = 50;
/** After so many new rows the oldest are deleted, a bounded number at once. */
const trimmedRows = 100;
const mostTrimmed = 1_000;
/** Rows of the hour before, some of which may have lasted longer than newer ones. */
const mostOverlapping = mostRefusalsInHour + mostNamelessRefusalsInHour;

/** Episodes of refusals. */
export function refusalTable(database: DatabaseSync, onOdd: OddRowListener) {
  const insert = database.prepare(
    `INSERT INTO refusals (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const update = database.prepare(
    `UPDATE refusals SET ${columns.map(column => `${column} = ?`).join(', ')} WHERE id = ?`,
  );
  const alike = anyIntegers(
    database.prepare(
      `SELECT * FROM refusals WHERE at BETWEEN ?1 AND ?2 AND status = ?3
         AND (?4 IS NULL OR cause IN (?4, ?9, 'unknown'))
         AND (?5 IS NULL OR refused_by = ?5 OR refused_by = 'unknown')
         AND (?6 IS NULL OR scope IS NULL OR scope = ?6)
         AND (?7 IS NULL OR billed_to IS NULL OR billed_to = ?7)
         AND (?8 IS NULL OR model IS NULL OR model = ?8)
       ORDER BY at DESC, id DESC LIMIT ${mostAlike}`,
    ),
  );
  const newestOf = anyIntegers(
    database.prepare(
      `SELECT * FROM refusals WHERE at BETWEEN ? AND ? AND source = ? ORDER BY at DESC, id DESC LIMIT 1`,
    ),
  );
  const namelessRows = anyIntegers(
    database.prepare(
      `SELECT * FROM refusals WHERE at BETWEEN ? AND ? AND model IS NULL AND scope IS NULL AND program IS NULL
         AND status = ? AND cause = ? AND refused_by = ? AND billed_to IS ? AND source = ?
       ORDER BY at DESC, id DESC LIMIT 2`,
    ),
  );
  const countBetween = database.prepare(
    `SELECT count(*) AS rows FROM (SELECT 1 FROM refusals WHERE at BETWEEN ? AND ? LIMIT ?)`,
  );
  const last = anyIntegers(
    database.prepare(
      `SELECT * FROM (SELECT * FROM refusals ORDER BY at DESC, id DESC LIMIT ?1 + ${mostOverlapping})
       ORDER BY ifnull(last_at, at) DESC, id DESC LIMIT ?1`,
    ),
  );
  const between = anyIntegers(
    database.prepare(
      `SELECT * FROM refusals WHERE at BETWEEN ?1 - ${longestEpisodeMs} AND ?2 AND ifnull(last_at, at) >= ?1
       ORDER BY ifnull(last_at, at) DESC, id DESC LIMIT ?3`,
    ),
  );
  const remove = database.prepare('DELETE FROM refusals WHERE id = ?');
  const forget = database.prepare('DELETE FROM refusals WHERE at <= ?1 AND ifnull(last_at, at) <= ?1');
  const deleteBeyond = database.prepare(
    `DELETE FROM refusals WHERE id IN (
       SELECT id FROM refusals WHERE id <= (SELECT id FROM refusals ORDER BY id DESC LIMIT 1 OFFSET ?)
       ORDER BY id LIMIT ${mostTrimmed})`,
  );
  /** Since the last deletion. Starts full: a new process does not know how many there are. */
  let added = trimmedRows;

  /** False: the hour has its names, and the row is none of them. */
  function record(sighting: Sighting): boolean {
    if (merge(alikeRows(sighting), sighting)) return true;
    if (rowsInHour(sighting) >= mostRefusalsInHour) return false;
    add(sighting);
    return true;
  }

  /** The same for a sighting without the names that callers can vary. */
  function recordNameless(sighting: Sighting): boolean {
    const { status, cause, by, billedTo, source } = sighting.refusal;
    const rows = namelessRows.all(...hourOf(sighting), status, cause, by, billedTo ?? null, source);
    const row = read(rows).find(each => goesOn(each, sighting));
    if (row) write(row, joined(row, sighting));
    else if (rowsInHour(sighting) >= mostOverlapping) return false;
    else add(sighting);
    return true;
  }

  /** Whatever varies, the hour's rows stay few. */
  function recordInNewest(sighting: Sighting): void {
    const [newest] = read(newestOf.all(...hourOf(sighting), sighting.refusal.source));
    if (newest) write(newest, joined(newest, sighting));
    else add(sighting);
  }

  function rowsInHour(sighting: Sighting): number {
    return Number(countBetween.get(...hourOf(sighting), mostOverlapping)?.rows);
  }

  function merge(rows: readonly StoredSighting[], sighting: Sighting): boolean {
    // The oldest first, so that each of several rows is matched.
    const again = rows.filter(row => isSeenAgain(row, sighting));
    const seen = again.findLast(row => isMissing(row, sighting)) ?? again[0];
    const row = seen ?? rows.find(each => goesOn(each, sighting));
    if (!row) return false;
    const whole = joined(row, sighting);
    // What another source knew may show that the row is a part of an earlier one.
    const episode = seen && alikeRows(whole).find(each => each.id !== row.id && goesOn(each, whole));
    if (episode) remove.run(row.id);
    if (episode) write(episode, joined(episode, whole));
    else write(row, whole);
    return true;
  }

  function alikeRows({ refusal }: Sighting): StoredSighting[] {
    const rows = alike.all(
      refusal.at - longestEpisodeMs,
      lastOf(refusal) + sightingWindowMs,
      refusal.status,
      known(refusal.cause) ?? null,
      known(refusal.by) ?? null,
      refusal.scope ?? null,
      refusal.billedTo ?? null,
      refusal.model ?? null,
      kindred(refusal.cause).find(cause => cause !== refusal.cause) ?? null,
    );
    return read(rows);
  }

  function write({ id }: StoredSighting, sighting: Sighting): void {
    update.run(...values(sighting), id);
  }

  function add(sighting: Sighting): void {
    insert.run(...values(sighting));
    added += 1;
    if (added < trimmedRows) return;
    deleteBeyond.run(mostRefusals - trimmedRows);
    added = 0;
  }

  function read(rows: readonly Row[]): StoredSighting[] {
    return readRows(
      'refusals',
      rows.filter(row => row !== undefined),
      toStored,
      onOdd,
    );
  }

  function recordSightings(sightings: readonly Sighting[]): void {
    transaction(database, () => {
      const beyond = merged(sightings).filter(sighting => !record(sighting));
      const rest = merged(beyond.map(nameless)).filter(sighting => !recordNameless(sighting));
      for (const sighting of mergedBySource(rest)) recordInNewest(sighting);
    });
  }

  return {
    recordSightings,
    record(refusals: readonly Refusal[]): void {
      recordSightings(refusals.map(sightingOf));
    },
    /** The last refused first. */
    last(count: number): Refusal[] {
      return read(last.all(count)).map(({ refusal }) => refusal);
    },
    /** Those with a refusal in that time, the last refused first. */
    between(from: number, to: number, count: number): Refusal[] {
      return read(between.all(from, to, count)).map(({ refusal }) => refusal);
    },
    /** Gives another cause to refusals of that time, which more is known of by now. */
    revise(from: number, to: number, causeOf: (refusal: Refusal) => RefusalCause): void {
      transaction(database, () => {
        for (const row of read(between.all(from, to, mostAlike))) {
          const cause = causeOf(row.refusal);
          if (cause !== row.refusal.cause) write(row, { ...row, refusal: { ...row.refusal, cause } });
        }
      });
    },
    forget(until: number): void {
      forget.run(until);
    },
  };
}

/** The times of rows that may share an hour with the sighting. */
function hourOf({ refusal: { at } }: Sighting): [number, number] {
  return [at - longestEpisodeMs, at + sightingWindowMs];
}
