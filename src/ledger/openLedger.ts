import { DiskOrMemory, type LedgerOptions } from './diskOrMemory.ts';
import { Ledger } from './ledger.ts';
import { openInMemory } from './openDatabase.ts';

/**
 * Opens the ledger that all processes with the same directory share. Never throws for a broken disk: a
 * damaged file is set aside and a new one begun; for any other failure the ledger goes on in memory, and its
 * calls write to disk what was recorded meanwhile as soon as they can. Throws without `node:sqlite`.
 */
export function openLedger(options: LedgerOptions): Ledger {
  return new Ledger(new DiskOrMemory(options), options.now);
}

/**
 * The same ledger without a file: it ends with the process, no other process sees it, and its health is
 * `ok`. Throws without `node:sqlite`.
 */
export function openMemoryLedger({ now }: Pick<LedgerOptions, 'now'>): Ledger {
  const tables = openInMemory();
  return new Ledger(
    { health: { kind: 'ok' }, generation: 1, call: run => run(tables), followFile() {}, close() {} },
    now,
  );
}
