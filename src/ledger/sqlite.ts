export type Sqlite = typeof import('node:sqlite');

/**
 * `node:sqlite`, or undefined on a Node that lacks it. Loaded on first use, and without the
 * `ExperimentalWarning` that Node 22 prints into users' terminals; any other warning still comes through.
 */
export function loadSqlite(): Sqlite | undefined {
  const { emitWarning } = process;
  process.emitWarning = (...[warning, ...rest]: unknown[]) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
