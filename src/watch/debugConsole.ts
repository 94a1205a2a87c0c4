import * as vscode from 'vscode';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';
import { RefusalReader } from './terminalText.ts';

/** Refusals in what programs that are being debugged print, whatever the debugger. */
export function watchDebugConsole(surroundings: WatchSurroundings, seen: SeenListener): Watch {
  return vscode.debug.registerDebugAdapterTrackerFactory('*', {
    createDebugAdapterTracker({ name }) {
      const by = { source: 'debug-console', program: name } as const;
      // standard output and error are two streams
      const readers = new Map<string, RefusalReader>();
      const readerOf = (category: string) => {
        const reader = readers.get(category) ?? new RefusalReader(by, surroundings, seen);
        readers.set(category, reader);
        return reader;
      };
      const end = () => {
        for (const reader of readers.values()) reader.end();
      };
      return {
        onDidSendMessage(message: unknown) {
          const output = outputOf(message);
          if (output) readerOf(output.category).write(output.text);
        },
        onWillStopSession: end,
        onExit: end,
      };
    },
  });
}

const printed = ['console', 'stdout', 'stderr', 'important'];

/** An output event of the Debug Adapter Protocol. */
function outputOf(message: unknown): { category: string; text: string } | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, event, body } = message as { type?: unknown; event?: unknown; body?: unknown };
  if (type !== 'event' || event !== 'output' || typeof body !== 'object' || body === null) return undefined;
  const { category = 'console', output } = body as { category?: unknown; output?: unknown };
  if (typeof output !== 'string' || typeof category !== 'string' || !printed.includes(category))
    return undefined;
  return { category, text: output };
}
