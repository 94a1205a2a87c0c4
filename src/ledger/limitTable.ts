import type { DatabaseSync } from 'node:sqlite';
import { longestSharedLimit, mostAheadMs, mostSharedLimits } from '../limits/bounds.ts';
import type { LearnedLimit } from '../limits/pacing/learnedLimits.ts';
import { readLearned } from '../limits/pacing/readLearned.ts';
import { transaction } from './locking.ts';
import { sweepRows } from './retention.ts';

/** The last report of each gateway on each limit. Beyond the bound those that were written longest ago go. */
export function limitTable(database: DatabaseSync) {
  const write = database.prepare(
    'REPLACE INTO learned_limits (limit_name, gateway, at, learned) VALUES (?, ?, ?, ?)',
  );
  const forget = database.prepare(
    `DELETE FROM learned_limits WHERE (limit_name, gateway) IN
       (SELECT limit_name, gateway FROM learned_limits ORDER BY at DESC LIMIT ? OFFSET ${mostSharedLimits})`,
  );
  const forgetAhead = database.prepare('DELETE FROM learned_limits WHERE at > ?');
  const since = database.prepare(
    `SELECT learned FROM learned_limits WHERE at BETWEEN ? AND ? AND length(learned) <= ${longestSharedLimit}
     ORDER BY at DESC LIMIT ${mostSharedLimits}`,
  );
  return {
    /** @param now epoch ms */
    write(learned: readonly LearnedLimit[], now: number): void {
      transaction(database, () => {
        for (const one of learned.slice(0, mostSharedLimits)) {
          const text = JSON.stringify(one);
          if (text.length <= longestSharedLimit) write.run(one.limit, one.gateway, one.at, text);
        }
        forgetAhead.run(now + mostAheadMs);
        forget.run(mostSharedLimits + sweepRows);
      });
    },
    /** The last written ones. @param at epoch ms, as `now` */
    since(at: number, now: number): LearnedLimit[] {
      return since.all(at, now + mostAheadMs).flatMap(row => parsed(String(row.learned)));
    },
  };
}

/** Empty for a row that another version wrote in another form: it must not hide the other rows. */
function parsed(text: string): LearnedLimit[] {
  try {
    const learned = readLearned(JSON.parse(text));
    return learned === undefined ? [] : [learned];
  } catch {
    return [];
  }
}
