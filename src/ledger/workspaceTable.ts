import type { DatabaseSync } from 'node:sqlite';
import { mostFoldersOfSpan, mostNameChars, mostWorkspaceSums } from '../limits/bounds.ts';
import type { Span, WorkspaceTotal } from '../limits/requests/countedSpan.ts';
import type { WorkspaceUse } from '../limits/requests/requestTally.ts';
import { transaction } from './locking.ts';
import { amount, anyIntegers, cut, type OddRowListener, type Row, readRows, text } from './storedRow.ts';
import { quarterMs, type WorkspaceQuarter } from './workspaceQuarters.ts';

const dayMs = 86_400_000;
const sums =
  'total(requests) AS requests, total(cost_nano_usd) AS cost_nano_usd, total(uncosted) AS uncosted';
/** Texts and blobs are greater than any number. */
const isSum = ['requests', 'cost_nano_usd', 'uncosted']
  .map(column => `${column} BETWEEN 0 AND 1e308`)
  .join(' AND ');
const onConflict = `ON CONFLICT (quarter, workspace) DO UPDATE SET requests = requests + excluded.requests,
  cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, uncosted = uncosted + excluded.uncosted`;

/** Billed requests by workspace and quarter of an hour: in some time zones the day begins at such a quarter. */
export function workspaceTable(database: DatabaseSync, onOdd: OddRowListener) {
  const insert = database.prepare(
    `INSERT INTO workspace_quarters (quarter, workspace, requests, cost_nano_usd, uncosted)
     VALUES (?, ?, ?, ?, ?) ${onConflict}`,
  );
  const used = database.prepare(
    `SELECT ${sums} FROM workspace_quarters WHERE quarter BETWEEN ? AND 9e15 AND workspace = ? AND ${isSum}`,
  );
  const between = anyIntegers(
    database.prepare(
      `SELECT workspace, ${sums} FROM workspace_quarters WHERE quarter >= ? AND quarter < ? AND ${isSum}
       GROUP BY workspace ORDER BY cost_nano_usd DESC, requests DESC LIMIT ${mostFoldersOfSpan}`,
    ),
  );
  return {
    /** Within the caller's transaction. */
    add({ quarter, workspace, requests, costNanoUsd, uncosted }: WorkspaceQuarter): void {
      insert.run(quarter, cut(workspace, mostNameChars), requests, costNanoUsd, uncosted);
    },
    used(workspace: string, since: number): WorkspaceUse {
      const { requests, cost_nano_usd: cost, uncosted } = used.get(quarterOf(since), workspace) ?? {};
      return { requests: Number(requests), costNanoUsd: Number(cost), uncosted: Number(uncosted) };
    },
    between({ from, until }: Span): WorkspaceTotal[] {
      return readRows('workspace_quarters', between.all(from, until), toTotal, onOdd);
    },
    fold: folder(database),
  };
}

/** Brings the rows within their bound, a step at a time: the oldest quarters become days, then the oldest days go. */
function folder(database: DatabaseSync): (rows: number) => boolean {
  const count = database.prepare(
    `SELECT count(*) AS rows FROM (SELECT 1 FROM workspace_quarters LIMIT ${mostWorkspaceSums + 1})`,
  );
  const oldest = `SELECT quarter, workspace FROM workspace_quarters WHERE quarter % ${dayMs} <> 0
                  ORDER BY quarter, workspace LIMIT ?`;
  const addDays = database.prepare(
    `INSERT INTO workspace_quarters (quarter, workspace, requests, cost_nano_usd, uncosted)
     SELECT CAST(quarter / ${dayMs} AS INTEGER) * ${dayMs}, workspace, ${sums} FROM workspace_quarters
     WHERE (quarter, workspace) IN (${oldest}) GROUP BY 1, 2 ${onConflict}`,
  );
  const removeQuarters = database.prepare(
    `DELETE FROM workspace_quarters WHERE (quarter, workspace) IN (${oldest})`,
  );
  const removeDays = database.prepare(
    `DELETE FROM workspace_quarters WHERE (quarter, workspace) IN
       (SELECT quarter, workspace FROM workspace_quarters ORDER BY quarter, workspace LIMIT ?)`,
  );
  return rows =>
    transaction(database, () => {
      if (Number(count.get()?.rows) <= mostWorkspaceSums) return false;
      addDays.run(rows);
      if (removeQuarters.run(rows).changes === 0) removeDays.run(rows);
      return true;
    });
}

function quarterOf(at: number): number {
  return Math.floor(at / quarterMs) * quarterMs;
}

function toTotal(row: Row): WorkspaceTotal {
  return {
    workspace: text(row.workspace, mostNameChars),
    requests: amount(row.requests),
    costNanoUsd: amount(row.cost_nano_usd),
    uncosted: amount(row.uncosted),
  };
}
