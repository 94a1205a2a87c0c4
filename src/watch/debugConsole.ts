import * as vscode from 'vscode';
import { outputOf } from './debugOutput.ts';
import { programName, RefusalReader } from './refusalReader.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';

/** Refusals in the output of debugged programs, for every debugger. */
export function watchDebugConsole(surroundings: WatchSurroundings, seen: SeenListener): Watch {
  return vscode.debug.registerDebugAdapterTrackerFactory('*', {
    createDebugAdapterTracker({ name }) {
      const by = { source: 'debug-console', program: programName(name) } as const;
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
