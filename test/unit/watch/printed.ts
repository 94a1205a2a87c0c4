import type { Refusal } from '../../../src/limits/refusals/refusal.ts';
import type { PrintedBy } from '../../../src/watch/printedBy.ts';
import { RefusalReader } from '../../../src/watch/refusalReader.ts';
import type { WatchSurroundings } from '../../../src/watch/seenRefusal.ts';
import { serverNames } from '../../../src/watch/serverNames.ts';

export const at = Date.UTC(2026, 9, 14, 9, 30);

/** Time stands still until `pause()`. */
export function surroundings(): WatchSurroundings & { pause(): void; pending(): number } {
  const waiting = new Set<() => void>();
  return {
    now: () => at,
    later(run) {
      waiting.add(run);
      return { dispose: () => waiting.delete(run) };
    },
    nameServer: serverNames({ hubUrl: 'http://127.0.0.1:5001', routerUrl: 'http://127.0.0.1:5002/r/' }),
    pause() {
      for (const run of [...waiting]) run();
    },
    pending: () => waiting.size,
  };
}

/** The refusals in these chunks, a program's whole output. */
export function seenIn(chunks: readonly string[], by: PrintedBy = { source: 'terminal' }): Refusal[] {
  const seen: Refusal[] = [];
  const reader = new RefusalReader(by, surroundings(), one => seen.push(one));
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  return seen;
}

export interface Printed {
  readonly name: string;
  readonly text: string;
  readonly by?: PrintedBy;
  /** One for each refused request, in the order of printing. */
  readonly expected: readonly Partial<Refusal>[];
}
