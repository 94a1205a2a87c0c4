import type { DatabaseSync } from 'node:sqlite';
import { shownCommand } from '../limits/refusals/commandLine.ts';
import { keptHeaders } from '../limits/refusals/keptHeaders.ts';
import { redact, redactKeys } from '../limits/refusals/redact.ts';

/**
 * Redacts the refusals that were recorded while only prefixes of keys were known. What was there is overwritten in the
 * file, too.
 */
export function redactRefusals(database: DatabaseSync): void {
  database.exec('PRAGMA secure_delete = ON');
  const update = database.prepare(
    'UPDATE refusals SET program = ?, message = ?, headers = ?, scope = ?, model = ? WHERE id = ?',
  );
  const rows = database.prepare('SELECT * FROM refusals').all();
  for (const { id, source, program, message, headers, scope, model } of rows) {
    const show = source === 'terminal' ? shownCommand : redact;
    const fields = [
      textOr(program, show),
      textOr(message, redact) ?? '',
      textOr(headers, text => redactedHeaders(text)),
      textOr(scope, redact),
      textOr(model, text => redactKeys(text, '…')),
    ];
    update.run(...fields, Number(id));
  }
  database.exec('PRAGMA secure_delete = OFF');
}

function textOr(value: unknown, change: (text: string) => string): string | null {
  return typeof value === 'string' ? change(value) : null;
}

/** Empty when another version wrote another form. */
function redactedHeaders(json: string): string {
  try {
    return JSON.stringify(keptHeaders(JSON.parse(json)) ?? {});
  } catch {
    return '{}';
  }
}
