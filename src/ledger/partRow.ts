import type { SQLOutputValue } from 'node:sqlite';
import type { StoredPart } from './ledger.ts';

export function toPart(row: Record<string, SQLOutputValue>): StoredPart {
  return {
    ...(row.value !== null && { value: String(row.value) }),
    ...(row.as_of !== null && { asOf: Number(row.as_of) }),
    ...(row.problem !== null && { problem: String(row.problem) }),
  };
}
