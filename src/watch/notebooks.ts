import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { textOfOutput } from './notebookOutput.ts';
import { worth } from './printedRefusal.ts';
import { atEnd } from './readPrinted.ts';
import { programName, RefusalReader } from './refusalReader.ts';
import type { SeenListener, Watch, WatchSurroundings } from './seenRefusal.ts';

/** The refusals already reported of a cell's outputs, which come again whole with each change. */
interface CellRun {
  /** Undefined until the kernel has sent it. */
  readonly order: number | undefined;
  /** How much each of them explained. */
  readonly reported: readonly number[];
}

/** Refusals in the outputs of notebook cells that run in this window. */
export function watchNotebooks(surroundings: WatchSurroundings, seen: SeenListener): Watch {
  const runs = new WeakMap<vscode.NotebookCell, CellRun>();
  return vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
    for (const { cell, outputs } of cellChanges) {
      if (outputs?.length === 0)
        runs.delete(cell); // cleared: another run begins
      else if (outputs) look(notebook, cell, outputs);
    }
  });

  function look(
    notebook: vscode.NotebookDocument,
    cell: vscode.NotebookCell,
    outputs: readonly vscode.NotebookCellOutput[],
  ): void {
    const program = `${programName(basename(notebook.uri.path))}, cell ${cell.index + 1}`;
    const order = cell.executionSummary?.executionOrder;
    const before = runs.get(cell);
    const goesOn = before && (before.order === undefined || before.order === order);
    const known = goesOn ? before.reported : [];
    const found: number[] = [];
    const reader = new RefusalReader(
      { source: 'notebook', program },
      { ...surroundings, later: atEnd },
      one => {
        const explained = known[found.push(worth(one)) - 1];
        if (explained === undefined) seen(one);
        // the cell has printed more of a refusal that was reported, such as how long it waits
        else if (worth(one) > explained) seen({ ...one, count: 0 });
      },
    );
    for (const { items } of outputs) {
      for (const item of items) reader.write(textOfOutput(item) ?? '');
      reader.end();
    }
    runs.set(cell, { order, reported: [...found, ...known.slice(found.length)] });
  }
}
