import * as vscode from 'vscode';
import { RefusalReader, terminalCommand } from './refusalReader.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';

/** Refusals that programs print in terminals with shell integration. */
export function watchTerminals(surroundings: WatchSurroundings, seen: SeenListener): Watch {
  let disposed = false;
  const follow = async ({ commandLine, read }: Execution): Promise<void> => {
    const by = terminalCommand(commandLine.value);
    if (!by) return;
    const reader = new RefusalReader(by, surroundings, one => {
      if (!disposed) seen(one);
    });
    for await (const chunk of read()) {
      if (disposed) return;
      reader.write(chunk);
    }
    reader.end();
  };
  const subscription = vscode.window.onDidStartTerminalShellExecution(({ execution }) => {
    const { commandLine } = execution;
    // a terminal may close while it is read
    follow({ commandLine, read: () => execution.read() }).catch(() => undefined);
  });
  return {
    dispose() {
      disposed = true;
      subscription.dispose();
    },
  };
}

interface Execution {
  readonly commandLine: vscode.TerminalShellExecutionCommandLine;
  read(): AsyncIterable<string>;
}
