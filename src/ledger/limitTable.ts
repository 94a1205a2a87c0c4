import type { DatabaseSync } from 'node:sqlite';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import { transaction } from './locking.ts';

/** The last report of each gateway on each limit. */
export function limitTable(database: DatabaseSync) {
  const write = database.prepare(
    'REPLACE INTO learned_limits (limit_name, gateway, at, learned) VALUES (?, ?, ?, ?)',
  );
  const since = database.prepare('SELECT learned FROM learned_limits WHERE at >= ?');
  return {
    write(learned: readonly LearnedLimit[]): void {
      transaction(database, () => {
        for (const one of learned) write.run(one.limit, one.gateway, one.at, JSON.stringify(one));
      });
    },
    since(at: number): LearnedLimit[] {
      return since.all(at).flatMap(row => readLearned(String(row.learned)));
    },
  };
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
