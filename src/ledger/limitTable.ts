import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import { limitsKeptMs, sweepRows } from './retention.ts';

/** The last report of each gateway on each limit. */
export class LimitTable {
  readonly #write: StatementSync;
  readonly #since: StatementSync;
  readonly #deleteOld: StatementSync;

  constructor(database: DatabaseSync) {
    this.#write = database.prepare(
      'REPLACE INTO learned_limits (limit_name, gateway, at, learned) VALUES (?, ?, ?, ?)',
    );
    this.#since = database.prepare('SELECT learned FROM learned_limits WHERE at >= ?');
    this.#deleteOld = database.prepare(
      `DELETE FROM learned_limits WHERE (limit_name, gateway) IN
         (SELECT limit_name, gateway FROM learned_limits WHERE at < ? ORDER BY at LIMIT ?)`,
    );
  }

  write(learned: readonly LearnedLimit[]): void {
    for (const one of learned) this.#write.run(one.limit, one.gateway, one.at, JSON.stringify(one));
  }

  since(at: number): LearnedLimit[] {
    return this.#since.all(at).flatMap(row => readLearned(String(row.learned)));
  }

  /** True when more outdated rows are left. */
  sweep(now: number): boolean {
    return Number(this.#deleteOld.run(now - limitsKeptMs, sweepRows).changes) === sweepRows;
  }
}

/** Empty for a row that another version wrote in another form: it must not hide the other rows. */
function readLearned(text: string): LearnedLimit[] {
  try {
    const learned = JSON.parse(text) as LearnedLimit;
    const isOurs =
      learned.windows.every(({ bucket }) => typeof bucket === 'string') && Array.isArray(learned.closed);
    return isOurs ? [learned] : [];
  } catch {
    return [];
  }
}
